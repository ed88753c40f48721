import { Aws } from 'aws-cdk-lib';
import type { IdentityCenterInstance } from '../../shared/identity-center/reach.ts';
import { acknowledge } from '../checks/acknowledgements.ts';
import type { JobFunction } from './job-function.ts';

/**
 * Reads alone, of the one instance and its store. Sets, users and memberships have no ARN that is known beforehand.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamidentitycenter.html
 */
export function allowIdentityCenterReads(
  job: JobFunction,
  { instanceArn, identityStoreId }: IdentityCenterInstance,
): void {
  const sets = `${instanceArn.replace(':instance/', ':permissionSet/')}/*`;
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
