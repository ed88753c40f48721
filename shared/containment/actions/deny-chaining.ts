import type { Action } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { DENY_CHAINING_POLICY_PREFIX, denyChainingDocument } from '../documents.ts';
import { policyNameOf } from '../policy-name-of.ts';
import { principalName, putInline } from '../principal-calls.ts';
import { readTrust } from '../read-trust.ts';
import type { RoleSnapshot } from '../snapshot.ts';

/**
 * A cut-off ends what was issued before it. A role that can assume itself, or that stands in a circle of roles, opens newer
 * sessions from those that others of the circle hold: so its sessions may not assume any role while the hold lasts. Where
 * one session is contained, that one alone: the others may be at work, and those that it opened have cases of their own.
 */
export const denyChaining: Action = {
  id: 'deny-chaining',
  title: 'Keep sessions of a role that stands in a circle from assuming roles',
  stage: 'credentials',
  requires: [
    { phase: 'apply', actions: ['iam:PutRolePolicy'], on: 'role' },
    { phase: 'undo', actions: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], on: 'role' },
  ],
  inlineNames: ({ kind, key }) => (kind === 'role' || kind === 'session' ? [policyName(key)] : []),
  plan: (snapshot, { subject, lineage }) => {
    if (snapshot.kind !== 'role') return [];
    if (!admitsItself(snapshot) && lineage?.cycle.includes(snapshot.roleId) !== true) return [];
    const one = subject.kind === 'session' ? subject.sessionName : undefined;
    const target = one === undefined ? principalName(snapshot) : `session ${snapshot.roleName}/${one}`;
    const document = denyChainingDocument(one === undefined ? undefined : `${snapshot.roleId}:${one}`);
    return [
      {
        key: `deny-chaining#${target}`,
        actionId: 'deny-chaining',
        target: `${target} assuming roles`,
        title: `deny ${one === undefined ? 'all sessions of ' : ''}${target} to assume roles, for the role can get back to itself`,
        ...putInline(snapshot, policyName(subject.key), document),
        fallbacks: [],
        stage: 'credentials',
      },
    ];
  },
  state: changeState,
  undo: undoChange,
};

function policyName(subjectKey: string): string {
  return policyNameOf(DENY_CHAINING_POLICY_PREFIX, subjectKey);
}

/** By its own trust policy. That the whole account may assume it does not say that it may. */
function admitsItself({ arn, trust }: RoleSnapshot): boolean {
  return readTrust(trust, arn.split(':')[4] ?? '').principals.includes(arn);
}
