import type { AccessEvent } from '../access/access-event.ts';
import { issuedSession } from '../access/issued-session.ts';
import type { Detection } from '../cases/case.ts';
import type { PrincipalSubject } from '../cases/subject.ts';
import type { LookupKey } from '../ports/trail-history.ts';

/** Somebody whose calls are looked through. Names only find records; whose they are, the unique id says. */
export type Lead =
  | { readonly kind: 'user'; readonly userId: string; readonly userName: string }
  | { readonly kind: 'session'; readonly roleId: string; readonly sessionName: string }
  | { readonly kind: 'key'; readonly accessKeyId: string }
  /** No call bears a role: its sessions are found by the calls that opened them. */
  | { readonly kind: 'role'; readonly arn: string };

export function leadKey(lead: Lead): string {
  switch (lead.kind) {
    case 'user':
      return `user ${lead.userId}`;
    case 'session':
      return `session ${lead.roleId}:${lead.sessionName}`;
    case 'key':
      return `key ${lead.accessKeyId}`;
    case 'role':
      return `role ${lead.arn}`;
  }
}

/** What CloudTrail is asked for it. The user name of a role's session is the session's. */
export function keyOf(lead: Lead): LookupKey {
  switch (lead.kind) {
    case 'user':
      return { key: 'Username', value: lead.userName };
    case 'session':
      return { key: 'Username', value: lead.sessionName };
    case 'key':
      return { key: 'AccessKeyId', value: lead.accessKeyId };
    case 'role':
      return { key: 'ResourceName', value: lead.arn };
  }
}

/** Whether the call is this lead's doing. Anybody may bear the name that was asked for. */
export function isDoingOf(lead: Lead, { principal }: AccessEvent): boolean {
  switch (lead.kind) {
    case 'user':
      return (
        (principal.kind === 'user' && principal.userId === lead.userId) ||
        (principal.kind === 'federated-user' && principal.issuerId === lead.userId)
      );
    case 'session':
      return (
        principal.kind === 'role-session' &&
        principal.roleId === lead.roleId &&
        principal.sessionName === lead.sessionName
      );
    case 'key':
      return 'accessKeyId' in principal && principal.accessKeyId === lead.accessKeyId;
    case 'role':
      return false;
  }
}

/** Sessions of the role that this call opened, whoever opened them. */
export function sessionsOf(lead: Lead, event: AccessEvent): readonly Lead[] {
  if (lead.kind !== 'role') return [];
  const issued = issuedSession(event);
  const [, role] = /^arn:[^:]+:sts::\d{12}:assumed-role\/([^/]+)\//.exec(issued?.became ?? '') ?? [];
  return issued !== undefined && role !== undefined && role === lead.arn.slice(lead.arn.lastIndexOf('/') + 1)
    ? [{ kind: 'key', accessKeyId: issued.accessKeyId }]
    : [];
}

/** Where the look begins. */
export function leadsOf(
  subject: PrincipalSubject,
  detections: readonly Pick<Detection, 'actor' | 'accessKeyId'>[],
): readonly Lead[] {
  if (subject.kind === 'user') return [{ kind: 'user', userId: subject.userId, userName: subject.userName }];
  const { roleId, roleName, arn } = subject;
  if (subject.kind === 'session') return [{ kind: 'session', roleId, sessionName: subject.sessionName }];
  const own = detections.filter(({ actor }) => actor.startsWith(`${roleName}/`));
  const keys = new Set(own.flatMap(({ accessKeyId }) => accessKeyId ?? []));
  return [{ kind: 'role', arn }, ...[...keys].map((accessKeyId): Lead => ({ kind: 'key', accessKeyId }))];
}
