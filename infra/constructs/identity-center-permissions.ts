import { Aws } from 'aws-cdk-lib';
import type { IdentityCenterInstance } from '../../shared/identity-center/reach.ts';
import { acknowledge } from '../checks/acknowledgements.ts';
import { requirementsOf } from './iam-permissions.ts';
import type { JobFunction } from './job-function.ts';

/**
 * Reads alone, of the one instance and its store. Sets, users and memberships have no ARN that is known beforehand.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamidentitycenter.html
 */
export function allowIdentityCenterReads(
  job: JobFunction,
  { instanceArn, identityStoreId }: IdentityCenterInstance,
): void {
  const sets = setsOf(instanceArn);
  const ofStore = (resource: string) => `arn:${Aws.PARTITION}:identitystore:::${resource}/*`;
  job.allow({
    actions: [
      'sso:DescribePermissionSet',
      'sso:GetInlinePolicyForPermissionSet',
      'sso:ListAccountAssignmentsForPrincipal',
    ],
    resources: [instanceArn, sets],
  });
  job.allow({
    actions: ['identitystore:DescribeUser', 'identitystore:GetUserId', 'identitystore:ListGroupMembershipsForMember'],
    resources: [
      `arn:${Aws.PARTITION}:identitystore::${Aws.ACCOUNT_ID}:identitystore/${identityStoreId}`,
      ofStore('user'),
      ofStore('membership'),
    ],
  });
  const named = ['user', 'membership'].map((resource) => `arn:<AWS::Partition>:identitystore:::${resource}/*`);
  for (const wildcard of [sets, ...named]) {
    acknowledge(
      job.role,
      `AwsSolutions-IAM5[Resource::${wildcard}]`,
      'Read alone: nobody knows beforehand whom a rule will be about, nor which permission sets they have.',
    );
  }
}

/** Whether what is written in a set stands, and in which accounts: for whoever makes, verifies or undoes it. */
export function allowPermissionSetReads(job: JobFunction, { instanceArn }: IdentityCenterInstance): void {
  job.allow({
    actions: ['sso:GetInlinePolicyForPermissionSet', 'sso:ListAccountsForProvisionedPermissionSet'],
    resources: [instanceArn, setsOf(instanceArn)],
  });
  anySet(job, instanceArn);
}

/**
 * What the registered actions require in the sets of the one instance. Provisioning is checked on the accounts as well, and
 * how it went is asked for by its number.
 */
export function allowPermissionSetWrites(
  job: JobFunction,
  what: 'revert' | 'undo',
  { instanceArn }: IdentityCenterInstance,
): void {
  const actions = requirementsOf(what)
    .filter(({ on }) => on === 'permission-set')
    .flatMap((requirement) => requirement.actions);
  const accounts = `${instanceArn.split(':instance/')[0]}:account/*`;
  job.allow({
    actions: [...new Set(actions), 'sso:DescribePermissionSetProvisioningStatus'].sort(),
    resources: [instanceArn, setsOf(instanceArn), accounts],
  });
  anySet(job, instanceArn);
  acknowledge(
    job.role,
    `AwsSolutions-IAM5[Resource::${accounts}]`,
    'Nobody knows beforehand whom a rule will be about, nor in which accounts they have a permission set.',
  );
}

function setsOf(instanceArn: string): string {
  return `${instanceArn.replace(':instance/', ':permissionSet/')}/*`;
}

function anySet(job: JobFunction, instanceArn: string): void {
  acknowledge(
    job.role,
    `AwsSolutions-IAM5[Resource::${setsOf(instanceArn)}]`,
    'Nobody knows beforehand whom a rule will be about, nor in which accounts they have a permission set.',
  );
}
