import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import type { Construct } from 'constructs';
import type { Scp } from '../constructs/guard-scps.ts';

export type GuardStackProps = StackProps & {
  readonly scps: readonly Scp[];
  /** Ids of the root, organisational units and accounts that the policies are attached to. */
  readonly targetIds: readonly string[];
};

/** For the organisation's management account, or the account that administers its policies. */
export class GuardStack extends Stack {
  constructor(scope: Construct, id: string, { scps, targetIds, ...props }: GuardStackProps) {
    super(scope, id, {
      description: 'Holds what Rescind contains, and Rescind itself, against administrators of the accounts',
      ...props,
      terminationProtection: true,
    });
    for (const { name, description, document } of scps) {
      const policy = new CfnPolicy(this, name.replaceAll('-', ''), {
        name,
        description,
        type: 'SERVICE_CONTROL_POLICY',
        content: document,
        ...(targetIds.length === 0 ? {} : { targetIds: [...targetIds] }),
      });
      new CfnOutput(this, `${name.replaceAll('-', '')}Id`, { value: policy.attrId, description });
    }
    this.node.addValidation({ validate: () => scps.flatMap(sizeProblems) });
  }
}

/**
 * Characters of a service control policy, white space included when it is not saved in the console. A target takes five
 * policies, and one of them is the organisation's FullAWSAccess.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export const SCP_CHARACTERS = 5120;

function sizeProblems({ name, document }: Scp): string[] {
  const { length } = JSON.stringify(document);
  return length <= SCP_CHARACTERS
    ? []
    : [`${name} has ${length} characters of ${SCP_CHARACTERS}: join some entries of protected with a star.`];
}
