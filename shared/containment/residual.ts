import type { Residual } from '../cases/outcome.ts';
import type { ContainableSubject } from './read-subject.ts';

/**
 * Access that a deny in IAM does not end, with what a human must do about it. AWS checks a policy when a call is
 * made: whatever was opened or issued before, and whatever asks no policy, lives on.
 */
export function residualOf(subject: ContainableSubject): readonly Residual[] {
  return [...commonResidual(subject), ...(subject.kind === 'user' ? USER_RESIDUAL : roleResidual(subject))];
}

function commonResidual(subject: ContainableSubject): readonly Residual[] {
  const { arn } = subject;
  const owner =
    subject.kind === 'session'
      ? `arn:aws:sts::${subject.account}:assumed-role/${subject.roleName}/${subject.sessionName}`
      : arn;
  return [
    {
      // No permission is needed for it and an explicit deny does not stop it
      // (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
      what: 'sts:GetCallerIdentity still answers, and so do logins built on it (Kubernetes, Vault and the like)',
      humanStep: `Remove ${arn} from what trusts AWS identities: EKS access entries and aws-auth, Vault roles, others of your own.`,
    },
    {
      what: 'role sessions that it assumed before live on',
      humanStep: `Look for AssumeRole calls by ${owner} in the record and contain those sessions.`,
    },
    {
      what: 'open database sessions',
      humanStep: 'End its open sessions in each database that it could reach, and rotate the passwords that it read.',
    },
    {
      what: 'open SSM sessions',
      humanStep: `List them with "aws ssm describe-sessions --state Active --filters key=Owner,value=${owner}" and end each with "aws ssm terminate-session".`,
    },
    {
      what: 'compute that it started runs on, under roles of its own',
      humanStep: `Look for RunInstances, RunTask, CreateFunction and the like by ${owner} in the record and stop what should not run.`,
    },
  ];
}

const USER_RESIDUAL: readonly Residual[] = [
  {
    what: 'tokens already handed to third parties',
    humanStep: 'Revoke at each third party what it was given: OAuth grants, registry logins, web identity tokens.',
  },
];

function roleResidual({ roleName }: { readonly roleName: string }): readonly Residual[] {
  return [
    {
      what: 'the role can be assumed again by whoever its trust policy admits',
      humanStep: `Find out who opened the session and contain them; if need be add a deny to the trust policy of ${roleName}.`,
    },
  ];
}
