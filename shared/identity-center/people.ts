import type { IdentityCenter, People } from '../ports/identity-center.ts';
import type { IdentityCenterInstance, PersonReach, PersonScope } from './reach.ts';

/** Each costs several calls of an API that takes few a second. */
const MOST_SETS = 20;

/** Where Rescind acts: in the accounts that the policy names, and in the one that it runs in. */
export function createPeople(
  center: IdentityCenter,
  instance: IdentityCenterInstance,
  accounts: readonly string[],
): People {
  return {
    async reachOf(userId, account) {
      const reach = await center.reachOf({ userId });
      return reach === undefined ? undefined : scopeOf(reach, instance, [account, ...accounts]);
    },
  };
}

function scopeOf(reach: PersonReach, instance: IdentityCenterInstance, accounts: readonly string[]): PersonScope {
  const here = new Set(
    reach.assignments
      .filter(({ account }) => accounts.includes(account))
      .map(({ permissionSetArn }) => permissionSetArn),
  );
  const inScope = reach.sets.filter(({ arn }) => here.has(arn)).slice(0, MOST_SETS);
  const left = reach.sets.filter(({ arn }) => !here.has(arn));
  const more = reach.more || inScope.length < reach.sets.length - left.length;
  return { ...reach, instance, inScope, left, more };
}
