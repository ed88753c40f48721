import type { Alert } from '../../shared/alerts/alert.ts';
import type { Case } from '../../shared/cases/case.ts';
import type { Subject } from '../../shared/cases/subject.ts';
import type { OutboxItem } from '../../shared/ports/case-store.ts';
import type { LedgerEntry } from '../../shared/ports/ledger.ts';
import type { FakeIdentityCenter } from './fake-identity-center.ts';
import type { FakeResources } from './fake-resources.ts';
import type { IamAccount } from './iam-account.ts';
import { leftOpen } from './left-open.ts';
import { thingOf } from './thing-of.ts';

/** What each thing of an account is: `UserName=alice AccessKeyId=AKIA…` to its value. What is not there has no entry. */
export type Things = ReadonlyMap<string, string>;

export type CaseWitness = {
  readonly found: Case;
  readonly ledger: readonly LedgerEntry[];
  readonly outbox: readonly OutboxItem[];
};

/** Everything that a run left behind, as somebody who does not believe Rescind would collect it. */
export type Witness = {
  readonly before: Things;
  readonly account: IamAccount;
  /** Things of other services, where a run has any. */
  readonly resources?: FakeResources;
  /** Identity Center, where a run has one. */
  readonly center?: FakeIdentityCenter | undefined;
  readonly cases: readonly CaseWitness[];
  /** Alerts in the order in which they went out, copies included. */
  readonly sent: readonly Alert[];
  /** Calls of ours that changed something, or tried to. */
  readonly writes: readonly { readonly operation: string; readonly input: { readonly [name: string]: unknown } }[];
  /** Of them, those of which the ledger knew nothing when they were made. */
  readonly unrecorded: readonly { readonly operation: string; readonly input: string }[];
  /** Detections that ask to act, and of which nothing came: see `lost.ts`. */
  readonly lost: readonly string[];
  readonly executions: ReadonlyMap<string, 'running' | 'succeeded' | 'failed'>;
  readonly results: readonly { readonly eventId: string; readonly results: readonly unknown[] | 'parked' }[];
  readonly sentEvents: number;
  /** Names of principals that nobody may touch. */
  readonly protectedNames?: readonly string[];
  /** Things that somebody else changed meanwhile, with good reason. */
  readonly foreign?: ReadonlySet<string>;
  /** How many calls may have been made about one thing, and how many subjects may have been acted on. */
  readonly budget: { readonly callsAThing: number; readonly subjects: number };
  /** An answer of SNS or of the table was lost: a second copy of an alert is right then, and only then. */
  readonly mayRepeatAlerts: boolean;
  /** What is under way waits for the end of a lock. */
  readonly mayWait?: boolean;
};

/** The invariants I1 to I7 of the fault design: every violation by its name, none for a run that may be believed. */
export function violationsOf(witness: Witness): readonly string[] {
  const now = thingsOf(witness.account, witness.resources, witness.center);
  return [
    ...ledgerExplains(witness, now),
    ...restoreIsExact(witness, now),
    ...outcomeIsTrue(witness),
    ...alertsAreOne(witness),
    ...protectedStay(witness),
    ...withinBudget(witness),
    ...allEnded(witness),
  ];
}

