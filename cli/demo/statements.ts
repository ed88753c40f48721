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

function isStar(value: Json | undefined): boolean {
  return value === '*' || (Array.isArray(value) && value.length === 1 && value[0] === '*');
}
