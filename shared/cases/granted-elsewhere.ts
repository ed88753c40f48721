import { resourceLabel } from '../containment/resource.ts';
import { commandWord } from './beyond/command-word.ts';
import { undoResourceSteps } from './beyond/resource-change-steps.ts';
import type { Case, Detection } from './case.ts';
import { isGrantOn } from './is-grant-on.ts';
import type { Residual } from './outcome.ts';

/** What the detected calls gave to somebody else than the subject: containing the subject does not take it back. */
export function grantedElsewhere({ subject }: Case, detections: readonly Detection[]): readonly Residual[] {
  const residuals = detections
    .flatMap((detection) => detection.granted)
    .filter((grant) => !isGrantOn(subject, grant))
    .map((grant): Residual => {
      switch (grant.kind) {
        case 'access-key-created':
          return {
            what: `access key ${grant.accessKeyId} of ${grant.principal}, created by this subject`,
            humanStep: `aws iam update-access-key --user-name ${commandWord(grant.principal, 'USER')} --access-key-id ${commandWord(grant.accessKeyId, 'KEY-ID')} --status Inactive`,
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
        case 'trust-opened':
          return {
            what: `role ${grant.principal}, opened by this subject to ${grant.accounts.includes('*') ? 'everybody' : grant.accounts.join(', ')}`,
            humanStep: `see whom it trusts, and take out who does not belong there: aws iam get-role --role-name ${commandWord(grant.principal, 'ROLE')}`,
          };
        case 'trail-stopped':
        case 'ingress-opened':
        case 'access-block-removed':
          return {
            what: `${resourceLabel(grant.resource)}, changed by this subject`,
            humanStep: undoResourceSteps(grant).join(' ; '),
          };
        default:
          return grant satisfies never;
      }
    });
  // Several rules may have held for the call that granted it.
  return [...new Map(residuals.map((residual) => [residual.what, residual])).values()];
}
