import type { Case } from '../../shared/cases/case.ts';
import type { PersonSubject } from '../../shared/cases/subject.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts';
import type { LedgerEntry } from '../../shared/ports/ledger.ts';
import type { FakeIdentityCenter } from './fake-identity-center.ts';
import type { FakeResources } from './fake-resources.ts';
import type { FakeRole, FakeUser, IamAccount } from './iam-account.ts';
import { QUARANTINE_ARN } from './iam-account.ts';
import { permissionText } from './thing-of.ts';

type Told = { readonly found: Case; readonly ledger: readonly LedgerEntry[] };

/** What a case that says that its subject is contained leaves open, by a look of one's own at the account. */
export function leftOpen(
  { found, ledger }: Told,
  account: IamAccount,
  resources: FakeResources | undefined,
  center: FakeIdentityCenter | undefined,
): readonly string[] {
  const { subject } = found;
  switch (subject.kind) {
    case 'beyond':
      return ['nobody can be'];
    case 'person':
      return center === undefined ? ['there is no Identity Center'] : openToPerson(found, subject, center);
    case 'resource': {
      const opened = ledger.flatMap(({ call }) =>
        call.service === 'ec2' ? [permissionText(call.input.IpPermissions)] : [],
      );
      return resources?.open(subject.arn, opened) ?? [];
    }
    case 'user': {
      const user = account.users.get(subject.userName.toLowerCase());
      return user?.userId === subject.userId ? openToUser({ found, ledger }, user, resources) : [];
    }
    case 'role':
    case 'session': {
      const role = account.roles.get(subject.roleName.toLowerCase());
      return role?.roleId === subject.roleId ? openToRole({ found, ledger }, role) : [];
    }
  }
}

function openToPerson(
  { actions }: Case,
  { userId }: PersonSubject,
  { assignments, open }: FakeIdentityCenter,
): readonly string[] {
  const ends = actions.includes('deny-permission-sets') ? 'everything' : 'sessions';
  const sets = new Set(assignments.filter(({ user }) => user === userId).map(({ set }) => set));
  return [...sets].flatMap((set) => open(set, userId, ends).map((account) => `${set} is open in ${account}`));
}

function openToUser({ found, ledger }: Told, user: FakeUser, resources: FakeResources | undefined): readonly string[] {
  const asked = new Set<string>(found.actions);
  if (asked.has('deny-resource')) {
    const denied = [...user.inline.values()].some(deniesResources);
    return [...(denied ? [] : ['no resource is denied']), ...(resources?.stillValid() ?? [])];
  }
  if (asked.has('deactivate-keys')) return openAccess(user);
  // A lock touches no credential.
  if (asked.has('quarantine')) return deniesAll(user) ? [] : ['no deny stands'];
  if (asked.has('require-mfa')) return [...user.inline.values()].some(asksForMfa) ? [] : ['nobody asks for MFA'];
  return stillGranted(ledger, user);
}

function openToRole({ found, ledger }: Told, role: FakeRole): readonly string[] {
  const { subject, actions, lineage } = found;
  if (actions.every((action) => action.startsWith('revert-'))) return stillGranted(ledger, role);
  const asked = new Set<string>(actions);
  const denied = subject.kind === 'session' ? deniesSession(role, subject.sessionName) : deniesAllSessions(role);
  const denies = statementsOf(role.trust).filter(({ Effect }) => Effect === 'Deny');
  const about = (key: string) =>
    denies.filter(({ Condition }) => JSON.stringify(Condition ?? {}).includes(JSON.stringify(key)));
  const loggedIn = asked.has('deny-login') ? (lineage?.logins ?? []) : [];
  const assumesItself = statementsOf(role.trust).some(
    ({ Effect, Principal }) => Effect === 'Allow' && isJsonObject(Principal) && Principal.AWS === role.arn,
  );
  return [
    ...(denied ? [] : [`no deny stands on ${role.roleName}`]),
    ...(asked.has('block-trust') && denies.length === 0 ? ['anybody can assume the role again'] : []),
    ...(asked.has('require-mfa-to-assume') && about('aws:MultiFactorAuthAge').length === 0
      ? ['the role can be assumed without MFA']
      : []),
    ...loggedIn
      .filter(({ sub }) => about(sub).length === 0)
      .map(({ sub, provider }) => `${sub} of ${provider} can log in again`),
    ...(asked.has('deny-chaining') &&
    assumesItself &&
    ![...role.inline.values()].some((text) => deniesAssuming(text, subject))
      ? ['the role can get back to itself']
      : []),
  ];
}

