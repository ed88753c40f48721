import type { Policy } from './policy.ts';

/**
 * Whether the policy says that the organisation's guard stands over an account. No service control policy reaches the
 * management account (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html).
 */
export function isGuarded({ guard }: Pick<Policy, 'guard'>, { account }: { readonly account: string }): boolean {
  return guard !== undefined && account !== guard.managementAccount;
}
