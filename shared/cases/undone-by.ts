import type { AccessEvent } from '../access/access-event.ts';
import { textAt } from '../cloudtrail/text-at.ts';
import { OWN_POLICY_PREFIX, QUARANTINE_POLICY_NAME } from '../containment/documents.ts';
import { HELD_TAG } from '../containment/held-tag.ts';
import { requestOf } from './changed-on.ts';
import type { NamedPrincipal } from './named-principal.ts';

/** Who made a call that takes back what Rescind put on somebody, or opens what it closed; nobody for every other call. */
export function undoneBy(event: AccessEvent): NamedPrincipal | undefined {
  if (event.eventSource !== 'iam.amazonaws.com' || event.errorCode !== undefined || !undoes(event)) return undefined;
  const { principal } = event;
  // Whoever belongs to another account is nobody whom IAM here knows.
  if (!('account' in principal) || principal.account !== event.account) return undefined;
  switch (principal.kind) {
    case 'user':
      return { kind: 'user', name: principal.userName, uniqueId: principal.userId };
    case 'federated-user':
      return { kind: 'user', name: principal.issuerName, uniqueId: principal.issuerId };
    case 'role-session':
      return {
        kind: 'session',
        name: principal.roleName,
        sessionName: principal.sessionName,
        uniqueId: principal.roleId,
      };
    default:
      return undefined;
  }
}

function undoes(event: AccessEvent): boolean {
  const request = requestOf(event);
  switch (event.eventName) {
    case 'DetachUserPolicy':
    case 'DetachRolePolicy':
      return textAt(request, 'policyArn')?.endsWith(`:policy/${QUARANTINE_POLICY_NAME}`) === true;
    case 'DeleteUserPolicy':
    case 'DeleteRolePolicy':
    case 'PutUserPolicy':
    case 'PutRolePolicy':
      return textAt(request, 'policyName')?.toLowerCase().startsWith(OWN_POLICY_PREFIX) === true;
    case 'UpdateAccessKey':
    case 'UpdateServiceSpecificCredential':
    case 'UpdateSSHPublicKey':
    case 'UpdateSigningCertificate':
      return textAt(request, 'status') === 'Active';
    case 'UntagUser':
    case 'UntagRole':
      return Array.isArray(request.tagKeys) && request.tagKeys.some((key) => String(key).toLowerCase() === HELD_TAG);
    // Which boundary was taken off, no record says: whoever did is told to people, and not taken for an ally.
    default:
      return false;
  }
}
