import type { Policy } from '../config/policy.ts';
import { isProtected } from '../config/protected.ts';
import type { IdentityCenterInstance, PermissionSet } from './reach.ts';

/**
 * Whether the policy protects the role that a permission set becomes in one of these accounts: what is written into the set
 * is written into that role. Nobody but IAM knows the end of the role's name, so an entry that spells it names any set of
 * the name. https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export function isProtectedSet(
  policy: Pick<Policy, 'protected'>,
  { name }: Pick<PermissionSet, 'name'>,
  accounts: readonly string[],
  { instanceArn, region }: Pick<IdentityCenterInstance, 'instanceArn' | 'region'>,
): boolean {
  const partition = instanceArn.split(':')[1] ?? 'aws';
  const entries = { protected: policy.protected.map((entry) => entry.replace(NAME_END, '_*')) };
  // Where Identity Center lives in us-east-1 the path does not say so.
  const paths = [PATH, `${PATH}${region}/`];
  return accounts.some((account) =>
    paths.some((path) =>
      isProtected(entries, `arn:${partition}:iam::${account}:role/${path}AWSReservedSSO_${name}_0123456789abcdef`),
    ),
  );
}

const PATH = 'aws-reserved/sso.amazonaws.com/';
const NAME_END = /_[0-9a-f]{16}$/i;
