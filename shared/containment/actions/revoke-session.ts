import type { Action } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { REVOKE_SESSION_POLICY_PREFIX, revokeSessionDocument } from '../documents.ts';
import { policyNameOf } from '../policy-name-of.ts';
import { putInline } from '../principal-calls.ts';

/** Ends one session of a role and leaves its other sessions alone. */
export const revokeSession: Action = {
  id: 'revoke-session',
  title: 'End one session of the role',
  stage: 'deny',
  requires: [
    { phase: 'apply', actions: ['iam:PutRolePolicy'], on: 'role' },
    { phase: 'undo', actions: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], on: 'role' },
  ],
  inlineNames: (subject) =>
    subject.kind === 'session' ? [policyNameOf(REVOKE_SESSION_POLICY_PREFIX, subject.key)] : [],
  plan: (snapshot, { subject, cutOff }) => {
    if (snapshot.kind !== 'role' || subject.kind !== 'session') return [];
    const target = `session ${snapshot.roleName}/${subject.sessionName}`;
    const document = revokeSessionDocument(snapshot.roleId, subject.sessionName, cutOff);
    return [
      {
        key: `revoke-session#${target}`,
        actionId: 'revoke-session',
        target,
        title: `deny everything to ${target}, for tokens issued before ${cutOff}`,
        ...putInline(snapshot, policyNameOf(REVOKE_SESSION_POLICY_PREFIX, subject.key), document),
        fallbacks: [],
        stage: 'deny',
      },
    ];
  },
  state: changeState,
  undo: undoChange,
};
