import type { Shortfall } from '../../cases/outcome.ts';
import type { Action, Step } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { policyNameOf } from '../policy-name-of.ts';
import { principalName } from '../principal-calls.ts';
import { federatedProviders } from '../read-trust.ts';
import type { PresentSnapshot } from '../snapshot.ts';
import { appendDeny, denies, requireMfaDeny } from '../trust.ts';
import { trustedServices } from '../workload.ts';

/** New sessions of the role are opened only with fresh MFA: one statement that denies is appended to its trust policy. */
export const requireMfaToAssume: Action = {
  id: 'require-mfa-to-assume',
  title: 'Keep everybody without fresh MFA from assuming the role again',
  stage: 'credentials',
  requires: [
    { phase: 'apply', actions: ['iam:UpdateAssumeRolePolicy'], on: 'role' },
    { phase: 'undo', actions: ['iam:UpdateAssumeRolePolicy'], on: 'role' },
  ],
  inlineNames: () => [],
  plan: (snapshot, { subject }) => requirement(snapshot, subject.key).steps,
  shortfalls: (snapshot, { subject }) => requirement(snapshot, subject.key).shortfalls,
  state: changeState,
  undo: undoChange,
};

function requirement(
  snapshot: PresentSnapshot,
  subjectKey: string,
): { readonly steps: readonly Step[]; readonly shortfalls: readonly Shortfall[] } {
  if (snapshot.kind !== 'role') return { steps: [], shortfalls: [] };
  const { roleName, trust } = snapshot;
  const target = `trust policy of ${principalName(snapshot)}`;
  // A login at a provider opens a session by another call, and AWS does not know how the provider asked.
  const shortfalls = federatedProviders(trust).map((provider) => ({
    item: target,
    reason: `logins at ${provider} are not asked for MFA by AWS: require it there`,
  }));
  const deny = requireMfaDeny(subjectKey);
  if (denies(trust, deny) || trustedServices(trust).alone) return { steps: [], shortfalls };
  const edit = appendDeny(trust, deny);
  if (edit.kind === 'not-editable') {
    const reason = `left as it is, so the role can be assumed without MFA: ${edit.why}`;
    return { steps: [], shortfalls: [...shortfalls, { item: target, reason }] };
  }
  return {
    steps: [
      {
        key: policyNameOf(`require-mfa-to-assume#${principalName(snapshot)}#`, deny.Sid + trust),
        actionId: 'require-mfa-to-assume',
        target,
        title: `append a deny without MFA of the last hour to the trust policy of ${roleName}`,
        call: {
          service: 'iam',
          operation: 'UpdateAssumeRolePolicy',
          input: { RoleName: roleName, PolicyDocument: edit.document },
        },
        prior: { document: trust },
        fallbacks: [],
        stage: 'credentials',
      },
    ],
    shortfalls,
  };
}
