import { IAM_WRITERS, JOBS, ownRoleName } from '../../shared/cases/own-roles.ts';
import { STOP_PARAMETER } from '../../shared/cases/stop-switch.ts';
import { QUARANTINE_POLICY_NAME } from '../../shared/containment/documents.ts';
import { HELD_TAG } from '../../shared/containment/held-tag.ts';
import { GUARD_POLICY_NAME, KEY_ALIAS_PREFIX, MACHINE_NAME, NAME_PREFIX, STACK_NAME } from './names.ts';

export type GuardScope = {
  /** `protected` of the policy: who may do what the guard denies to everybody else. */
  readonly breakGlass: readonly string[];
  /** ARN patterns of the roles that deploy Rescind. */
  readonly deployers: readonly string[];
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
};

export type ScpStatement = {
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
};
/** One service control policy. */
export type Scp = {
  readonly name: string;
  readonly description: string;
  readonly document: { readonly Version: '2012-10-17'; readonly Statement: readonly ScpStatement[] };
};

/** Every way to change an IAM user or role, also those that will be added under these verbs. */
const IAM_WRITES = [
  ...['Add', 'Attach', 'Change', 'Create', 'Deactivate', 'Delete', 'Detach', 'Enable', 'Put', 'Remove', 'Reset'],
  ...['Resync', 'Set', 'Tag', 'Untag', 'Update', 'Upload'],
].map((verb) => `iam:${verb}*`);

const KEY_LOOKING = ['kms:Describe*', 'kms:Get*', 'kms:List*'];

/** What IAM may let anybody do with Rescind's own: look, and knock at the operators' door. Everything else is denied. */
const LOOKING = [
  ...['cloudformation:Describe*', 'cloudformation:Detect*', 'cloudformation:Get*', 'cloudformation:List*'],
  ...['cloudwatch:Describe*', 'cloudwatch:Get*', 'cloudwatch:List*'],
  ...['dynamodb:BatchGet*', 'dynamodb:Describe*', 'dynamodb:Get*', 'dynamodb:List*', 'dynamodb:Query', 'dynamodb:Scan'],
  ...['events:Describe*', 'events:List*'],
  ...['iam:Generate*', 'iam:Get*', 'iam:List*', 'iam:Simulate*'],
  ...KEY_LOOKING,
  // A function URL asks for both InvokeFunctionUrl and InvokeFunction; see the statement "Invoke" for the functions without.
  ...['lambda:Get*', 'lambda:Invoke*', 'lambda:List*'],
  ...['logs:Describe*', 'logs:Filter*', 'logs:Get*', 'logs:List*', 'logs:StartQuery'],
  ...['s3:Get*', 's3:List*'],
  ...['sns:ConfirmSubscription', 'sns:Get*', 'sns:List*', 'sqs:Get*', 'sqs:List*'],
  ...['ssm:Get*', 'ssm:List*', 'states:Describe*', 'states:Get*', 'states:List*'],
];

/**
 * Denies what an administrator of an account can otherwise do within seconds: undo the deny on whoever is contained, and
 * Rescind itself. A service control policy binds every principal of the accounts that it is attached to, their root users
 * too, but nobody in the management account.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 *
 * The exempt are our own roles, break-glass and whoever deploys, by their whole names: with `Rescind-*` instead, anybody
 * could name a role so. Nobody but the exempt can make or change a principal of such a name either.
 */
