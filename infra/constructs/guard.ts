import { Aws } from 'aws-cdk-lib';
import { Effect, ManagedPolicy, type PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { JOBS, ownRoleName } from '../../shared/cases/own-roles.ts';
import { GUARD_POLICY_NAME, MACHINE_NAME } from './names.ts';

export type GuardProps = {
  /** Of the policy's `protected`: ARNs of IAM users and roles, `*` allowed. */
  readonly protectedArns: readonly string[];
  readonly quarantinePolicyArn: string;
};

/**
 * What every role of Rescind is denied, whatever else it is allowed: becoming somebody, making somebody, and changing
 * Rescind itself or a protected principal. A deny in IAM holds where a check in code was forgotten.
 */
export class Guard extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: GuardProps) {
    super(scope, id);
    this.policy = new ManagedPolicy(this, 'Policy', {
      managedPolicyName: GUARD_POLICY_NAME,
      description:
        'Denied to every role of Rescind: impersonation, creation, and changes to itself and to the protected.',
      statements: [
        new PolicyStatement({
          sid: 'NeverBecomeSomebody',
          effect: Effect.DENY,
          actions: ['sts:AssumeRole*', 'sts:GetFederationToken', 'sts:GetSessionToken', 'iam:PassRole'],
          resources: ['*'],
        }),
        new PolicyStatement({
          sid: 'NeverMakeSomebody',
          effect: Effect.DENY,
          actions: [
            'iam:Create*',
            'iam:UpdateLoginProfile',
            'iam:DeleteLoginProfile',
            'iam:ChangePassword',
            'iam:SetDefaultPolicyVersion',
          ],
          resources: ['*'],
        }),
        new PolicyStatement({
          sid: 'NeverChangeOurselves',
          effect: Effect.DENY,
          // Reading stays allowed: to refuse a protected principal, it is looked at first.
          notActions: READS,
          resources: [
            ...[...JOBS.map(ownRoleName), MACHINE_NAME].map((name) => own('role', name)),
            own('policy', GUARD_POLICY_NAME),
            props.quarantinePolicyArn,
          ],
        }),
        ...protectedStatements(props.protectedArns),
      ],
    });
    this.node.addValidation({ validate: () => sizeProblems(this.policy.document) });
  }
}

/** Quota "Managed policy length", without white space; it cannot be raised. */
const MAX_POLICY_CHARACTERS = 6144;

function sizeProblems(document: PolicyDocument): string[] {
  // Where the account and the partition will be stand placeholders of the CDK, which are longer.
  const length = JSON.stringify(document.toJSON()).length;
  return length <= MAX_POLICY_CHARACTERS
    ? []
    : [`The entries of protected make the policy ${GUARD_POLICY_NAME} too long for IAM: join some with a star.`];
}

// Spelled out: with `Rescind-*` instead, anybody could name a role so that Rescind could not touch it.
function own(kind: 'role' | 'policy', name: string): string {
  return `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:${kind}/${name}`;
}

const READS = ['iam:Get*', 'iam:List*'];

function protectedStatements(arns: readonly string[]): PolicyStatement[] {
  if (arns.length === 0) return [];
  return [
    new PolicyStatement({
      sid: 'NeverTouchTheProtected',
      effect: Effect.DENY,
      notActions: READS,
      // IAM refuses a wildcard in the partition, which the policy file allows; there is only one partition here anyway.
      resources: arns.map((arn) => arn.replace(/^arn:\*:/, `arn:${Aws.PARTITION}:`)),
    }),
  ];
}
