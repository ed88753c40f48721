import { commandWord, lookUp } from '../cases/beyond/command-word.ts';
import type { Residual } from '../cases/outcome.ts';
import type { PrincipalSubject } from '../cases/subject.ts';

/**
 * Access that a deny in IAM does not end, with what a human must do about it. AWS checks a policy when a call is
 * made: whatever was opened or issued before, and whatever asks no policy, lives on.
 */
export function residualOf(
  subject: PrincipalSubject,
  { isTrustBlocked = false, isConsoleReset = false } = {},
): readonly Residual[] {
  const ofRole = subject.kind === 'user' || isTrustBlocked ? [] : roleResidual(subject);
  const ofUser = subject.kind === 'user' ? [TOKENS, ...(isConsoleReset ? [] : [passwordResidual(subject)])] : [];
  return [...commonResidual(subject), ...ofUser, ...ofRole];
}

function commonResidual(subject: PrincipalSubject): readonly Residual[] {
  const { arn } = subject;
  const owner =
    subject.kind === 'session'
      ? `arn:aws:sts::${subject.account}:assumed-role/${subject.roleName}/${subject.sessionName}`
      : arn;
  // CloudTrail finds calls by the name of the user, or of the session; not of a role with all of its sessions.
  const name =
    subject.kind === 'user' ? subject.userName : subject.kind === 'session' ? subject.sessionName : undefined;
  const calls =
    name === undefined ? `npx rescind what ${commandWord(arn, 'ROLE-ARN')}` : lookUp('Username', name, 'NAME');
  return [
    {
      // No permission is needed for it and an explicit deny does not stop it
      // (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
      what: 'sts:GetCallerIdentity still answers, and so do logins built on it (Kubernetes, Vault and the like)',
      humanStep: `Remove ${arn} from what trusts AWS identities: EKS access entries and aws-auth, Vault roles, others of your own.`,
    },
    {
      what: 'role sessions that it assumed before live on',
      humanStep: `Look for AssumeRole calls by ${owner} and contain those sessions: ${calls}`,
    },
    {
      // A password or token that was fetched opens the database without asking IAM again: 15 minutes for RDS, up to an
      // hour for Redshift (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html).
      what: 'open database sessions, and database passwords and tokens that it fetched',
      humanStep: 'End its open sessions in each database that it could reach, and rotate the passwords that it read.',
    },
    {
      what: 'open SSM sessions',
      humanStep: `End each of these by its id with aws ssm terminate-session: aws ssm describe-sessions --state Active --filters key=Owner,value=${commandWord(owner, 'ARN')}`,
    },
    {
      // A grant is the grantee's, whoever made it (https://docs.aws.amazon.com/kms/latest/developerguide/grants.html).
      what: 'grants that it made, of keys and others, are valid for those who hold them',
      humanStep: `Look for CreateGrant calls by ${owner} and take each back: aws kms revoke-grant --key-id KEY-ID --grant-id GRANT-ID`,
    },
    {
      what: 'compute that it started runs on, under roles of its own',
      humanStep: `Look for RunInstances, RunTask, CreateFunction and the like by ${owner} and stop what should not run: ${calls}`,
    },
  ];
}

const TOKENS: Residual = {
  what: 'tokens already handed to third parties',
  humanStep: 'Revoke at each third party what it was given: OAuth grants, registry logins, web identity tokens.',
};

function passwordResidual({ userName }: { readonly userName: string }): Residual {
  return {
    // No function of Rescind may set one: whoever could use the permission would choose one that they know.
    what: 'a console password, if it has one: who knows it is denied now, and signs in again after a release',
    humanStep: `Before the release give it one that must be changed at once: ${newPassword(userName)}`,
  };
}

/** For a person: the command that gives a user a console password. */
export function newPassword(userName: string): string {
  return `aws iam update-login-profile --user-name ${commandWord(userName, 'USER')} --password NEW-PASSWORD --password-reset-required`;
}

function roleResidual({ roleName }: { readonly roleName: string }): readonly Residual[] {
  return [
    {
      what: 'the role can be assumed again by whoever its trust policy admits',
      humanStep: `Find out who opened the session and contain them. Whom the role lets in: aws iam get-role --role-name ${commandWord(roleName, 'ROLE-NAME')}`,
    },
  ];
}