export function guardScps({ breakGlass, deployers, partition }: GuardScope): readonly Scp[] {
  const iam = (rest: string) => `arn:${partition}:iam::*:${rest}`;
  const own = (service: string, rest: string) => `arn:${partition}:${service}:*:*:${rest}`;
  const lambda = (job: string) => own('lambda', `function:${job}*`);
  const ownRoles = [...JOBS.map(ownRoleName), MACHINE_NAME].map((name) => iam(`role/${name}`));
  const others = [...breakGlass.map((arn) => arn.replace(/^arn:\*:/, `arn:${partition}:`)), ...deployers];
  const unlessExempt = { ArnNotLike: { 'aws:PrincipalArn': [...ownRoles, ...others] } };
  const writers = IAM_WRITERS.map((job) => iam(`role/${ownRoleName(job)}`));
  // Of our own roles only these ever change a principal.
  const unlessWriter = { ArnNotLike: { 'aws:PrincipalArn': [...writers, ...others] } };
  const principals = [iam('user/*'), iam('role/*')];

  const held: readonly ScpStatement[] = [
    {
      Sid: 'Quarantine',
      Effect: 'Deny',
      Action: ['iam:DetachRolePolicy', 'iam:DetachUserPolicy'],
      Resource: principals,
      Condition: { ...unlessWriter, ArnLike: { 'iam:PolicyARN': [iam(`policy/${QUARANTINE_POLICY_NAME}`)] } },
    },
    {
      // IAM knows the tags of users and roles in every call about them (IAM user guide, "Controlling access to and for IAM
      // users and roles using tags"), not those of groups: a group gives nothing to whom a deny holds.
      Sid: 'Held',
      Effect: 'Deny',
      Action: IAM_WRITES,
      Resource: principals,
      Condition: { ...unlessWriter, Null: { [`aws:ResourceTag/${HELD_TAG}`]: ['false'] } },
    },
    {
      // Or anybody could lock administrators out by tagging them.
      Sid: 'HeldTag',
      Effect: 'Deny',
      Action: ['iam:CreateRole', 'iam:CreateUser', 'iam:TagRole', 'iam:TagUser', 'iam:UntagRole', 'iam:UntagUser'],
      Resource: principals,
      Condition: { ...unlessWriter, 'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': [HELD_TAG] } },
    },
    {
      Sid: 'Names',
      Effect: 'Deny',
      Action: IAM_WRITES,
      Resource: others.filter((arn) => !arn.endsWith(':root')),
      Condition: unlessExempt,
    },
  ];
  const itself: readonly ScpStatement[] = [
    {
      Sid: 'Own',
      Effect: 'Deny',
      NotAction: LOOKING,
      Resource: [
        ...ownRoles,
        iam(`policy/${QUARANTINE_POLICY_NAME}`),
        iam(`policy/${GUARD_POLICY_NAME}`),
        own('cloudformation', `stack/${STACK_NAME}/*`),
        own('cloudwatch', `alarm:${NAME_PREFIX}*`),
        own('dynamodb', `table/${NAME_PREFIX}*`),
        own('events', `rule/${NAME_PREFIX}*`),
        own('kms', `${KEY_ALIAS_PREFIX}*`),
        own('lambda', `function:${NAME_PREFIX}*`),
        own('logs', `log-group:*${NAME_PREFIX}*`),
        // CloudFormation writes the names of buckets in small letters.
        `arn:${partition}:s3:::${NAME_PREFIX.toLowerCase()}*`,
        own('sns', `${NAME_PREFIX}*`),
        own('sqs', `${NAME_PREFIX}*`),
        own('ssm', `parameter${STOP_PARAMETER}`),
        own('states', `stateMachine:${NAME_PREFIX}*`),
        own('states', `execution:${NAME_PREFIX}*`),
      ],
      Condition: unlessExempt,
    },
    {
      Sid: 'Invoke',
      Effect: 'Deny',
      Action: ['lambda:InvokeAsync', 'lambda:InvokeFunction'],
      Resource: JOBS.filter((job) => job !== 'operate').map((job) => lambda(ownRoleName(job))),
      Condition: unlessExempt,
    },
  ];
  const nameless: readonly ScpStatement[] = [
    {
      // Mappings have no name of their own.
      Sid: 'Mappings',
      Effect: 'Deny',
      Action: ['lambda:DeleteEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
      Resource: ['*'],
      Condition: { ...unlessExempt, ArnLike: { 'lambda:FunctionArn': [lambda(NAME_PREFIX)] } },
    },
    {
      // Nor have keys: they are known by their alias.
      Sid: 'Keys',
      Effect: 'Deny',
      NotAction: KEY_LOOKING,
      Resource: [own('kms', 'key/*')],
      Condition: {
        ...unlessExempt,
        'ForAnyValue:StringLike': { 'kms:ResourceAliases': [`${KEY_ALIAS_PREFIX}*`] },
      },
    },
  ];
  return [
    {
      name: 'Rescind-Guard-Held',
      description: 'Whom Rescind contains stays contained, whatever an administrator of the account does',
      document: { Version: '2012-10-17', Statement: held.filter(({ Resource }) => Resource.length > 0) },
    },
    {
      name: 'Rescind-Guard-Itself',
      description: 'Rescind can be changed by its own roles, by break-glass and by its deployment only',
      document: { Version: '2012-10-17', Statement: itself },
    },
    {
      name: 'Rescind-Guard-Nameless',
      description: 'The same for what of Rescind has no name of its own: its keys and event source mappings',
      document: { Version: '2012-10-17', Statement: nameless },
    },
  ];
}
