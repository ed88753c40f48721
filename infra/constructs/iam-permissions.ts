import { Aws } from 'aws-cdk-lib';
import { type Action, type Part, partOf, type Requirement } from '../../shared/containment/action.ts';
import { HELD_TAG } from '../../shared/containment/held-tag.ts';
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
const ONLY_IN: Readonly<Partial<Record<Kind, Conditions>>> = {
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

/** No role has what only a caller may do. */
type RolePart = Exclude<Part, 'caller'> | 'undo';

/** What the registered actions require to be applied by contain or by revert, or to be undone, and nothing else. */
export function requirementsOf(what: RolePart): readonly Requirement[] {
  return Object.values<Action>(ACTIONS)
    .filter((action) => what === 'undo' || partOf(action) === what)
    .flatMap(({ requires }) => requires)
    .filter(({ phase }) => phase === (what === 'undo' ? 'undo' : 'apply'));
}

/** The one policy that may be attached, and whether a tag may be written, which only the organisation's guard minds. */
export type WriteBounds = { readonly quarantinePolicyArn: string; readonly tagsHeld?: boolean };

export function allowWrites(job: JobFunction, what: RolePart, { quarantinePolicyArn, tagsHeld }: WriteBounds): void {
  const required = requirementsOf(what).filter(({ onlyHeldTag }) => onlyHeldTag !== true || tagsHeld === true);
  for (const kind of kinds()) {
    const byBound = new Map<string, { readonly actions: Set<string>; readonly conditions?: Conditions }>();
    for (const requirement of required.filter(({ on }) => on === kind)) {
      for (const action of requirement.actions) {
        const conditions = boundOf(requirement, action, quarantinePolicyArn) ?? ONLY_IN[kind];
        const bound = JSON.stringify(conditions ?? {});
        const same = byBound.get(bound) ?? { actions: new Set(), ...(conditions === undefined ? {} : { conditions }) };
        byBound.set(bound, { ...same, actions: same.actions.add(action) });
      }
    }
    for (const { actions, ...bound } of byBound.values())
      allowOnAll(job, kind, { actions: [...actions].sort(), ...bound });
  }
}

type Conditions = Record<string, Record<string, string>>;

function boundOf(
  { onlyQuarantinePolicy, neverQuarantinePolicy, onlyHeldTag }: Requirement,
  action: string,
  quarantinePolicyArn: string,
): Conditions | undefined {
  if (onlyHeldTag === true) {
    // Null: of a request without any tag ForAllValues would be true.
    return { 'ForAllValues:StringEquals': { 'aws:TagKeys': HELD_TAG }, Null: { 'aws:TagKeys': 'false' } };
  }
  const policy = { [policyKeyOf(action)]: quarantinePolicyArn };
  if (onlyQuarantinePolicy === true) return { ArnEquals: policy };
  return neverQuarantinePolicy === true ? { ArnNotEquals: policy } : undefined;
}

/**
 * The condition key that names the policy of a call: of a boundary the one that is put, or the one that is taken off
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html).
 */
function policyKeyOf(action: string): 'iam:PolicyARN' | 'iam:PermissionsBoundary' {
  return action.endsWith('PermissionsBoundary') ? 'iam:PermissionsBoundary' : 'iam:PolicyARN';
}

function allowOnAll(
  job: JobFunction,
  kind: Kind,
  statement: { readonly actions: readonly string[]; readonly conditions?: Conditions },
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
