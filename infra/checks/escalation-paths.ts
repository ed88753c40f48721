import { ACCOUNT } from './role-policies.ts';

/** One call of a path, on a thing that would be worth it. */
export type EscalationStep = {
  readonly action: string;
  readonly resource: string;
  /** Condition keys that the caller chooses. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
};

/** Calls by whose success, all of them, a principal gets access that nobody gave it. */
export type EscalationPath = { readonly name: string; readonly steps: readonly EscalationStep[] };

const iam = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`;
const regional = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${rest}`;

const USER = iam('user/somebody');
const ROLE = iam('role/something');
const GROUP = iam('group/people');
const POLICY = iam('policy/permissions');
const FUNCTION = regional('lambda', 'function:work');
const INSTANCE = regional('ec2', 'instance/i-0abcdef1234567890');

const step = (action: string, resource: string, context?: EscalationStep['context']): EscalationStep => ({
  action,
  resource,
  ...(context === undefined ? {} : { context }),
});
const administrator = { 'iam:PolicyARN': ['arn:aws:iam::aws:policy/AdministratorAccess'] };
const wideBoundary = { 'iam:PermissionsBoundary': ['arn:aws:iam::aws:policy/AdministratorAccess'] };
const letInByTag = { 'aws:TagKeys': ['team'] };
const passRole = step('iam:PassRole', ROLE);

/** A service that the caller makes work with a role which it passes to it. */
const passing = (name: string, service: string, ...steps: readonly EscalationStep[]): EscalationPath => ({
  name: `PassRole to ${service}: ${name}`,
  steps: [passRole, ...steps],
});
/** A single call that is enough. */
const alone = (
  name: string,
  action: string,
  resource: string,
  context?: EscalationStep['context'],
): EscalationPath => ({
  name,
  steps: [step(action, resource, context)],
});

/**
 * The known ways to more access in AWS, under the names that the public lists use: Rhino Security Labs' "AWS IAM Privilege
 * Escalation", pathfinding.cloud, Hacking the Cloud. Only what a caller needs permission for is named, each call once.
 */
export const ESCALATION_PATHS: readonly EscalationPath[] = [
  // Changing what a policy says.
  alone('CreateNewPolicyVersion', 'iam:CreatePolicyVersion', POLICY),
  alone('SetExistingDefaultPolicyVersion', 'iam:SetDefaultPolicyVersion', POLICY),
  alone('AttachUserPolicy', 'iam:AttachUserPolicy', USER, administrator),
  alone('AttachGroupPolicy', 'iam:AttachGroupPolicy', GROUP, administrator),
  alone('AttachRolePolicy', 'iam:AttachRolePolicy', ROLE, administrator),
  alone('PutUserPolicy', 'iam:PutUserPolicy', USER),
  alone('PutGroupPolicy', 'iam:PutGroupPolicy', GROUP),
  alone('PutRolePolicy', 'iam:PutRolePolicy', ROLE),
  alone('AddUserToGroup', 'iam:AddUserToGroup', GROUP),
  // Taking off what holds somebody back.
  alone('DetachUserPolicy that denies', 'iam:DetachUserPolicy', USER),
  alone('DetachRolePolicy that denies', 'iam:DetachRolePolicy', ROLE),
  alone('DetachGroupPolicy that denies', 'iam:DetachGroupPolicy', GROUP),
  alone('DeleteUserPolicy that denies', 'iam:DeleteUserPolicy', USER),
  alone('DeleteRolePolicy that denies', 'iam:DeleteRolePolicy', ROLE),
  alone('DeleteGroupPolicy that denies', 'iam:DeleteGroupPolicy', GROUP),
  alone('RemoveUserFromGroup that denies', 'iam:RemoveUserFromGroup', GROUP),
  alone('DeleteUserPermissionsBoundary', 'iam:DeleteUserPermissionsBoundary', USER),
  alone('DeleteRolePermissionsBoundary', 'iam:DeleteRolePermissionsBoundary', ROLE),
  alone('PutUserPermissionsBoundary', 'iam:PutUserPermissionsBoundary', USER, wideBoundary),
  alone('PutRolePermissionsBoundary', 'iam:PutRolePermissionsBoundary', ROLE, wideBoundary),
  // A tag by which policies tell who may do what.
  alone('TagUser', 'iam:TagUser', USER, letInByTag),
  alone('TagRole', 'iam:TagRole', ROLE, letInByTag),
  alone('UntagUser that a deny goes by', 'iam:UntagUser', USER, letInByTag),
  alone('UntagRole that a deny goes by', 'iam:UntagRole', ROLE, letInByTag),
  // Credentials of somebody else.
  alone('CreateAccessKey', 'iam:CreateAccessKey', USER),
  alone('UpdateAccessKey', 'iam:UpdateAccessKey', USER),
  alone('CreateLoginProfile', 'iam:CreateLoginProfile', USER),
  alone('UpdateLoginProfile', 'iam:UpdateLoginProfile', USER),
  alone('ChangePassword', 'iam:ChangePassword', USER),
  alone('CreateServiceSpecificCredential', 'iam:CreateServiceSpecificCredential', USER),
  alone('ResetServiceSpecificCredential', 'iam:ResetServiceSpecificCredential', USER),
  alone('UpdateServiceSpecificCredential', 'iam:UpdateServiceSpecificCredential', USER),
  alone('UploadSSHPublicKey', 'iam:UploadSSHPublicKey', USER),
  alone('UpdateSSHPublicKey', 'iam:UpdateSSHPublicKey', USER),
  alone('UploadSigningCertificate', 'iam:UploadSigningCertificate', USER),
  alone('UpdateSigningCertificate', 'iam:UpdateSigningCertificate', USER),
  alone('DeactivateMFADevice', 'iam:DeactivateMFADevice', USER),
  { name: 'EnableMFADevice of one’s own', steps: [step('iam:EnableMFADevice', USER)] },
  // Becoming a role.
  alone('AssumeRole', 'sts:AssumeRole', ROLE),
  alone('AssumeRoleWithSAML', 'sts:AssumeRoleWithSAML', ROLE),
  alone('AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithWebIdentity', ROLE),
  alone('GetFederationToken', 'sts:GetFederationToken', regional('sts', 'federated-user/somebody')),
  alone('UpdateAssumeRolePolicy', 'iam:UpdateAssumeRolePolicy', ROLE),
  alone('CreateSAMLProvider', 'iam:CreateSAMLProvider', iam('saml-provider/ours')),
  alone('UpdateSAMLProvider', 'iam:UpdateSAMLProvider', iam('saml-provider/ours')),
  alone('CreateOpenIDConnectProvider', 'iam:CreateOpenIDConnectProvider', iam('oidc-provider/ours')),
  alone(
    'UpdateOpenIDConnectProviderThumbprint',
    'iam:UpdateOpenIDConnectProviderThumbprint',
    iam('oidc-provider/ours'),
  ),
  {
    name: 'CreateRole with a policy',
    steps: [step('iam:CreateRole', ROLE), step('iam:AttachRolePolicy', ROLE, administrator)],
  },
  // A role that is passed to something new.
  passing('RunInstances', 'EC2', step('ec2:RunInstances', INSTANCE)),
  passing('AssociateIamInstanceProfile', 'EC2', step('ec2:AssociateIamInstanceProfile', INSTANCE)),
  passing(
    'CreateFunction and Invoke',
    'Lambda',
    step('lambda:CreateFunction', FUNCTION),
    step('lambda:InvokeFunction', FUNCTION),
  ),
  passing(
    'CreateFunction and AddPermission',
    'Lambda',
    step('lambda:CreateFunction', FUNCTION),
    step('lambda:AddPermission', FUNCTION),
  ),
  passing(
    'CreateFunction and CreateEventSourceMapping',
    'Lambda',
    step('lambda:CreateFunction', FUNCTION),
    step('lambda:CreateEventSourceMapping', regional('lambda', 'event-source-mapping:1')),
  ),
  passing('CreateDevEndpoint', 'Glue', step('glue:CreateDevEndpoint', regional('glue', 'devEndpoint/work'))),
  passing('CreateJob', 'Glue', step('glue:CreateJob', regional('glue', 'job/work'))),
  passing('CreateStack', 'CloudFormation', step('cloudformation:CreateStack', regional('cloudformation', 'stack/s/1'))),
  passing(
    'CreatePipeline',
    'Data Pipeline',
    step('datapipeline:CreatePipeline', '*'),
    step('datapipeline:PutPipelineDefinition', '*'),
    step('datapipeline:ActivatePipeline', '*'),
  ),
  passing(
    'CreateNotebookInstance',
    'SageMaker',
    step('sagemaker:CreateNotebookInstance', regional('sagemaker', 'notebook-instance/work')),
  ),
  passing(
    'CreateTrainingJob',
    'SageMaker',
    step('sagemaker:CreateTrainingJob', regional('sagemaker', 'training-job/work')),
  ),
  passing(
    'CreateProject and StartBuild',
    'CodeBuild',
    step('codebuild:CreateProject', regional('codebuild', 'project/work')),
    step('codebuild:StartBuild', regional('codebuild', 'project/work')),
  ),
  passing('CreateProject', 'CodeStar', step('codestar:CreateProject', '*')),
  passing(
    'RegisterTaskDefinition and RunTask',
    'ECS',
    step('ecs:RegisterTaskDefinition', '*'),
    step('ecs:RunTask', regional('ecs', 'task-definition/work:1')),
  ),
  passing('CreateService', 'App Runner', step('apprunner:CreateService', regional('apprunner', 'service/work/1'))),
  passing(
    'CreateStateMachine and StartExecution',
    'Step Functions',
    step('states:CreateStateMachine', regional('states', 'stateMachine:work')),
    step('states:StartExecution', regional('states', 'stateMachine:work')),
  ),
  passing(
    'SetIdentityPoolRoles',
    'Cognito',
    step('cognito-identity:SetIdentityPoolRoles', regional('cognito-identity', 'identitypool/us-east-1:1')),
  ),
  passing(
    'CreateTrustAnchor and CreateProfile',
    'Roles Anywhere',
    step('rolesanywhere:CreateTrustAnchor', '*'),
    step('rolesanywhere:CreateProfile', '*'),
  ),
  passing('PutRule and PutTargets', 'EventBridge', step('events:PutTargets', regional('events', 'rule/work'))),
  // Work that runs with a role already.
  alone('UpdateFunctionCode', 'lambda:UpdateFunctionCode', FUNCTION),
  alone('UpdateFunctionConfiguration (a layer)', 'lambda:UpdateFunctionConfiguration', FUNCTION),
  alone('AddPermission to a function', 'lambda:AddPermission', FUNCTION),
  alone('EditExistingGlueDevEndpoint', 'glue:UpdateDevEndpoint', regional('glue', 'devEndpoint/work')),
  alone('UpdateJob', 'glue:UpdateJob', regional('glue', 'job/work')),
  alone('UpdateStack', 'cloudformation:UpdateStack', regional('cloudformation', 'stack/s/1')),
  {
    name: 'CreateChangeSet and ExecuteChangeSet',
    steps: [
      step('cloudformation:CreateChangeSet', regional('cloudformation', 'stack/s/1')),
      step('cloudformation:ExecuteChangeSet', regional('cloudformation', 'stack/s/1')),
    ],
  },
  alone('UpdateStateMachine', 'states:UpdateStateMachine', regional('states', 'stateMachine:work')),
  alone('StartBuild with another buildspec', 'codebuild:StartBuild', regional('codebuild', 'project/work')),
  alone(
    'CreatePresignedNotebookInstanceUrl',
    'sagemaker:CreatePresignedNotebookInstanceUrl',
    regional('sagemaker', 'notebook-instance/work'),
  ),
  alone('SendCommand', 'ssm:SendCommand', INSTANCE),
  alone('StartSession', 'ssm:StartSession', INSTANCE),
  alone('SendSSHPublicKey', 'ec2-instance-connect:SendSSHPublicKey', INSTANCE),
  alone('ModifyInstanceAttribute (user data)', 'ec2:ModifyInstanceAttribute', INSTANCE),
  alone('ExecuteCommand', 'ecs:ExecuteCommand', regional('ecs', 'task/work/1')),
  alone('AssociateAccessPolicy', 'eks:AssociateAccessPolicy', regional('eks', 'access-entry/c/role/1/r/1')),
  // Policies on things.
  alone('PutBucketPolicy', 's3:PutBucketPolicy', 'arn:aws:s3:::reports'),
  alone('PutKeyPolicy', 'kms:PutKeyPolicy', regional('kms', 'key/1')),
  alone('CreateGrant', 'kms:CreateGrant', regional('kms', 'key/1')),
  alone(
    'PutResourcePolicy of a secret',
    'secretsmanager:PutResourcePolicy',
    regional('secretsmanager', 'secret:s-AbCdEf'),
  ),
  alone('GetSecretValue', 'secretsmanager:GetSecretValue', regional('secretsmanager', 'secret:s-AbCdEf')),
  alone(
    'RotateSecret with a function of one’s own, which is given the value',
    'secretsmanager:RotateSecret',
    regional('secretsmanager', 'secret:s-AbCdEf'),
    { 'secretsmanager:RotationLambdaARN': [FUNCTION] },
  ),
  // What keeps a thing closed, or seen.
  alone('PutBucketPublicAccessBlock', 's3:PutBucketPublicAccessBlock', 'arn:aws:s3:::reports'),
  alone('PutAccountPublicAccessBlock', 's3:PutAccountPublicAccessBlock', '*'),
  alone(
    'AuthorizeSecurityGroupIngress',
    'ec2:AuthorizeSecurityGroupIngress',
    regional('ec2', 'security-group/sg-0123456789abcdef0'),
  ),
  alone('StopLogging', 'cloudtrail:StopLogging', regional('cloudtrail', 'trail/main')),
  alone('DeleteTrail', 'cloudtrail:DeleteTrail', regional('cloudtrail', 'trail/main')),
  // Identity Center.
  alone('CreateAccountAssignment', 'sso:CreateAccountAssignment', '*'),
  alone('AttachManagedPolicyToPermissionSet', 'sso:AttachManagedPolicyToPermissionSet', '*'),
  alone(
    'PutInlinePolicyToPermissionSet',
    'sso:PutInlinePolicyToPermissionSet',
    'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef',
  ),
];
