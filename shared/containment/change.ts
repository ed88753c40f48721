import { assertNever, isJsonObject } from '../json.ts';
import type { Change, StepState, Undo } from './action.ts';
import { type Call, type IamCall, parameter } from './call.ts';
import { memberState, undoMember } from './principal-change.ts';
import { sameDocument } from './same-document.ts';
import type { Credential, LiveState, Read } from './snapshot.ts';
import { trustState, undoTrust } from './trust-change.ts';

/** Whether a change stands, by a fresh read. What was not read, or could not be, is unknown. */
export function changeState(of: Change, live: LiveState): StepState {
  const change = changeOfIam(of);
  const { call } = change;
  switch (call.operation) {
    case 'AttachUserPolicy':
    case 'AttachRolePolicy':
      return holdsIf(isAttached(call, live), true);
    case 'DetachUserPolicy':
    case 'DetachRolePolicy':
      return holdsIf(isAttached(call, live), false);
    case 'PutUserPolicy':
    case 'PutRolePolicy': {
      const read = inlineDocument(call, live);
      if (read?.kind !== 'read') return 'unknown';
      return read.value !== undefined && sameDocument(read.value, parameter(call, 'PolicyDocument'))
        ? 'holds'
        : 'undone';
    }
    case 'DeleteUserPolicy':
    case 'DeleteRolePolicy': {
      const read = inlineDocument(call, live);
      return read?.kind === 'read' ? holdsIf(read.value === undefined, true) : 'unknown';
    }
    case 'UpdateAccessKey':
    case 'UpdateServiceSpecificCredential':
    case 'UpdateSSHPublicKey':
    case 'UpdateSigningCertificate': {
      const read = credentials(call, live);
      if (read?.kind !== 'read') return 'unknown';
      // A credential that was deleted gives no access either.
      return credential(call, read.value)?.status === 'Active' ? 'undone' : 'holds';
    }
    case 'UpdateAssumeRolePolicy':
      return trustState(change, live);
    case 'PutUserPermissionsBoundary':
    case 'PutRolePermissionsBoundary':
    case 'DeleteUserPermissionsBoundary':
    case 'DeleteRolePermissionsBoundary':
      return memberState('boundary', change, live);
    case 'TagUser':
    case 'TagRole':
    case 'UntagUser':
    case 'UntagRole':
      return memberState('held', change, live);
    default:
      return assertNever(call.operation);
  }
}

/** How a change is taken back: only if what stands now is what we made of it. */
export function undoChange(of: Change, live: LiveState): Undo {
  const change = changeOfIam(of);
  const { call } = change;
  switch (call.operation) {
    case 'AttachUserPolicy':
      return undoAttachment(change, live, 'DetachUserPolicy');
    case 'AttachRolePolicy':
      return undoAttachment(change, live, 'DetachRolePolicy');
    case 'DetachUserPolicy':
      return undoAttachment(change, live, 'AttachUserPolicy');
    case 'DetachRolePolicy':
      return undoAttachment(change, live, 'AttachRolePolicy');
    case 'PutUserPolicy':
      return undoInline(change, live, 'DeleteUserPolicy');
    case 'PutRolePolicy':
      return undoInline(change, live, 'DeleteRolePolicy');
    case 'UpdateAccessKey':
    case 'UpdateServiceSpecificCredential':
    case 'UpdateSSHPublicKey':
    case 'UpdateSigningCertificate':
      return undoStatus(change, live);
    case 'UpdateAssumeRolePolicy':
      return undoTrust(change, live);
    case 'PutUserPermissionsBoundary':
    case 'PutRolePermissionsBoundary':
    case 'DeleteUserPermissionsBoundary':
    case 'DeleteRolePermissionsBoundary':
      return undoMember('boundary', change, live);
    case 'TagUser':
    case 'TagRole':
    case 'UntagUser':
    case 'UntagRole':
      return undoMember('held', change, live);
    case 'DeleteUserPolicy':
      return undoDeletion(change, live, 'PutUserPolicy');
    case 'DeleteRolePolicy':
      return undoDeletion(change, live, 'PutRolePolicy');
    default:
      return assertNever(call.operation);
  }
}

type IamChange = Change & { readonly call: IamCall };

/** What other services hold is compared by the action that changes it. */
function changeOfIam({ call, prior }: Change): IamChange {
  if (call.service !== 'iam') throw new TypeError(`${call.operation} is no call of IAM`);
  return { call, prior };
}

function undoAttachment(
  { call, prior }: IamChange,
  live: LiveState,
  operation: 'AttachUserPolicy' | 'AttachRolePolicy' | 'DetachUserPolicy' | 'DetachRolePolicy',
): Undo {
  const attached = isAttached(call, live);
  if (attached === undefined) return notRead('attached policies');
  if (attached === priorMember(prior, 'attached')) return { kind: 'already' };
  if (isUnread(prior))
    return conflict(`${parameter(call, 'PolicyArn')}: it is not known whether it was attached before`);
  return { kind: 'call', call: { service: 'iam', operation, input: call.input } };
}

