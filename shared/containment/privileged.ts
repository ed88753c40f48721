import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { ESCALATION_ACTIONS } from './escalation-actions.ts';
import { matchesGlob } from './glob.ts';

export type Privilege =
  | { readonly kind: 'privileged'; readonly because: string }
  | { readonly kind: 'ordinary' }
  | { readonly kind: 'unreadable'; readonly why: string };

/**
 * The one meaning of "administrator" and "privileged": a statement that allows every action on everything, every
 * action of IAM, or a listed escalation action on resources that are not narrowed. On the side of privileged where
 * the document alone cannot tell: conditions and Deny statements are not weighed, `NotAction` allows whatever it
 * does not name, `NotResource` narrows nothing.
 */
export function judgePrivilege(document: string): Privilege {
  let parsed: Json;
  try {
    parsed = JSON.parse(document);
  } catch {
    return { kind: 'unreadable', why: 'the document is not JSON' };
  }
  const statements = isJsonObject(parsed) ? listOf(member(parsed, 'Statement')) : [];
  if (statements.length === 0) return { kind: 'unreadable', why: 'the document has no statement' };
  for (const statement of statements) {
    if (!isJsonObject(statement)) return { kind: 'unreadable', why: 'a statement is not an object' };
    const because = privilegeOf(statement);
    if (because !== undefined) return { kind: 'privileged', because };
  }
  return { kind: 'ordinary' };
}

/**
 * The same predicate from the other side: whether these policies, together, leave no doubt that somebody can administer
 * the account. Counted are only statements without a condition that allow all of IAM on everything; any deny of IAM on
 * everything that has no condition takes it away again, as the quarantine policy does.
 */
export function surelyAdministers(documents: readonly string[]): boolean {
  const statements = documents
    .flatMap(statementsOf)
    .filter((statement) => member(statement, 'Condition') === undefined);
  const ofEffect = (effect: string): readonly JsonObject[] =>
    statements.filter((one) => textsOf(member(one, 'Effect')).some((text) => text.toLowerCase() === effect));
  const onEverything = (one: JsonObject): boolean => textsOf(member(one, 'Resource')).some(isEverything);
  return (
    ofEffect('allow').some((one) => onEverything(one) && PROBES_OF_IAM.every(allowance(one))) &&
    !ofEffect('deny').some((one) => onEverything(one) && PROBES_OF_IAM.some(allowance(one)))
  );
}

/** Whether some statement lets its holder assume the role; conditions are not weighed, for MFA is the usual one. */
export function mayAssume(documents: readonly string[], roleArn: string): boolean {
  return documents
    .flatMap(statementsOf)
    .some(
      (one) =>
        textsOf(member(one, 'Effect')).some((text) => text.toLowerCase() === 'allow') &&
        allowance(one)('sts:AssumeRole') &&
        textsOf(member(one, 'Resource')).some((pattern) => matchesGlob(pattern, roleArn)),
    );
}

/** Whether taking it away might allow something: on the side of yes where an effect is not plainly Allow. */
export function deniesAnything(document: string): boolean {
  return statementsOf(document).some((one) => {
    const effects = textsOf(member(one, 'Effect'));
    return effects.length !== 1 || effects.some((text) => text.toLowerCase() !== 'allow');
  });
}

/** The readable statements of a document; of an unreadable one, none. */
export function statementsOf(document: string): readonly JsonObject[] {
  try {
    const parsed: Json = JSON.parse(document);
    return isJsonObject(parsed) ? listOf(member(parsed, 'Statement')).filter(isJsonObject) : [];
  } catch {
    // Not JSON: it allows nobody anything.
    return [];
  }
}

function privilegeOf(statement: JsonObject): string | undefined {
  const effect = member(statement, 'Effect');
  if (typeof effect !== 'string' || effect.toLowerCase() !== 'allow') return undefined;
  const resource = member(statement, 'Resource');
  const resources = resource === undefined ? ['*'] : textsOf(resource);
  const allows = allowance(statement);

  if (resources.some(isEverything) && PROBES_OF_ANY.every(allows)) return 'allows * on *';
  if (resources.some(mayBeIam) && PROBES_OF_IAM.every(allows)) return 'allows iam:*';
  const escalation = ESCALATION_ACTIONS.find(
    (action) => allows(action) && resources.some((pattern) => isEverything(pattern) || isWholeType(pattern, action)),
  );
  return escalation === undefined ? undefined : `allows ${escalation} on *`;
}

/** No action is called so: only a wildcard that stands for all of them matches both lengths. */
const PROBES_OF_IAM = ['iam:~', 'iam:~~~~~~~~'];
const PROBES_OF_ANY = [...PROBES_OF_IAM, '~:~', '~~~~~~~~:~~~~~~~~'];

function allowance(statement: JsonObject): (action: string) => boolean {
  const notAction = member(statement, 'NotAction');
  if (notAction !== undefined) {
    const excepted = textsOf(notAction);
    return (action) => !excepted.some((pattern) => matchesGlob(pattern, action));
  }
  const granted = textsOf(member(statement, 'Action'));
  return (action) => granted.some((pattern) => matchesGlob(pattern, action));
}

function isEverything(resource: string): boolean {
  return /^(arn:)?[*:]*\*$/i.test(resource);
}

/** `arn:aws:iam::111122223333:role/*` narrows an escalation through roles no more than `*` does. */
function isWholeType(resource: string, action: string): boolean {
  const [arn, , service = '', , , ...rest] = resource.split(':');
  if (arn?.toLowerCase() !== 'arn' || !servicesOf(action).some((name) => matchesGlob(service, name))) return false;
  const name = rest.join(':');
  return rest.length === 0 ? resource.endsWith('*') : /^(\*+|[\w-]+[/:]\*+)$/.test(name);
}

/** Services whose ARNs an action takes: sessions, commands and pushed SSH keys are aimed at instances. */
function servicesOf(action: string): readonly string[] {
  const service = action.slice(0, action.indexOf(':'));
  return service === 'ssm' || service === 'ec2-instance-connect' ? [service, 'ec2'] : [service];
}

function mayBeIam(resource: string): boolean {
  const service = resource.split(':')[2];
  return service === undefined ? resource.includes('*') : matchesGlob(service, 'iam');
}

/** Element names in any case, so that an unusual spelling does not hide a grant. */
export function member(of: JsonObject, name: string): Json | undefined {
  const wanted = name.toLowerCase();
  const key = Object.keys(of).find((one) => one.toLowerCase() === wanted);
  return key === undefined ? undefined : of[key];
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

export function textsOf(value: Json | undefined): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}