export function thingsOf(
  { users, roles }: Pick<IamAccount, 'users' | 'roles'>,
  resources?: FakeResources,
  center?: FakeIdentityCenter,
): Things {
  const things = new Map<string, string>([...(resources?.things() ?? []), ...(center?.things() ?? [])]);
  const add = (operation: string, input: { readonly [name: string]: string }, value: string) =>
    things.set(thingOf(operation, input), value);
  for (const { userName: UserName, ...user } of users.values()) {
    if (user.boundary !== undefined) add('PutUserPermissionsBoundary', { UserName }, user.boundary);
    if (user.held !== undefined) add('TagUser', { UserName }, user.held);
    for (const PolicyArn of user.attached) add('AttachUserPolicy', { UserName, PolicyArn }, 'attached');
    for (const [PolicyName, document] of user.inline) add('PutUserPolicy', { UserName, PolicyName }, document);
    for (const [AccessKeyId, status] of user.accessKeys) add('UpdateAccessKey', { UserName, AccessKeyId }, status);
    for (const [id, status] of user.serviceCredentials) {
      add('UpdateServiceSpecificCredential', { UserName, ServiceSpecificCredentialId: id }, status);
    }
    for (const [id, status] of user.sshKeys) add('UpdateSSHPublicKey', { UserName, SSHPublicKeyId: id }, status);
    for (const [id, status] of user.certificates) {
      add('UpdateSigningCertificate', { UserName, CertificateId: id }, status);
    }
  }
  for (const { roleName: RoleName, ...role } of roles.values()) {
    add('UpdateAssumeRolePolicy', { RoleName }, role.trust);
    if (role.boundary !== undefined) add('PutRolePermissionsBoundary', { RoleName }, role.boundary);
    if (role.held !== undefined) add('TagRole', { RoleName }, role.held);
    for (const PolicyArn of role.attached) add('AttachRolePolicy', { RoleName, PolicyArn }, 'attached');
    for (const [PolicyName, document] of role.inline) add('PutRolePolicy', { RoleName, PolicyName }, document);
  }
  return things;
}

function thingOfEntry({ call }: LedgerEntry): string {
  return thingOf(call.operation, call.input);
}

/** I1: nothing is changed of which the ledger knows nothing, and nothing differs that it does not explain. */
function ledgerExplains({ before, cases, unrecorded, foreign }: Witness, now: Things): readonly string[] {
  const explained = new Set(
    cases.flatMap(({ ledger }) => ledger.filter(({ state }) => state !== 'undone').map(thingOfEntry)),
  );
  const changed = [...new Set([...before.keys(), ...now.keys()])].filter(
    (thing) => before.get(thing) !== now.get(thing) && foreign?.has(thing) !== true,
  );
  return [
    ...unrecorded.map(({ operation, input }) => `I1 ${operation} was made before it was recorded: ${input}`),
    ...changed.filter((thing) => !explained.has(thing)).map((thing) => `I1 the ledger does not explain ${thing}`),
  ];
}

/** I2: what the ledger says was given back has its value of before, byte for byte. */
function restoreIsExact({ before, cases, foreign }: Witness, now: Things): readonly string[] {
  const taken = new Set(
    cases.flatMap(({ ledger }) => ledger.filter(({ state }) => state !== 'undone').map(thingOfEntry)),
  );
  const givenBack = cases.flatMap(({ ledger }) => ledger.filter(({ state }) => state === 'undone').map(thingOfEntry));
  const wrong = givenBack.filter(
    (thing) => !taken.has(thing) && foreign?.has(thing) !== true && before.get(thing) !== now.get(thing),
  );
  const unfinished = cases.flatMap(({ found, ledger }) =>
    found.state === 'released' &&
    (found.release?.all === true || found.release?.timed !== undefined) &&
    found.outcome?.kind !== 'gone'
      ? ledger
          .filter(({ state, key }) => {
            const kept = [...(found.release?.withheld ?? []), ...(found.release?.conflicts ?? [])];
            return state !== 'undone' && !kept.some((one) => 'key' in one && one.key === key);
          })
          .map(({ key, state }) => `I2 ${found.caseId} is released, and ${key} is ${state}`)
      : [],
  );
  return [...wrong.map((thing) => `I2 ${thing} was given back as something else`), ...unfinished];
}

/** I3: what is called contained is contained, by a look of its own at the account. */
function outcomeIsTrue({ account, resources, center, cases }: Witness): readonly string[] {
  return cases.flatMap(({ found, ledger }) => {
    const { caseId, outcome, state, subject } = found;
    if (state === 'contained' && outcome?.kind !== 'contained') {
      return [`I3 ${caseId} is contained with the outcome ${outcome?.kind}`];
    }
    if (outcome?.kind === 'gone')
      return lives(subject, account, resources, center) ? [`I3 ${caseId} is gone, and it lives`] : [];
    if (state !== 'contained') return [];
    return leftOpen({ found, ledger }, account, resources, center).map(
      (what) => `I3 ${caseId} is contained, and ${what}`,
    );
  });
}

