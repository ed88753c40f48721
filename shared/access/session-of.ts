import type { Principal } from './principal.ts';

/** The session that a principal acted in, by its key id; `<role id>:<session name>` where the record has none. A long-term key is none. */
export function sessionOf(principal: Principal): string | undefined {
  switch (principal.kind) {
    case 'user':
      return principal.temporary ? principal.accessKeyId : undefined;
    case 'role-session':
      return principal.accessKeyId ?? `${principal.roleId}:${principal.sessionName}`;
    case 'federated-user':
      return principal.accessKeyId;
    default:
      return undefined;
  }
}
