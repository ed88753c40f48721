import type { Action } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { policyNameOf } from '../policy-name-of.ts';
import { principalName } from '../principal-calls.ts';
import { appendDeny, blockTrustDeny, denies, type TrustDeny } from '../trust.ts';
import { trustedServices } from '../workload.ts';

/**
 * Ending sessions does not keep anybody from opening the next one: one statement that denies is appended to the role's
 * trust policy, and nothing else of it is touched. A role whose trust somebody changed meanwhile is another change, with a
 * baseline of its own.
 */
export const blockTrust: Action = {
  id: 'block-trust',
  title: 'Keep everybody from assuming the role again',
  stage: 'credentials',
  requires: [
    { phase: 'apply', actions: ['iam:UpdateAssumeRolePolicy'], on: 'role' },
    { phase: 'undo', actions: ['iam:UpdateAssumeRolePolicy'], on: 'role' },
  ],
  inlineNames: () => [],
  plan: (snapshot, { subject }) => {
    const deny = blockTrustDeny(subject);
    if (snapshot.kind !== 'role' || !isDue(snapshot.trust, deny)) return [];
    const { roleName, trust } = snapshot;
    const edit = appendDeny(trust, deny);
    if (edit.kind === 'not-editable') return [];
    return [
      {
        key: policyNameOf(`block-trust#${principalName(snapshot)}#`, trust),
        actionId: 'block-trust',
        target: `trust policy of ${principalName(snapshot)}`,
        title: `append a deny for everybody${subject.kind === 'session' ? ' but AWS services' : ''} to the trust policy of ${roleName}`,
        call: {
          service: 'iam',
          operation: 'UpdateAssumeRolePolicy',
          input: { RoleName: roleName, PolicyDocument: edit.document },
        },
        prior: { document: trust },
        fallbacks: [],
        stage: 'credentials',
      },
    ];
  },
  shortfalls: (snapshot, { subject }) => {
    const deny = blockTrustDeny(subject);
    if (snapshot.kind !== 'role' || !isDue(snapshot.trust, deny)) return [];
    const edit = appendDeny(snapshot.trust, deny);
    if (edit.kind === 'edit') return [];
    return [
      {
        item: `trust policy of ${principalName(snapshot)}`,
        reason: `left as it is, so the role can be assumed again: ${edit.why}. Mend it, then: aws iam update-assume-role-policy --role-name ${snapshot.roleName} --policy-document DOCUMENT`,
      },
    ];
  },
  state: changeState,
  undo: undoChange,
};

/** Where only services may assume a role, a deny keeps nobody out but them, who could not renew what they run with. */
function isDue(trust: string, deny: TrustDeny): boolean {
  return !denies(trust, deny) && !trustedServices(trust).alone;
}