function lives(
  subject: Subject,
  { users, roles }: IamAccount,
  resources: FakeResources | undefined,
  center: FakeIdentityCenter | undefined,
): boolean {
  if (subject.kind === 'beyond') return false;
  if (subject.kind === 'person') return center?.users.has(subject.userId) === true;
  if (subject.kind === 'resource') return resources?.isThere(subject.arn) === true;
  return subject.kind === 'user'
    ? users.get(subject.userName.toLowerCase())?.userId === subject.userId
    : roles.get(subject.roleName.toLowerCase())?.roleId === subject.roleId;
}

/** I4: each change of state is told once, none is left out, and an older one never follows a newer. */
function alertsAreOne({ cases, sent, mayRepeatAlerts }: Witness): readonly string[] {
  return cases.flatMap(({ found: { caseId, version }, outbox }) => {
    const versions = outbox.map(({ alert }) => alert.caseVersion).sort((a, b) => a - b);
    const expected = Array.from({ length: version }, (_, index) => index + 1);
    const told = sent.filter((alert) => alert.caseId === caseId);
    const first = told.filter((alert, index) => told.findIndex(({ dedupId }) => dedupId === alert.dedupId) === index);
    const newest = Math.max(0, ...told.map(({ caseVersion }) => caseVersion));
    return [
      ...(versions.join() === expected.join()
        ? []
        : [`I4 ${caseId} of version ${version} has alerts ${versions.join()}`]),
      ...outbox
        .filter(
          ({ alert, superseded }) => !told.some(({ dedupId }) => dedupId === alert.dedupId) && superseded !== true,
        )
        .map(({ alert }) => `I4 ${alert.dedupId} was never told`),
      ...outbox
        .filter(({ alert, superseded }) => superseded === true && alert.caseVersion >= newest)
        .map(({ alert }) => `I4 ${alert.dedupId} was left out, and nothing newer was told`),
      ...(first.some(({ caseVersion }, index) => caseVersion < (first[index - 1]?.caseVersion ?? 0))
        ? [`I4 ${caseId}: an older alert followed a newer one`]
        : []),
      ...(told.length > first.length && !mayRepeatAlerts ? [`I4 ${caseId} was told twice`] : []),
    ];
  });
}

/** I5: nobody touches whom nobody may touch. */
function protectedStay({ writes, protectedNames = [] }: Witness): readonly string[] {
  return writes
    .filter(({ input }) => protectedNames.includes(String(input.UserName ?? input.RoleName)))
    .map(({ operation, input }) => `I5 ${operation} on ${String(input.UserName ?? input.RoleName)}`);
}

/** I6: no more changes than a containment and its release need, and no more subjects than the breaker lets through. */
function withinBudget({ writes, budget }: Witness): readonly string[] {
  const counts = new Map<string, number>();
  const subjects = new Set<string>();
  for (const { operation, input } of writes) {
    const thing = thingOf(operation, input);
    counts.set(thing, (counts.get(thing) ?? 0) + 1);
    const subject = input.UserName ?? input.RoleName;
    // A thing that is changed beside its subject is none.
    if (subject !== undefined) subjects.add(String(subject));
  }
  return [
    ...[...counts]
      .filter(([, count]) => count > budget.callsAThing)
      .map(([thing, count]) => `I6 ${count} calls about ${thing}`),
    ...(subjects.size > budget.subjects ? [`I6 ${subjects.size} subjects were acted on`] : []),
  ];
}

/** I7: every event ended in a known way and was not lost, and nothing is under way for ever. */
function allEnded({ cases, executions, results, lost, sentEvents, mayWait }: Witness): readonly string[] {
  const passing: readonly Case['state'][] = ['containing', 'releasing'];
  return [
    ...(results.length === sentEvents ? [] : [`I7 ${sentEvents} events, and ${results.length} of them ended`]),
    ...lost.map((one) => `I7 ${one}`),
    ...[...executions]
      .filter(([, how]) => how === 'running' && mayWait !== true)
      .map(([name]) => `I7 ${name} never ended`),
    ...cases
      .filter(({ found }) => passing.includes(found.state))
      .map(({ found }) => `I7 ${found.caseId} is ${found.state} for ever`),
  ];
}
