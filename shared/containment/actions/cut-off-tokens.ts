import type { Subject } from '../../cases/subject.ts';
import type { Action } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { CUT_OFF_TOKENS_POLICY_PREFIX, cutOffTokensDocument } from '../documents.ts';
import { policyNameOf } from '../policy-name-of.ts';
import { principalName, putInline } from '../principal-calls.ts';

/**
 * Tokens issued before the lock stay denied after it, until the last of them has expired. Written while the whole deny
 * stands, so that there is no moment between the two.
 */
export const cutOffTokens: Action = {
  id: 'cut-off-tokens',
  title: 'Deny everything to tokens issued before the lock, beyond its end',
  stage: 'credentials',
  requires: [
    { phase: 'apply', actions: ['iam:PutUserPolicy'], on: 'user' },
    { phase: 'apply', actions: ['iam:PutRolePolicy'], on: 'role' },
    { phase: 'undo', actions: ['iam:PutUserPolicy', 'iam:DeleteUserPolicy'], on: 'user' },
    { phase: 'undo', actions: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], on: 'role' },
  ],
  inlineNames: (subject, releases) => Array.from({ length: releases + 1 }, (_, before) => nameAfter(before, subject)),
  plan: (snapshot, { subject, cutOff, releases = 0 }) => {
    if (snapshot.kind === 'resource') return [];
    const principal = principalName(snapshot);
    const session = subject.kind === 'session' && snapshot.kind === 'role';
    const target = session ? `session ${snapshot.roleName}/${subject.sessionName}` : principal;
    const userId = session ? `${snapshot.roleId}:${subject.sessionName}` : undefined;
    return [
      {
        key: `cut-off-tokens#${target}${suffixAfter(releases)}`,
        actionId: 'cut-off-tokens',
        target,
        title: `deny everything to tokens of ${target} issued before ${cutOff}, beyond the end of the lock`,
        ...putInline(snapshot, nameAfter(releases, subject), cutOffTokensDocument(cutOff, userId)),
        fallbacks: [],
        stage: 'credentials',
      },
    ];
  },
  state: changeState,
  undo: undoChange,
};

/**
 * A lock that follows another one before its tokens have expired writes a policy of its own: the earlier one has an
 * earlier cut-off, and a document that stands is never rewritten.
 */
function nameAfter(releases: number, { key }: Subject): string {
  return policyNameOf(CUT_OFF_TOKENS_POLICY_PREFIX, key) + suffixAfter(releases);
}

function suffixAfter(releases: number): string {
  return releases === 0 ? '' : `-${releases}`;
}
