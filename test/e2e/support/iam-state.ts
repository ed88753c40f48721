import {
  GetLoginProfileCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
  ListUserPoliciesCommand,
  ListUserTagsCommand,
} from '@aws-sdk/client-iam';

/**
 * Everything that IAM says of a principal, a fact a line: read by the SDK alone, so that nothing of what is tested
 * vouches for itself. Documents are as IAM sent them, byte for byte.
 */
export type IamState = Readonly<Record<string, string>>;

export async function userState(iam: IAMClient, UserName: string): Promise<IamState> {
  const of = { UserName };
  const [user, tags, groups, attached, inline, keys, login, mfa] = await Promise.all([
    iam.send(new GetUserCommand(of)),
    iam.send(new ListUserTagsCommand(of)),
    iam.send(new ListGroupsForUserCommand(of)),
    iam.send(new ListAttachedUserPoliciesCommand(of)),
    iam.send(new ListUserPoliciesCommand(of)),
    iam.send(new ListAccessKeysCommand(of)),
    loginProfile(iam, UserName),
    iam.send(new ListMFADevicesCommand(of)),
  ]);
  const documents = await Promise.all(
    (inline.PolicyNames ?? []).map((PolicyName) => iam.send(new GetUserPolicyCommand({ UserName, PolicyName }))),
  );
  return Object.fromEntries([
    ['id', String(user.User?.UserId)],
    ['arn', String(user.User?.Arn)],
    ['boundary', user.User?.PermissionsBoundary?.PermissionsBoundaryArn ?? 'none'],
    ['login profile', login],
    ...(tags.Tags ?? []).map(({ Key, Value }) => [`tag ${Key}`, String(Value)]),
    ...(groups.Groups ?? []).map(({ GroupName }) => [`group ${GroupName}`, 'member']),
    ...(attached.AttachedPolicies ?? []).map(({ PolicyArn }) => [`attached ${PolicyArn}`, 'yes']),
    ...documents.map(({ PolicyName, PolicyDocument }) => [`inline ${PolicyName}`, String(PolicyDocument)]),
    ...(keys.AccessKeyMetadata ?? []).map(({ AccessKeyId, Status }) => [`key ${AccessKeyId}`, String(Status)]),
    ...(mfa.MFADevices ?? []).map(({ SerialNumber }) => [`MFA device ${SerialNumber}`, 'enabled']),
  ]);
}

export async function roleState(iam: IAMClient, RoleName: string): Promise<IamState> {
  const of = { RoleName };
  const [role, tags, attached, inline] = await Promise.all([
    iam.send(new GetRoleCommand(of)),
    iam.send(new ListRoleTagsCommand(of)),
    iam.send(new ListAttachedRolePoliciesCommand(of)),
    iam.send(new ListRolePoliciesCommand(of)),
  ]);
  const documents = await Promise.all(
    (inline.PolicyNames ?? []).map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
  );
  return Object.fromEntries([
    ['id', String(role.Role?.RoleId)],
    ['arn', String(role.Role?.Arn)],
    ['trust', String(role.Role?.AssumeRolePolicyDocument)],
    ['description', role.Role?.Description ?? 'none'],
    ['boundary', role.Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? 'none'],
    ...(tags.Tags ?? []).map(({ Key, Value }) => [`tag ${Key}`, String(Value)]),
    ...(attached.AttachedPolicies ?? []).map(({ PolicyArn }) => [`attached ${PolicyArn}`, 'yes']),
    ...documents.map(({ PolicyName, PolicyDocument }) => [`inline ${PolicyName}`, String(PolicyDocument)]),
  ]);
}

async function loginProfile(iam: IAMClient, UserName: string): Promise<string> {
  try {
    const { LoginProfile } = await iam.send(new GetLoginProfileCommand({ UserName }));
    return `made ${LoginProfile?.CreateDate?.toISOString()}, reset required: ${LoginProfile?.PasswordResetRequired ?? false}`;
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchEntityException') return 'none';
    throw error;
  }
}
