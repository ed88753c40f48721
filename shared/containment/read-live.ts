import { assertNever } from '../json.ts';
import type { IamReads } from '../ports/iam.ts';
import { type Call, parameter } from './call.ts';
import { type ContainableSubject, readInline, twiceIfAbsent } from './read-subject.ts';
import type { AbsentSnapshot, LiveState, Read } from './snapshot.ts';

const INLINE = 'inline:';

/** One read of a principal's access, beside the principal itself. */
export type Source =
  | 'attached'
  | 'accessKeys'
  | 'serviceCredentials'
  | 'sshKeys'
  | 'certificates'
  /** Comes with the role itself. */
  | 'trust'
  | `${typeof INLINE}${string}`;

/** The read that shows whether a call stands. */
export function sourceOf(call: Call): Source {
  switch (call.operation) {
    case 'AttachUserPolicy':
    case 'DetachUserPolicy':
    case 'AttachRolePolicy':
    case 'DetachRolePolicy':
      return 'attached';
    case 'PutUserPolicy':
    case 'DeleteUserPolicy':
    case 'PutRolePolicy':
    case 'DeleteRolePolicy':
      return `${INLINE}${parameter(call, 'PolicyName')}`;
    case 'UpdateAccessKey':
      return 'accessKeys';
    case 'UpdateServiceSpecificCredential':
      return 'serviceCredentials';
    case 'UpdateSSHPublicKey':
      return 'sshKeys';
    case 'UpdateSigningCertificate':
      return 'certificates';
    case 'UpdateAssumeRolePolicy':
      return 'trust';
    default:
      return assertNever(call.operation);
  }
}

/** Who bears the name now, and the chosen lists, in one parallel round of 1 + `sources` reads. */
export async function readLive(
  iam: IamReads,
  subject: ContainableSubject,
  sources: readonly Source[],
): Promise<AbsentSnapshot | LiveState> {
  const names = sources.flatMap((source) => (source.startsWith(INLINE) ? [source.slice(INLINE.length)] : []));
  if (subject.kind !== 'user') {
    const { roleName } = subject;
    const [role, attached, inline] = await Promise.all([
      twiceIfAbsent(() => iam.getRole(roleName)),
      optional('attached', sources, () => iam.attachedRolePolicies(roleName)),
      readInline(names, (name) => iam.rolePolicy(roleName, name)),
    ]);
    return role === undefined ? { kind: 'absent', name: roleName } : { kind: 'role', ...role, ...attached, inline };
  }
  const { userName } = subject;
  const [user, inline, ...lists] = await Promise.all([
    twiceIfAbsent(() => iam.getUser(userName)),
    readInline(names, (name) => iam.userPolicy(userName, name)),
    optional('attached', sources, () => iam.attachedUserPolicies(userName)),
    optional('accessKeys', sources, () => iam.accessKeys(userName)),
    optional('serviceCredentials', sources, () => iam.serviceCredentials(userName)),
    optional('sshKeys', sources, () => iam.sshKeys(userName)),
    optional('certificates', sources, () => iam.certificates(userName)),
  ]);
  if (user === undefined) return { kind: 'absent', name: userName };
  return { kind: 'user', ...user, inline, ...lists[0], ...lists[1], ...lists[2], ...lists[3], ...lists[4] };
}

async function optional<K extends Source, T>(
  source: K,
  sources: readonly Source[],
  read: () => Promise<T>,
): Promise<{ readonly [key in K]?: T }> {
  if (!sources.includes(source)) return {};
  const member: { [key in K]?: T } = {};
  member[source] = await read();
  return member;
}

/** What a round made of a source; `undefined`: it did not read it. */
export function readOf(live: LiveState, source: Source): Read<unknown> | undefined {
  if (source.startsWith(INLINE)) {
    return live.inline?.find(({ name }) => name === source.slice(INLINE.length))?.document;
  }
  if (source === 'attached') return live.attached;
  if (source === 'trust') return live.kind === 'role' ? { kind: 'read', value: live.trust } : undefined;
  if (live.kind !== 'user') return undefined;
  switch (source) {
    case 'accessKeys':
    case 'serviceCredentials':
    case 'sshKeys':
    case 'certificates':
      return live[source];
    default:
      return undefined;
  }
}
