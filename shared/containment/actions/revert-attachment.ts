import type { Granted } from '../../cases/case.ts';
import type { Action, PlanContext } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { detachPolicy, isNamed, principalName } from '../principal-calls.ts';
import type { PresentSnapshot } from '../snapshot.ts';

type Attached = Extract<Granted, { kind: 'policy-attached' }>;

/**
 * Detaches the policy that a detected call attached. Asked for also where it is not seen attached: a read may lag behind
 * the attachment by seconds, and detaching what is not there changes nothing.
 */
export const revertAttachment: Action = {
  id: 'revert-attachment',
  title: 'Detach the policy that was just attached',
  stage: 'revert',
  requires: [
    { phase: 'apply', actions: ['iam:DetachUserPolicy'], on: 'user', neverQuarantinePolicy: true },
    { phase: 'apply', actions: ['iam:DetachRolePolicy'], on: 'role', neverQuarantinePolicy: true },
    { phase: 'undo', actions: ['iam:AttachUserPolicy'], on: 'user' },
    { phase: 'undo', actions: ['iam:AttachRolePolicy'], on: 'role' },
  ],
  inlineNames: () => [],
  plan: (snapshot, context) => {
    if (snapshot.kind === 'resource') return [];
    return attachedTo(snapshot, context)
      .filter(({ policyArn }) => policyArn !== context.quarantinePolicyArn)
      .map(({ policyArn }) => ({
        key: `revert-attachment#${policyArn}`,
        actionId: 'revert-attachment',
        target: `policy ${policyArn}`,
        title: `detach ${policyArn} from ${principalName(snapshot)}, where a detected call attached it`,
        ...detachPolicy(snapshot, policyArn),
        fallbacks: [],
        stage: 'revert',
      }));
  },
  shortfalls: (snapshot, context) =>
    attachedTo(snapshot, context)
      .filter(({ policyArn }) => policyArn === context.quarantinePolicyArn)
      .map(({ policyArn }) => ({
        item: `policy ${policyArn}`,
        reason: 'left attached: it is the quarantine policy, which only a release takes off',
      })),
  state: changeState,
  undo: undoChange,
};

function attachedTo(snapshot: PresentSnapshot, { granted = [] }: PlanContext): readonly Attached[] {
  if (snapshot.kind === 'resource') return [];
  const own = granted.filter(
    (grant): grant is Attached =>
      grant.kind === 'policy-attached' && grant.to === snapshot.kind && isNamed(snapshot, grant.principal),
  );
  return [...new Map(own.map((grant) => [grant.policyArn, grant])).values()];
}
