import type { Granted } from '../cases/case.ts';
import type { PersonSubject, Subject } from '../cases/subject.ts';
import type { IamReads } from '../ports/iam.ts';
import type { People } from '../ports/identity-center.ts';
import type { Resources } from '../ports/resources.ts';
import { type ResourceRef, resourceLabel } from './resource.ts';
import type {
  AbsentSnapshot,
  InlineRead,
  PolicyDocuments,
  ResourceRead,
  ResourceSnapshot,
  Snapshot,
} from './snapshot.ts';

export type ContainableSubject = Exclude<Subject, { kind: 'beyond' }>;

/** What a fresh look at a subject takes. `resources`: where a plan may change something beyond IAM. */
export type LiveReads = {
  readonly iam: IamReads;
  readonly resources?: Pick<Resources, 'read'>;
  /** Where a plan is made, if the policy lets Rescind act in Identity Center. */
  readonly people?: People;
};

/**
 * Everything that a containment or a release must know of its subject, in one parallel round. `inlineNames` are the
 * inline policies of ours whose prior is needed, `things` what else a plan may change: nothing is said of those unless
 * they are named. Throws when the principal itself cannot be read: nothing is done
 * to somebody whose unique id is not known.
 */
export async function readSubject(
  reads: LiveReads,
  subject: ContainableSubject,
  inlineNames: readonly string[],
  things?: readonly ResourceRef[],
): Promise<Snapshot> {
  if (subject.kind === 'resource') return readResource(reads, subject);
  if (subject.kind === 'person') return readPerson(reads, subject);
  const [snapshot, resources] = await Promise.all([
    subject.kind === 'user'
      ? readUser(reads.iam, subject.userName, inlineNames)
      : readRole(reads.iam, subject.roleName, inlineNames),
    things === undefined ? undefined : Promise.all(things.map((of) => readOneResource(reads, of))),
  ]);
  return snapshot.kind === 'absent' || resources === undefined ? snapshot : { ...snapshot, resources };
}

/** The snapshot of a case about a thing. Not there only if two reads say so; what could not be read is in it as such. */
export async function readResource(
  reads: LiveReads,
  { account, region, arn }: ResourceRef,
): Promise<ResourceSnapshot | AbsentSnapshot> {
  const look = () => readOneResource(reads, { account, region, arn });
  const first = await look();
  const { state } = isAbsent(first) ? await look() : first;
  if (state.kind === 'read' && state.value === undefined) {
    return { kind: 'absent', name: resourceLabel({ arn }) };
  }
  return { kind: 'resource', account, region, arn, resources: [{ account, region, arn, state }] };
}

/** What the person reaches, and the sets of it that may be changed. Throws when Identity Center cannot be read. */
async function readPerson(
  { people, ...reads }: LiveReads,
  { userId, account, region, arn, label }: PersonSubject,
): Promise<ResourceSnapshot | AbsentSnapshot> {
  if (people === undefined) throw new TypeError(`Nothing here reads what ${userId} reaches`);
  const reach = await people.reachOf(userId, account);
  if (reach === undefined) return { kind: 'absent', name: label };
  const resources: ResourceRead[] = [];
  // One after the other: the API takes few calls a second.
  for (const set of reach.inScope) resources.push(await readOneResource(reads, { account, region, arn: set.arn }));
  return { kind: 'resource', account, region, arn, resources, reach };
}

export async function readOneResource({ resources }: LiveReads, of: ResourceRef): Promise<ResourceRead> {
  if (resources === undefined) throw new TypeError(`Nothing here reads ${of.arn}`);
  return { ...of, state: await resources.read(of) };
}

function isAbsent({ state }: ResourceRead): boolean {
  return state.kind === 'read' && state.value === undefined;
}

async function readUser(iam: IamReads, userName: string, inlineNames: readonly string[]): Promise<Snapshot> {
  const [user, attached, inline, accessKeys, serviceCredentials, sshKeys, certificates] = await Promise.all([
    twiceIfAbsent(() => iam.getUser(userName)),
    iam.attachedUserPolicies(userName),
    readInline(inlineNames, (name) => iam.userPolicy(userName, name)),
    iam.accessKeys(userName),
    iam.serviceCredentials(userName),
    iam.sshKeys(userName),
    iam.certificates(userName),
  ]);
  if (user === undefined) return { kind: 'absent', name: userName };
  return { kind: 'user', ...user, attached, inline, accessKeys, serviceCredentials, sshKeys, certificates };
}

async function readRole(iam: IamReads, roleName: string, inlineNames: readonly string[]): Promise<Snapshot> {
  const [role, attached, inline] = await Promise.all([
    twiceIfAbsent(() => iam.getRole(roleName)),
    iam.attachedRolePolicies(roleName),
    readInline(inlineNames, (name) => iam.rolePolicy(roleName, name)),
  ]);
  return role === undefined ? { kind: 'absent', name: roleName } : { kind: 'role', ...role, attached, inline };
}

/**
 * Absent only if two reads say so: IAM's replicas lag, and a principal that is taken for gone is left alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html#troubleshoot_general_eventual-consistency
 */
export async function twiceIfAbsent<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  return (await read()) ?? read();
}

export function readInline(
  names: readonly string[],
  read: (name: string) => Promise<InlineRead['document']>,
): Promise<readonly InlineRead[]> {
  return Promise.all(names.map(async (name) => ({ name, document: await read(name) })));
}

/** Documents of the managed policies that are attached, or that a detected call attached: two reads each, so they wait until the deny stands. */
export async function readDocuments(
  iam: IamReads,
  snapshot: Snapshot,
  except: string,
  granted: readonly Granted[] = [],
): Promise<PolicyDocuments> {
  if (snapshot.kind === 'absent' || snapshot.kind === 'resource') return new Map();
  const attached = snapshot.attached.kind === 'read' ? snapshot.attached.value.map(({ arn }) => arn) : [];
  return readPolicies(iam, [...attached, ...attachedBy(granted)], except);
}

/** Of those that detected calls attached: revert must know which of them deny. */
export function readGranted(iam: IamReads, granted: readonly Granted[], except: string): Promise<PolicyDocuments> {
  return readPolicies(iam, attachedBy(granted), except);
}

function attachedBy(granted: readonly Granted[]): readonly string[] {
  return granted.flatMap((grant) => (grant.kind === 'policy-attached' ? [grant.policyArn] : []));
}

async function readPolicies(iam: IamReads, all: readonly string[], except: string): Promise<PolicyDocuments> {
  const arns = [...new Set(all)].filter((arn) => arn !== except);
  return new Map(await Promise.all(arns.map(async (arn) => [arn, await iam.managedPolicy(arn)] as const)));
}
