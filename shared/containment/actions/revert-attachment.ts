import type { Granted } from '../../cases/case.ts';
import type { Action, PlanContext } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { detachPolicy, isNamed, principalName } from '../principal-calls.ts';
import { deniesAnything, judgePrivilege } from '../privileged.ts';
import { whyUnread } from '../read-on.ts';
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
      .filter(({ policyArn }) => whyLeft(policyArn, context) === undefined)
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
  doubts: (snapshot, context) =>
    attachedTo(snapshot, context)
      .filter(({ policyArn }) => whyLeft(policyArn, context) === undefined && canWait(policyArn, context))
      .map(({ policyArn, principal }) => `whether ${policyArn} was attached to ${principal} before the detected call`),
  shortfalls: (snapshot, context) =>
    attachedTo(snapshot, context).flatMap(({ policyArn }) => {
      const why = whyLeft(policyArn, context);
      return why === undefined ? [] : [{ item: `policy ${policyArn}`, reason: `left attached: ${why}` }];
    }),
  state: changeState,
  undo: undoChange,
};

/**
 * A record tells a call that attached something and one that changed nothing alike: whoever attaches once more a policy
 * that denies, on somebody who is held by it, must not have us take it off.
 */
function whyLeft(policyArn: string, { quarantinePolicyArn, documents }: PlanContext): string | undefined {
  if (policyArn === quarantinePolicyArn) return 'it is the quarantine policy, which only a release takes off';
  const read = documents?.get(policyArn);
  if (read?.kind !== 'read') return `whether it denies is not known: ${whyUnread(read) ?? 'it was not read'}`;
  // A policy that is not seen was made just now: nobody was held by it before.
  return read.value !== undefined && deniesAnything(read.value)
    ? 'it denies, and may have been attached before: without it more might be allowed than now'
    : undefined;
}

/**
 * What makes an administrator comes off at once, whatever was there before; what does not can wait for an answer. A policy
 * that is not seen was made just now, so it was attached to nobody before.
 */
function canWait(policyArn: string, { documents }: PlanContext): boolean {
  const read = documents?.get(policyArn);
  return read?.kind === 'read' && read.value !== undefined && judgePrivilege(read.value).kind !== 'privileged';
}

function attachedTo(snapshot: PresentSnapshot, { granted = [] }: PlanContext): readonly Attached[] {
  if (snapshot.kind === 'resource') return [];
  const own = granted.filter(
    (grant): grant is Attached =>
      grant.kind === 'policy-attached' && grant.to === snapshot.kind && isNamed(snapshot, grant.principal),
  );
  return [...new Map(own.map((grant) => [grant.policyArn, grant])).values()];
}