function undoInline(
  { call, prior }: IamChange,
  live: LiveState,
  remove: 'DeleteUserPolicy' | 'DeleteRolePolicy',
): Undo {
  const read = inlineDocument(call, live);
  if (read?.kind !== 'read') return notRead('inline policy');
  const before = priorMember(prior, 'document');
  if (read.value === undefined ? before === null : read.value === before) return { kind: 'already' };
  const name = parameter(call, 'PolicyName');
  if (isUnread(prior)) return conflict(`inline policy ${name}: it is not known what was there before`);
  if (read.value === undefined) return conflict(`inline policy ${name} was deleted meanwhile`);
  if (!sameDocument(read.value, parameter(call, 'PolicyDocument'))) {
    return conflict(`inline policy ${name} was changed meanwhile`);
  }
  const { PolicyDocument: _ours, ...target } = call.input;
  return typeof before === 'string'
    ? { kind: 'call', call: { ...call, input: { ...target, PolicyDocument: before } } }
    : { kind: 'call', call: { service: 'iam', operation: remove, input: target } };
}

function undoDeletion({ call, prior }: IamChange, live: LiveState, put: 'PutUserPolicy' | 'PutRolePolicy'): Undo {
  const read = inlineDocument(call, live);
  if (read?.kind !== 'read') return notRead('inline policy');
  const before = priorMember(prior, 'document');
  if (read.value === before) return { kind: 'already' };
  const name = parameter(call, 'PolicyName');
  if (read.value !== undefined) return conflict(`inline policy ${name} was written anew meanwhile`);
  if (typeof before !== 'string') return conflict(`inline policy ${name}: it is not known what was there before`);
  return {
    kind: 'call',
    call: { service: 'iam', operation: put, input: { ...call.input, PolicyDocument: before } },
  };
}

function undoStatus({ call, prior }: IamChange, live: LiveState): Undo {
  const read = credentials(call, live);
  if (read?.kind !== 'read') return notRead('credentials');
  const found = credential(call, read.value);
  const before = priorMember(prior, 'status');
  if (found === undefined) return conflict(`${credentialId(call)} was deleted meanwhile and cannot be given back`);
  if (found.status === before) return { kind: 'already' };
  if (found.status !== 'Inactive') return conflict(`${credentialId(call)} is ${found.status} meanwhile`);
  return { kind: 'call', call: { ...call, input: { ...call.input, Status: before } } };
}

function isAttached(call: Call, live: LiveState): boolean | undefined {
  if (live.kind === 'resource' || live.attached?.kind !== 'read') return undefined;
  const arn = parameter(call, 'PolicyArn');
  return live.attached.value.some((policy) => policy.arn === arn);
}

function inlineDocument(call: Call, live: LiveState): Read<string | undefined> | undefined {
  const name = parameter(call, 'PolicyName');
  return live.kind === 'resource' ? undefined : live.inline?.find((policy) => policy.name === name)?.document;
}

const CREDENTIALS = {
  UpdateAccessKey: { list: 'accessKeys', id: 'AccessKeyId' },
  UpdateServiceSpecificCredential: { list: 'serviceCredentials', id: 'ServiceSpecificCredentialId' },
  UpdateSSHPublicKey: { list: 'sshKeys', id: 'SSHPublicKeyId' },
  UpdateSigningCertificate: { list: 'certificates', id: 'CertificateId' },
} as const;

function credentialTraits(call: Call) {
  switch (call.operation) {
    case 'UpdateAccessKey':
    case 'UpdateServiceSpecificCredential':
    case 'UpdateSSHPublicKey':
    case 'UpdateSigningCertificate':
      return CREDENTIALS[call.operation];
    default:
      throw new TypeError(`${call.operation} changes no credential`);
  }
}

function credentials(call: Call, live: LiveState): Read<readonly Credential[]> | undefined {
  return live.kind === 'user' ? live[credentialTraits(call).list] : undefined;
}

function credentialId(call: Call): string {
  return parameter(call, credentialTraits(call).id);
}

function credential(call: Call, all: readonly Credential[]): Credential | undefined {
  const id = credentialId(call);
  return all.find((candidate) => candidate.id === id);
}

function isUnread(prior: Change['prior']): boolean {
  return isJsonObject(prior) && prior.unread === true;
}

function priorMember(prior: Change['prior'], name: 'attached' | 'document' | 'status') {
  if (isUnread(prior)) return undefined;
  const value = isJsonObject(prior) ? prior[name] : undefined;
  // A ledger that does not say what was there before cannot be undone by guessing.
  if (value === undefined) throw new TypeError(`The prior value has no ${name}`);
  return value;
}

function holdsIf(actual: boolean | undefined, wanted: boolean): StepState {
  return actual === undefined ? 'unknown' : actual === wanted ? 'holds' : 'undone';
}

function conflict(detail: string): Undo {
  return { kind: 'conflict', detail };
}

function notRead(what: string): Undo {
  return { kind: 'unknown', detail: `${what} could not be read` };
}
