import { storable } from '../cases/storable.ts';
import type { Principal } from './principal.ts';

/**
 * Under what the accesses of a principal are kept together: the unique id where there is one, so that somebody of the same
 * name is somebody else. All sessions of a role are kept under the role; a federated user under the user who issued it.
 */
export function principalKey(principal: Principal): string {
  switch (principal.kind) {
    case 'user':
      return key('user', principal.userId);
    case 'federated-user':
      return key('user', principal.issuerId);
    case 'role-session':
      return key('role', principal.roleId);
    case 'identity-center-user':
      return key('idc', principal.userId);
    case 'saml-user':
    case 'web-identity-user':
      return key(principal.kind, `${principal.provider}#${principal.name}`);
    case 'root':
    case 'account':
      return key(principal.kind, principal.account);
    case 'service':
      return key('service', principal.invokedBy);
    case 'anonymous':
    case 'unknown':
      return principal.kind;
  }
}

/** Part of a partition key of 2,048 bytes; a letter has at most three in UTF-8. */
function key(kind: string, id: string): string {
  return `${kind}:${storable(id, 600)}`;
}
