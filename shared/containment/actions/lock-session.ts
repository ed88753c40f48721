import type { Action } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { LOCK_SESSION_POLICY_PREFIX, lockSessionDocument } from '../documents.ts';
import { policyNameOf } from '../policy-name-of.ts';
import { putInline } from '../principal-calls.ts';

/** Keeps one session of a role out, also when it is opened anew, and leaves the role's other sessions alone. */
export const lockSession: Action = {
  id: 'lock-session',
  title: 'Deny everything to one session of the role, also when it is opened again',
  stage: 'deny',
  requires: [
    { phase: 'apply', actions: ['iam:PutRolePolicy'], on: 'role' },
    { phase: 'undo', actions: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], on: 'role' },
  ],
  inlineNames: ({ kind, key }) => (kind === 'session' ? [policyNameOf(LOCK_SESSION_POLICY_PREFIX, key)] : []),
  plan: (snapshot, { subject }) => {
    if (snapshot.kind !== 'role' || subject.kind !== 'session') return [];
    const target = `session ${snapshot.roleName}/${subject.sessionName}`;
    const document = lockSessionDocument(snapshot.roleId, subject.sessionName);
    return [
      {
        key: `lock-session#${target}`,
        actionId: 'lock-session',
        target,
        title: `deny everything to ${target}`,
        ...putInline(snapshot, policyNameOf(LOCK_SESSION_POLICY_PREFIX, subject.key), document),
        fallbacks: [],
        stage: 'deny',
      },
    ];
  },
  state: changeState,
  undo: undoChange,
};
