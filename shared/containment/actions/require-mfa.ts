import type { Action } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { REQUIRE_MFA_POLICY_NAME, requireMfaDocument } from '../documents.ts';
import { principalName, putInline } from '../principal-calls.ts';

/**
 * A user goes on only with what a fresh MFA code opened, and keeps the devices that there are. Whether one of them can be
 * trusted is asked when the plan is made; where none can, the case contains instead, and everything is denied already.
 */
export const requireMfa: Action = {
  id: 'require-mfa',
  title: 'Deny everything to the user without fresh MFA, and changes of MFA devices',
  stage: 'deny',
  requires: [
    { phase: 'apply', actions: ['iam:PutUserPolicy'], on: 'user' },
    { phase: 'undo', actions: ['iam:PutUserPolicy', 'iam:DeleteUserPolicy'], on: 'user' },
  ],
  inlineNames: ({ kind }) => (kind === 'user' ? [REQUIRE_MFA_POLICY_NAME] : []),
  plan: (snapshot, { actions = [] }) => {
    if (snapshot.kind !== 'user' || actions.includes('quarantine')) return [];
    const target = principalName(snapshot);
    return [
      {
        key: `require-mfa#${target}`,
        actionId: 'require-mfa',
        target,
        title: `deny everything to ${target} without MFA of the last hour, and changes of MFA devices`,
        ...putInline(snapshot, REQUIRE_MFA_POLICY_NAME, requireMfaDocument()),
        fallbacks: [],
        stage: 'deny',
      },
    ];
  },
  state: changeState,
  undo: undoChange,
};
