import type { Policy } from '../config/policy.ts';
import type { IdentityCenter, People } from '../ports/identity-center.ts';
import { isProtectedSet } from './protected-set.ts';
import type { IdentityCenterInstance, PermissionSet, PersonReach, PersonScope } from './reach.ts';

/** Each costs several calls of an API that takes few a second. */
const MOST_SETS = 20;

/** Where Rescind acts: in the accounts that the policy names, and in the one that it runs in. */
export function createPeople(
  center: IdentityCenter,
  instance: IdentityCenterInstance,
  accounts: readonly string[],
  policy: Pick<Policy, 'protected'> = { protected: [] },
): People {
  return {
    async reachOf(userId, account) {
      const reach = await center.reachOf({ userId });
      return reach === undefined ? undefined : scopeOf(reach, instance, [account, ...accounts], policy);
    },
  };
}

function scopeOf(
  reach: PersonReach,
  instance: IdentityCenterInstance,
  accounts: readonly string[],
  policy: Pick<Policy, 'protected'>,
): PersonScope {
  const here = new Set(
    reach.assignments
      .filter(({ account }) => accounts.includes(account))
      .map(({ permissionSetArn }) => permissionSetArn),
  );
  const assigned = reach.sets.filter(({ arn }) => here.has(arn));
  const spared = assigned.filter((set) => isProtectedSet(policy, set, accountsWith(reach, set), instance));
  const due = assigned.filter((set) => !spared.includes(set));
  const left = reach.sets.filter(({ arn }) => !here.has(arn));
  return {
    ...reach,
    instance,
    inScope: due.slice(0, MOST_SETS),
    spared,
    left,
    more: reach.more || due.length > MOST_SETS,
  };
}

function accountsWith({ assignments }: PersonReach, { arn }: PermissionSet): readonly string[] {
  return assignments.filter(({ permissionSetArn }) => permissionSetArn === arn).map(({ account }) => account);
}
