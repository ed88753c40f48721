import { sameName } from '../containment/same-name.ts';
import type { Granted, PrincipalGrant } from './case.ts';
import type { Subject } from './subject.ts';

/** Whether it was the subject itself that a call gave something to, or changed. A user and a role may bear the same name. */
export function isGrantOn(subject: Subject, grant: Granted): boolean {
  if ('resource' in grant) return subject.kind === 'resource' && subject.arn === grant.resource.arn;
  const to = bearerOf(grant);
  if (subject.kind === 'user') return to !== 'role' && sameName(grant.principal, subject.userName);
  return 'roleName' in subject && to !== 'user' && sameName(grant.principal, subject.roleName);
}

/** `undefined`: either, which only older versions wrote. */
function bearerOf(grant: PrincipalGrant): 'user' | 'role' | undefined {
  switch (grant.kind) {
    case 'access-key-created':
      return 'user';
    case 'trust-opened':
      return 'role';
    case 'policy-attached':
    case 'inline-policy-put':
      return grant.to;
  }
}
