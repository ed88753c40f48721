import type { Action } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { REVOKE_SESSIONS_POLICY_NAME, revokeSessionsDocument } from '../documents.ts';
import { principalName, putInline } from '../principal-calls.ts';

/** Ends every session of a role. Whoever may assume the role can do so again: that is listed as residual. */
export const revokeSessions: Action = {
  id: 'revoke-sessions',
  title: 'End all sessions of the role',
  stage: 'deny',
  requires: [
    { phase: 'apply', actions: ['iam:PutRolePolicy'], on: 'role' },
    { phase: 'undo', actions: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], on: 'role' },
  ],
  inlineNames: (subject) => (subject.kind === 'user' ? [] : [REVOKE_SESSIONS_POLICY_NAME]),
  plan: (snapshot, { cutOff }) => {
    if (snapshot.kind !== 'role') return [];
    const target = principalName(snapshot);
    return [
      {
        key: `revoke-sessions#${target}`,
        actionId: 'revoke-sessions',
        target,
        title: `deny everything to all sessions of ${target} issued before ${cutOff}`,
        ...putInline(snapshot, REVOKE_SESSIONS_POLICY_NAME, revokeSessionsDocument(cutOff)),
        fallbacks: [],
        stage: 'deny',
      },
    ];
  },
  state: changeState,
  undo: undoChange,
};
