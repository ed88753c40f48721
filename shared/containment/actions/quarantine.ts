import type { Action } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { QUARANTINE_POLICY_NAME, quarantineDocument } from '../documents.ts';
import { attachPolicy, principalName, putBoundary, putInline } from '../principal-calls.ts';

/**
 * Denies everything at once: the pre-created managed policy, or the same deny inline where it cannot be attached, or as the
 * permissions boundary where that does not fit either. What the principal has is never taken off to make room. A deny in a
 * boundary is one in words, so it counts before whatever allows
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html).
 */
export const quarantine: Action = {
  id: 'quarantine',
  title: 'Deny everything to the principal',
  stage: 'deny',
  requires: [
    { phase: 'apply', actions: ['iam:AttachUserPolicy'], on: 'user', onlyQuarantinePolicy: true },
    { phase: 'apply', actions: ['iam:PutUserPolicy'], on: 'user' },
    { phase: 'apply', actions: ['iam:AttachRolePolicy'], on: 'role', onlyQuarantinePolicy: true },
    { phase: 'apply', actions: ['iam:PutRolePolicy'], on: 'role' },
    { phase: 'apply', actions: ['iam:PutUserPermissionsBoundary'], on: 'user', onlyQuarantinePolicy: true },
    { phase: 'apply', actions: ['iam:PutRolePermissionsBoundary'], on: 'role', onlyQuarantinePolicy: true },
    { phase: 'undo', actions: ['iam:DetachUserPolicy'], on: 'user', onlyQuarantinePolicy: true },
    { phase: 'undo', actions: ['iam:PutUserPolicy', 'iam:DeleteUserPolicy'], on: 'user' },
    { phase: 'undo', actions: ['iam:DetachRolePolicy'], on: 'role', onlyQuarantinePolicy: true },
    { phase: 'undo', actions: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], on: 'role' },
    { phase: 'undo', actions: ['iam:DeleteUserPermissionsBoundary'], on: 'user', onlyQuarantinePolicy: true },
    { phase: 'undo', actions: ['iam:PutUserPermissionsBoundary'], on: 'user', neverQuarantinePolicy: true },
    { phase: 'undo', actions: ['iam:DeleteRolePermissionsBoundary'], on: 'role', onlyQuarantinePolicy: true },
    { phase: 'undo', actions: ['iam:PutRolePermissionsBoundary'], on: 'role', neverQuarantinePolicy: true },
  ],
  inlineNames: () => [QUARANTINE_POLICY_NAME],
  plan: (snapshot, { quarantinePolicyArn }) => {
    if (snapshot.kind === 'resource') return [];
    const target = principalName(snapshot);
    return [
      {
        key: `quarantine#${target}`,
        actionId: 'quarantine',
        target,
        title: `attach the quarantine policy to ${target}`,
        ...attachPolicy(snapshot, quarantinePolicyArn),
        fallbacks: [
          putInline(snapshot, QUARANTINE_POLICY_NAME, quarantineDocument()),
          putBoundary(snapshot, quarantinePolicyArn),
        ],
        stage: 'deny',
      },
    ];
  },
  state: changeState,
  undo: undoChange,
};
