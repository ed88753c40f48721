import type { AccessEvent } from '../access/access-event.ts';
import { principalKey } from '../access/principal-key.ts';
import type { Subject } from '../cases/subject.ts';
import { resourceKindOf, resourceName } from '../containment/resource.ts';
import type { LookupKey } from '../ports/trail-history.ts';

/** How the activity of a subject is found: under what the access record keeps it, and by what CloudTrail is asked. */
export type Trace = {
  readonly recorded:
    | { readonly kind: 'principal'; readonly key: string; readonly sessionName?: string }
    | { readonly kind: 'resource'; readonly arn: string };
  /** Without it, CloudTrail can be asked by the keys that were used, and by nothing else. */
  readonly named?: LookupKey;
  /** Whether an event that was found so is about the subject: somebody else may bear the name. */
  readonly isTheirs: (event: AccessEvent) => boolean;
};

export function traceOf({ key, ...subject }: Subject): Trace {
  const [, roleId, sessionName] = /^session:([^:]+):(.+)$/s.exec(key) ?? [];
  if (roleId !== undefined && sessionName !== undefined) return traceOfSession(roleId, sessionName);
  const [, arn] = /^resource:(arn:.+)$/s.exec(key) ?? [];
  if (arn !== undefined) {
    const named = { key: 'ResourceName', value: nameInTrail(arn) } as const;
    return { recorded: { kind: 'resource', arn }, named, isTheirs: () => true };
  }
  const userName = subject.kind === 'user' ? subject.userName : key.startsWith('root:') ? 'root' : undefined;
  return {
    recorded: { kind: 'principal', key },
    ...(userName === undefined ? {} : { named: { key: 'Username', value: userName } as const }),
    isTheirs: ({ principal }) => principalKey(principal) === key,
  };
}

/** CloudTrail has buckets and security groups by their names, and most other things by their ARNs. */
function nameInTrail(arn: string): string {
  const kind = resourceKindOf(arn);
  return kind === 'bucket' || kind === 'security-group' ? resourceName({ arn }) : arn;
}

/** Its accesses are kept under its role; CloudTrail's name for it is the name of the session. */
function traceOfSession(roleId: string, sessionName: string): Trace {
  return {
    recorded: { kind: 'principal', key: `role:${roleId}`, sessionName },
    named: { key: 'Username', value: sessionName },
    isTheirs: ({ principal }) =>
      principal.kind === 'role-session' && principal.roleId === roleId && principal.sessionName === sessionName,
  };
}
