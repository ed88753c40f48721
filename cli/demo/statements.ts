import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts';

/** Of a policy document that may also be missing: then there is none. */
export function statementsOf(document: string): readonly JsonObject[] {
  if (document === '') return [];
  const parsed: unknown = JSON.parse(document);
  const statement = isJsonObject(parsed) ? parsed.Statement : undefined;
  return (Array.isArray(statement) ? statement : [statement]).filter(isJsonObject);
}

export function deniesEverything({ Effect, Action, Resource, Condition, ...rest }: JsonObject): boolean {
  const narrowed = 'NotAction' in rest || 'NotResource' in rest || Condition !== undefined;
  return Effect === 'Deny' && isStar(Action) && isStar(Resource) && !narrowed;
}

/** Everything to the one session with this `aws:userid`, of tokens that were issued before a cut-off after `sessionUsedAt`. */
export function deniesSession({ Condition, ...rest }: JsonObject, userId: string, sessionUsedAt: number): boolean {
  if (!deniesEverything(rest) || !isJsonObject(Condition)) return false;
  const { StringEquals, DateLessThan } = Condition;
  return (
    isJsonObject(StringEquals) &&
    StringEquals['aws:userid'] === userId &&
    isJsonObject(DateLessThan) &&
    Date.parse(String(DateLessThan['aws:TokenIssueTime'])) > sessionUsedAt
  );
}

function isStar(value: Json | undefined): boolean {
  return value === '*' || (Array.isArray(value) && value.length === 1 && value[0] === '*');
}
