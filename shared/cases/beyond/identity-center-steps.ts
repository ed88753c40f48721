import { commandWord } from './command-word.ts';

/**
 * What only IAM Identity Center can do, in the account that administers it.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/prereqs-revoking-user-permissions.html
 */
export function permissionSetSteps(
  roleName: string,
  account: string,
  /** The session's name, which is the user's name in Identity Center; `its users` where no session is meant. */
  who: { readonly userName: string } | { readonly all: true },
): readonly string[] {
  const set = commandWord(permissionSetOf(roleName), 'PERMISSION-SET');
  const id = commandWord(account, 'ACCOUNT-ID');
  const name = 'userName' in who ? who.userName : undefined;
  const people = name === undefined ? 'its users' : `the user ${name}`;
  return [
    `In IAM Identity Center / Users, open ${people}: "Disable user access", then delete everything under "Active sessions".`,
    `Get instance, store and user by their ids: aws sso-admin list-instances && aws identitystore list-users --identity-store-id STORE-ID --filters AttributePath=UserName,AttributeValue=${commandWord(name, 'USER-NAME')}`,
    `Role sessions already issued live on for up to 12 hours. Under Permission sets / ${set} / Inline policy, keep what is there: aws sso-admin get-inline-policy-for-permission-set --instance-arn INSTANCE-ARN --permission-set-arn SET-ARN`,
    `Add to it: ${JSON.stringify(DENY_USER)}`,
    'Save the whole: aws sso-admin put-inline-policy-to-permission-set --instance-arn INSTANCE-ARN --permission-set-arn SET-ARN --inline-policy DOCUMENT',
    'Bring it to every account: aws sso-admin provision-permission-set --instance-arn INSTANCE-ARN --permission-set-arn SET-ARN --target-type ALL_PROVISIONED_ACCOUNTS',
    `Remove the assignment, having noted it: aws sso-admin delete-account-assignment --instance-arn INSTANCE-ARN --permission-set-arn SET-ARN --target-type AWS_ACCOUNT --target-id ${id} --principal-type USER --principal-id USER-ID`,
    `Disable ${people} at the identity source as well, and remove group memberships that bring the set back: aws identitystore list-group-memberships-for-member --identity-store-id STORE-ID --member-id UserId=USER-ID`,
  ];
}

/** A user of Identity Center whom a record names by id, without a role. */
export function identityCenterUserSteps(userId: string): readonly string[] {
  const id = commandWord(userId, 'USER-ID');
  return [
    `See who it is: aws sso-admin list-instances && aws identitystore describe-user --identity-store-id STORE-ID --user-id ${id}`,
    'In IAM Identity Center / Users, open that user: "Disable user access", then delete everything under "Active sessions".',
    `See which accounts it reaches: aws sso-admin list-account-assignments-for-principal --instance-arn INSTANCE-ARN --principal-type USER --principal-id ${id}`,
    `Remove each, having noted it: aws sso-admin delete-account-assignment --instance-arn INSTANCE-ARN --permission-set-arn SET-ARN --target-type AWS_ACCOUNT --target-id ACCOUNT-ID --principal-type USER --principal-id ${id}`,
    'Role sessions already issued live on for up to 12 hours: add a deny on identitystore:userId and aws:TokenIssueTime to the inline policy of each permission set, and provision it.',
    'Disable the user at the identity source as well.',
  ];
}

const DENY_USER = {
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: {
    StringEquals: { 'identitystore:userId': 'USER-ID' },
    DateLessThan: { 'aws:TokenIssueTime': 'UTC-TIME-NOW' },
  },
};

/** `AWSReservedSSO_<permission set>_<16 hexadecimal digits>`. */
function permissionSetOf(roleName: string): string | undefined {
  return /^AWSReservedSSO_(.+)_[0-9a-f]+$/.exec(roleName)?.[1];
}
