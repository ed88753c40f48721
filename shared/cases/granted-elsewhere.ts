import type { Case, Detection } from './case.ts';
import type { Residual } from './outcome.ts';

/** What the detected calls gave to somebody else than the subject: containing the subject does not take it back. */
export function grantedElsewhere({ subject }: Case, detections: readonly Detection[]): readonly Residual[] {
  const own = subject.kind === 'user' ? subject.userName : subject.kind === 'beyond' ? '' : subject.roleName;
  const residuals = detections
    .flatMap((detection) => detection.granted)
    .filter((grant) => grant.principal !== own)
    .map((grant): Residual => {
      switch (grant.kind) {
        case 'access-key-created':
          return {
            what: `access key ${grant.accessKeyId} of ${grant.principal}, created by this subject`,
            humanStep: `aws iam update-access-key --user-name ${grant.principal} --access-key-id ${grant.accessKeyId} --status Inactive`,
          };
        case 'policy-attached':
          return {
            what: `policy ${grant.policyArn} on ${grant.principal}, attached by this subject`,
            humanStep: `detach ${grant.policyArn} from ${grant.principal} in IAM, unless it belongs there`,
          };
        case 'inline-policy-put':
          return {
            what: `inline policy ${grant.policyName} of ${grant.to} ${grant.principal}, written by this subject`,
            humanStep: `look at inline policy ${grant.policyName} of ${grant.to} ${grant.principal} in IAM, and delete it unless it belongs there`,
          };
        default:
          return grant satisfies never;
      }
    });
  // Several rules may have held for the call that granted it.
  return [...new Map(residuals.map((residual) => [residual.what, residual])).values()];
}
