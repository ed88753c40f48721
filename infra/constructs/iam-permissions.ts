import { Aws } from 'aws-cdk-lib';
import { type Action, type Part, partOf, type Requirement } from '../../shared/containment/action.ts';
import type { READS } from '../../shared/containment/reads.ts';
import { ACTIONS } from '../../shared/containment/registry.ts';
import { acknowledge } from '../checks/acknowledgements.ts';
import type { JobFunction } from './job-function.ts';

/** What lies in Identity Center is bound by the instance that the policy names: identity-center-permissions.ts. */
type Kind = Exclude<Requirement['on'], 'permission-set'>;
export type ContainmentRead = (typeof READS)[keyof typeof READS][number];

/**
 * On what each read is checked; one that is added to the containment fails to compile until it stands here. `account`: no
 * resource can be named, or any would do: of groups IAM knows only the account's own, and a managed policy may be AWS's.
 */
const READ_ON: Readonly<Record<ContainmentRead, Kind>> = {
  'iam:GetUser': 'user',
  'iam:GetRole': 'role',
  'iam:ListAttachedUserPolicies': 'user',
  'iam:ListAttachedRolePolicies': 'role',
  'iam:GetUserPolicy': 'user',
  'iam:GetRolePolicy': 'role',
  'iam:ListAccessKeys': 'user',
  'iam:ListMFADevices': 'user',
  'iam:ListServiceSpecificCredentials': 'user',
  'iam:ListSSHPublicKeys': 'user',
  'iam:ListSigningCertificates': 'user',
  'iam:ListUserPolicies': 'user',
  'iam:ListRolePolicies': 'role',
  'iam:ListGroupsForUser': 'user',
  'iam:ListAttachedGroupPolicies': 'account',
  'iam:ListGroupPolicies': 'account',
  'iam:GetGroupPolicy': 'account',
  'iam:GetLoginProfile': 'user',
  'iam:GetAccountAuthorizationDetails': 'account',
  'iam:GetPolicy': 'account',
  'iam:GetPolicyVersion': 'account',
  'cloudtrail:GetTrailStatus': 'trail',
  'cloudtrail:LookupEvents': 'account',
  // EC2 describes without regard to resources.
  'ec2:DescribeSecurityGroupRules': 'account',
  'ec2:DescribeSecurityGroups': 'account',
  's3:GetBucketPublicAccessBlock': 'bucket',
  's3:GetAccountPublicAccessBlock': 'account',
  'secretsmanager:DescribeSecret': 'secret',
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount */
const OF_THIS_ACCOUNT = { 'aws:ResourceAccount': Aws.ACCOUNT_ID };

/**
 * Whatever bears such an ARN in this account. `everything`: by a condition, or because the service has no ARN for it; a name
 * could be anything where a pattern of ARNs would say no more than the account.
 */
const KINDS: Readonly<Record<Kind, { readonly arn: string } | { readonly everything: Record<string, string> }>> = {
  user: { arn: 'iam::<account>:user/*' },
  role: { arn: 'iam::<account>:role/*' },
  trail: { everything: OF_THIS_ACCOUNT },
  // The rule that a call is about is a resource of its own, security-group-rule.
  'security-group': { arn: 'ec2:*:<account>:security-group*/*' },
  bucket: { everything: OF_THIS_ACCOUNT },
  // The block of an account is always the caller's own.
  account: { everything: {} },
  secret: { everything: OF_THIS_ACCOUNT },
  // Whoever starts a rotation must be allowed to invoke the function of it. Named as the console names those that it makes,
  // and as AWS's own policy SecretsManagerReadWrite expects: any other lets Rescind in by its own policy.
  'rotation-function': { arn: 'lambda:*:<account>:function:SecretsManager*' },
};

/**
 * RotateSecret also sets up how a secret is rotated; a request that names a function, a role or a schedule is not allowed
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html).
 */
const ONLY_IN: Readonly<Partial<Record<Kind, Record<string, Record<string, string>>>>> = {
  secret: {
    Null: { 'secretsmanager:RotationLambdaARN': 'true', 'secretsmanager:ExternalSecretRotationRoleArn': 'true' },
    BoolIfExists: { 'secretsmanager:ModifyRotationRules': 'false' },
  },
  'rotation-function': { StringEquals: OF_THIS_ACCOUNT },
};

/** The reads of the containment, or some of them. */
export function allowReads(job: JobFunction, reads: readonly ContainmentRead[]): void {
  for (const kind of kinds()) {
    const actions = reads.filter((action) => READ_ON[action] === kind);
    if (actions.length > 0) allowOnAll(job, kind, { actions });
  }
}

/** What the registered actions require to be applied by contain or by revert, or to be undone, and nothing else. */
export function requirementsOf(what: Part | 'undo'): readonly Requirement[] {
  return Object.values<Action>(ACTIONS)
    .filter((action) => what === 'undo' || partOf(action) === what)
    .flatMap(({ requires }) => requires)
    .filter(({ phase }) => phase === (what === 'undo' ? 'undo' : 'apply'));
}

export function allowWrites(job: JobFunction, what: Part | 'undo', quarantinePolicyArn: string): void {
  const required = requirementsOf(what);
  for (const kind of kinds()) {
    for (const bound of ['only', 'never', 'any'] as const) {
      const actions = required
        .filter((requirement) => requirement.on === kind && boundOf(requirement) === bound)
        .flatMap((requirement) => requirement.actions);
      if (actions.length === 0) continue;
      const operator = { only: 'ArnEquals', never: 'ArnNotEquals', any: undefined }[bound];
      const conditions =
        operator === undefined ? ONLY_IN[kind] : { [operator]: { 'iam:PolicyARN': quarantinePolicyArn } };
      allowOnAll(job, kind, {
        actions: [...new Set(actions)].sort(),
        ...(conditions === undefined ? {} : { conditions }),
      });
    }
  }
}

function boundOf({ onlyQuarantinePolicy, neverQuarantinePolicy }: Requirement): 'only' | 'never' | 'any' {
  if (onlyQuarantinePolicy === true) return 'only';
  return neverQuarantinePolicy === true ? 'never' : 'any';
}

function allowOnAll(
  job: JobFunction,
  kind: Kind,
  statement: { readonly actions: readonly string[]; readonly conditions?: Record<string, Record<string, string>> },
): void {
  const actions = [...statement.actions];
  const where = KINDS[kind];
  if ('everything' in where) {
    // Acknowledged where the role is made.
    const bound = Object.keys(where.everything).length === 0 ? {} : { StringEquals: where.everything };
    const conditions = { ...statement.conditions, ...bound };
    job.allow({ actions, resources: ['*'], ...(Object.keys(conditions).length === 0 ? {} : { conditions }) });
    return;
  }
  const arn = (account: string): string => where.arn.replace('<account>', account);
  job.allow({ ...statement, actions, resources: [`arn:${Aws.PARTITION}:${arn(Aws.ACCOUNT_ID)}`] });
  acknowledge(
    job.role,
    `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:${arn('<AWS::AccountId>')}]`,
    'Nobody knows beforehand whom a rule will be about. Rescind itself and the protected are denied by Rescind-Guard.',
  );
}

function kinds(): readonly Kind[] {
  return Object.keys(KINDS).filter((kind): kind is Kind => Object.hasOwn(KINDS, kind));
}
