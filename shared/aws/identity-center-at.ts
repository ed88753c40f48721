import type { Policy } from '../config/policy.ts';
import { createPeople } from '../identity-center/people.ts';
import type { IdentityCenterInstance } from '../identity-center/reach.ts';
import type { IdentityCenter, People } from '../ports/identity-center.ts';
import { lazily } from './lazily.ts';

/** Nothing where the policy does not let Rescind act there. */
export function peopleIn(policy: Pick<Policy, 'identityCenter' | 'accounts' | 'protected'>): {
  readonly people?: People;
} {
  const { identityCenter, accounts } = policy;
  if (identityCenter?.contain !== true) return {};
  return { people: createPeople(identityCenterAt(identityCenter), identityCenter, accounts, policy) };
}

/** Most cases ask nothing of Identity Center, and its clients are large. */
export function identityCenterAt(instance: IdentityCenterInstance): IdentityCenter {
  const center = lazily(async () => (await import('./identity-center.ts')).makeIdentityCenter(instance));
  return { reachOf: async (person) => (await center()).reachOf(person) };
}
