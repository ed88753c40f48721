import type { Subject } from '../cases/subject.ts';
import type { IamReads } from '../ports/iam.ts';
import type { InlineRead, PolicyDocuments, Snapshot } from './snapshot.ts';

export type ContainableSubject = Exclude<Subject, { kind: 'beyond' }>;

/**
 * Everything that a containment or a release must know of its subject, in one parallel round. `inlineNames` are the
 * inline policies of ours whose prior is needed. Throws when the principal itself cannot be read: nothing is done
 * to somebody whose unique id is not known.
 */
export async function readSubject(
  iam: IamReads,
  subject: ContainableSubject,
  inlineNames: readonly string[],
): Promise<Snapshot> {
  return subject.kind === 'user'
    ? readUser(iam, subject.userName, inlineNames)
    : readRole(iam, subject.roleName, inlineNames);
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

/** Documents of the attached managed policies: two reads each, so they wait until the deny stands. */
export async function readDocuments(iam: IamReads, snapshot: Snapshot, except: string): Promise<PolicyDocuments> {
  if (snapshot.kind === 'absent' || snapshot.attached.kind !== 'read') return new Map();
  const arns = snapshot.attached.value.map(({ arn }) => arn).filter((arn) => arn !== except);
  return new Map(await Promise.all(arns.map(async (arn) => [arn, await iam.managedPolicy(arn)] as const)));
}
