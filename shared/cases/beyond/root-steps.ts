import { commandWord } from './command-word.ts';

/**
 * No IAM policy restricts root: its own credentials, or the organisation's means.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
 */
export function rootSteps(account: string, accessKeyId?: string): readonly string[] {
  const id = commandWord(account, 'ACCOUNT-ID');
  const key = accessKeyId?.startsWith('AKIA') === true ? commandWord(accessKeyId, 'KEY-ID') : 'KEY-ID';
  const deny = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { ArnLike: { 'aws:PrincipalArn': `arn:*:iam::${id}:root` } },
      },
    ],
  };
  return [
    `Sign in as root of ${id}, open "Security credentials" and change the password; change that of its e-mail account first.`,
    `Switch its access key off, with root's own credentials: aws iam update-access-key --access-key-id ${key} --status Inactive`,
    "Remove the MFA devices there that nobody of yours owns, and see with root's own credentials what is left: aws iam list-mfa-devices",
    `Member account: from the management account, become root of it: aws sts assume-root --region us-east-1 --target-principal ${id} --task-policy-arn arn=arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials`,
    `With the credentials that this prints, take password and keys away: aws iam delete-login-profile && aws iam list-access-keys && aws iam delete-access-key --access-key-id ${key}`,
    `Or deny its root: aws organizations create-policy --type SERVICE_CONTROL_POLICY --name DenyRoot --description DenyRoot --content '${JSON.stringify(deny)}'`,
    `With the id that this prints: aws organizations attach-policy --target-id ${id} --policy-id POLICY-ID`,
    'Management account, or nobody can sign in as root any more: open a case with AWS Support, "Account and billing"; no policy reaches it.',
  ];
}