/** What a revert says that it took back, and which is there all the same. */
function stillGranted(ledger: readonly LedgerEntry[], holder: FakeUser | FakeRole): readonly string[] {
  if (ledger.length === 0) return ['nothing was taken back'];
  return ledger.flatMap(({ call: { input }, target }) => {
    const { PolicyArn, PolicyName, AccessKeyId } = input;
    const there =
      holder.attached.has(String(PolicyArn)) ||
      holder.inline.has(String(PolicyName)) ||
      ('accessKeys' in holder && holder.accessKeys.get(String(AccessKeyId)) === 'Active');
    return there ? [`${target} is there`] : [];
  });
}

/** What a user could still use. */
export function openAccess(user: FakeUser): readonly string[] {
  const active = [...user.accessKeys, ...user.serviceCredentials, ...user.sshKeys, ...user.certificates]
    .filter(([, status]) => status === 'Active')
    .map(([id]) => `${id} is active`);
  return [...(deniesAll(user) ? [] : ['no deny stands']), ...active];
}

function deniesAll(user: FakeUser): boolean {
  return bearsQuarantine(user) || [...user.inline.values()].some((text) => denial(text) === 'all');
}

/** Attached, or as its boundary: an explicit deny counts in both. */
function bearsQuarantine({ attached, boundary }: Pick<FakeUser, 'attached' | 'boundary'>): boolean {
  return attached.has(QUARANTINE_ARN) || boundary === QUARANTINE_ARN;
}

function deniesAllSessions(role: FakeRole): boolean {
  return bearsQuarantine(role) || [...role.inline.values()].some((text) => ['all', 'tokens'].includes(denial(text)));
}

function deniesSession(role: FakeRole, sessionName: string): boolean {
  const id = `${role.roleId}:${sessionName}`;
  return deniesAllSessions(role) || [...role.inline.values()].some((text) => denial(text) === id);
}

/** Whether a document denies, to whoever bears it, a service or a part of it. */
function deniesResources(text: string): boolean {
  const statements = statementsOf(text);
  return (
    statements.length > 0 &&
    statements.every(
      ({ Effect, Action, Condition }) =>
        Effect === 'Deny' &&
        [Action].flat().every((action) => /:\*$|^rds-db:connect$/.test(String(action))) &&
        Condition === undefined,
    )
  );
}

/** Whether a document leaves to whoever bears it no call without MFA but the one that brings it, and no device to change. */
function asksForMfa(text: string): boolean {
  const [without, old, devices] = statementsOf(text);
  const by = (condition: Json | undefined, operator: string, key: string) =>
    isJsonObject(condition) && isJsonObject(condition[operator]) ? condition[operator][key] : undefined;
  return (
    [without, old, devices].every((one) => one?.Effect === 'Deny' && one.Resource === '*') &&
    without?.NotAction === 'sts:GetSessionToken' &&
    by(without.Condition, 'BoolIfExists', 'aws:MultiFactorAuthPresent') === 'false' &&
    old?.Action === '*' &&
    Number(by(old.Condition, 'NumericGreaterThan', 'aws:MultiFactorAuthAge')) > 0 &&
    [devices?.Action].flat().includes('iam:EnableMFADevice') &&
    devices?.Condition === undefined
  );
}

/** All sessions of the role, or the one that the case is about. */
function deniesAssuming(text: string, subject: Case['subject']): boolean {
  const one =
    subject.kind === 'session'
      ? { StringEquals: { 'aws:userid': `${subject.roleId}:${subject.sessionName}` } }
      : undefined;
  return statementsOf(text).some(
    ({ Effect, Action, Condition }) =>
      Effect === 'Deny' &&
      Action === 'sts:AssumeRole' &&
      (Condition === undefined || JSON.stringify(Condition) === JSON.stringify(one)),
  );
}

/** Whom a document of a single statement denies everything: all, those with older tokens, one session, or nobody. */
function denial(text: string): string {
  const [statement] = statementsOf(text);
  if (statement?.Effect !== 'Deny' || statement.Action !== '*' || statement.Resource !== '*') return 'nobody';
  if (statement.Condition === undefined) return 'all';
  const { StringEquals, DateLessThan, ...more } = isJsonObject(statement.Condition) ? statement.Condition : {};
  const cutOff = isJsonObject(DateLessThan) ? DateLessThan['aws:TokenIssueTime'] : undefined;
  if ((DateLessThan !== undefined && typeof cutOff !== 'string') || Object.keys(more).length > 0) return 'nobody';
  if (StringEquals === undefined) return DateLessThan === undefined ? 'nobody' : 'tokens';
  return isJsonObject(StringEquals) ? String(StringEquals['aws:userid']) : 'nobody';
}

function statementsOf(text: string): readonly JsonObject[] {
  try {
    const parsed: Json = JSON.parse(text);
    return isJsonObject(parsed) && Array.isArray(parsed.Statement) ? parsed.Statement.filter(isJsonObject) : [];
  } catch {
    return [];
  }
}
