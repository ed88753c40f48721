/** Reads of the containment, by job: `infra/` builds the functions' roles from it and from nothing else. */
const SUBJECT_READS = [
  'iam:GetUser',
  'iam:GetRole',
  'iam:ListAttachedUserPolicies',
  'iam:ListAttachedRolePolicies',
  'iam:GetUserPolicy',
  'iam:GetRolePolicy',
  'iam:ListAccessKeys',
  'iam:ListServiceSpecificCredentials',
  'iam:ListSSHPublicKeys',
  'iam:ListSigningCertificates',
] as const;

/** The default version of a managed policy takes both. */
const DOCUMENT_READS = ['iam:GetPolicy', 'iam:GetPolicyVersion'] as const;

/** Whether the subject administers the account: its inline policies and its groups'. */
const PRIVILEGE_READS = [
  'iam:ListUserPolicies',
  'iam:ListRolePolicies',
  'iam:ListGroupsForUser',
  'iam:ListAttachedGroupPolicies',
  'iam:ListGroupPolicies',
  'iam:GetGroupPolicy',
] as const;

/** Whether somebody else would be left who does: asked only about an administrator. */
const ACCOUNT_READS = ['iam:GetAccountAuthorizationDetails', 'iam:GetLoginProfile'] as const;

/** Whether what revert changed on a thing of another service stands. */
const RESOURCE_READS = [
  'cloudtrail:GetTrailStatus',
  'ec2:DescribeSecurityGroupRules',
  'ec2:DescribeSecurityGroups',
  's3:GetBucketPublicAccessBlock',
  's3:GetAccountPublicAccessBlock',
  'secretsmanager:DescribeSecret',
] as const;

/** What the subject left behind. */
const HISTORY_READS = ['cloudtrail:LookupEvents'] as const;

/** Whether MFA can be required of a user. */
const MFA_READS = ['iam:ListMFADevices'] as const;

export const READS = {
  plan: [...SUBJECT_READS, ...RESOURCE_READS, ...DOCUMENT_READS, ...PRIVILEGE_READS, ...MFA_READS],
  contain: [...SUBJECT_READS, ...DOCUMENT_READS, ...ACCOUNT_READS],
  revert: [...SUBJECT_READS, ...RESOURCE_READS, ...DOCUMENT_READS],
  verify: [...SUBJECT_READS, ...RESOURCE_READS, ...HISTORY_READS],
  restore: [...SUBJECT_READS, ...RESOURCE_READS],
} as const satisfies Readonly<Record<string, readonly `${string}:${string}`[]>>;
