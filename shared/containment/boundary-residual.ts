import type { Residual } from '../cases/outcome.ts';
import type { StepVerdict } from './verify.ts';

/**
 * Of a deny that found room nowhere but in the permissions boundary. A boundary is no limit to what the policy of a resource
 * grants to a user, or to a session by its own ARN
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html). That is said of what it leaves out; an
 * explicit deny in it comes first, which we have from AWS's order of evaluation and not from a try.
 */
export function residualOfBoundary(steps: readonly StepVerdict[]): readonly Residual[] {
  return steps
    .filter(({ stage, by }) => stage === 'deny' && by?.endsWith('PermissionsBoundary') === true)
    .map(({ target }) => ({
      what: `${target} is denied by its permissions boundary, for nothing more fits: AWS does not hold what the policy of a resource grants to a boundary, save where that denies in words, as this one does`,
      humanStep: `Look whether policies of buckets, keys, queues, topics or secrets name ${target} or a session of it, and take that out; better, make room for the quarantine: take a policy off ${target}, then attach Rescind-Quarantine by hand.`,
    }));
}
