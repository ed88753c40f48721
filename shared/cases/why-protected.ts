import type { Policy } from '../config/policy.ts';
import { isProtected, isProtectedPerson } from '../config/protected.ts';
import { isOwnRole } from './own-roles.ts';
import type { Subject } from './subject.ts';

/** Why nobody may touch this subject: the operator protects it, or it is Rescind itself. */
export function whyProtected(policy: Pick<Policy, 'protected'>, subject: Subject): string | undefined {
  if (subject.kind === 'beyond') return undefined;
  if (subject.kind === 'person') {
    return isProtectedPerson(policy, subject.userId) ? `${subject.key} is protected in rescind.yaml.` : undefined;
  }
  if ('roleName' in subject && isOwnRole(subject.roleName)) return `${subject.roleName} is a role of Rescind itself.`;
  return isProtected(policy, subject.arn) ? `${subject.arn} is protected in rescind.yaml.` : undefined;
}
