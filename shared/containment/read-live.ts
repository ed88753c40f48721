import { assertNever } from '../json.ts';
import { type Call, parameter } from './call.ts';
import {
  type ContainableSubject,
  type LiveReads,
  readInline,
  readOneResource,
  readResource,
  twiceIfAbsent,
} from './read-subject.ts';
import type { ResourceRef } from './resource.ts';
import type { AbsentSnapshot, LiveState, Read } from './snapshot.ts';

const INLINE = 'inline:';
const RESOURCE = 'resource:';

/** One read of a principal's access, beside the principal itself. */
export type Source =
  | 'attached'
  | 'accessKeys'
  | 'serviceCredentials'
  | 'sshKeys'
  | 'certificates'
  /** These come with the principal itself. */
  | 'trust'
  | 'boundary'
  | 'held'
  | `${typeof INLINE}${string}`
  /** With account and region before the ARN, so that it can be asked for. */
  | `${typeof RESOURCE}${string}`;

/** The read that shows whether a call stands. */
export function sourceOf(call: Call): Source {
  if (call.service !== 'iam') return sourceOfResource(call.on);
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
    case 'PutUserPermissionsBoundary':
    case 'PutRolePermissionsBoundary':
    case 'DeleteUserPermissionsBoundary':
    case 'DeleteRolePermissionsBoundary':
      return 'boundary';
    case 'TagUser':
    case 'TagRole':
    case 'UntagUser':
    case 'UntagRole':
      return 'held';
    default:
      return assertNever(call);
  }
}

/** Who bears the name now, and the chosen lists, in one parallel round of 1 + `sources` reads. */
export async function readLive(
  reads: LiveReads,
  subject: ContainableSubject,
  sources: readonly Source[],
): Promise<AbsentSnapshot | LiveState> {
  const { iam } = reads;
  // A thing is a source of its own, and is read as such anyway.
  if (subject.kind === 'resource') return readResource(reads, subject);
  const things = Promise.all(sources.flatMap(resourceOfSource).map((of) => readOneResource(reads, of)));
  if (subject.kind === 'person') {
    const { account, region, arn } = subject;
    return { kind: 'resource', account, region, arn, resources: await things };
  }
  const names = sources.flatMap((source) => (source.startsWith(INLINE) ? [source.slice(INLINE.length)] : []));
  if (subject.kind !== 'user') {
    const { roleName } = subject;
    const [role, attached, inline, resources] = await Promise.all([
      twiceIfAbsent(() => iam.getRole(roleName)),
      optional('attached', sources, () => iam.attachedRolePolicies(roleName)),
      readInline(names, (name) => iam.rolePolicy(roleName, name)),
      things,
    ]);
    if (role === undefined) return { kind: 'absent', name: roleName };
    return { kind: 'role', ...role, ...attached, inline, resources };
  }
  const { userName } = subject;
  const [user, inline, resources, ...lists] = await Promise.all([
    twiceIfAbsent(() => iam.getUser(userName)),
    readInline(names, (name) => iam.userPolicy(userName, name)),
    things,
    optional('attached', sources, () => iam.attachedUserPolicies(userName)),
    optional('accessKeys', sources, () => iam.accessKeys(userName)),
    optional('serviceCredentials', sources, () => iam.serviceCredentials(userName)),
    optional('sshKeys', sources, () => iam.sshKeys(userName)),
    optional('certificates', sources, () => iam.certificates(userName)),
  ]);
  if (user === undefined) return { kind: 'absent', name: userName };
  return { kind: 'user', ...user, inline, resources, ...lists[0], ...lists[1], ...lists[2], ...lists[3], ...lists[4] };
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
  if (source.startsWith(RESOURCE)) {
    return live.resources?.find((one) => sourceOfResource(one) === source)?.state;
  }
  if (live.kind === 'resource') return undefined;
  if (source.startsWith(INLINE)) {
    return live.inline?.find(({ name }) => name === source.slice(INLINE.length))?.document;
  }
  if (source === 'attached') return live.attached;
  if (source === 'boundary' || source === 'held') return { kind: 'read', value: live[source] };
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

export function sourceOfResource({ account, region, arn }: ResourceRef): Source {
  return `${RESOURCE}${account} ${region} ${arn}`;
}

function resourceOfSource(source: Source): readonly ResourceRef[] {
  if (!source.startsWith(RESOURCE)) return [];
  const [account = '', region = '', arn = ''] = source.slice(RESOURCE.length).split(' ');
  return [{ account, region, arn }];
}
