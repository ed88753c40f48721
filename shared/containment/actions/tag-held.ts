import type { Action } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { principalName, putHeldTag } from '../principal-calls.ts';

/**
 * Where the organisation's guard stands, it keeps the attached quarantine policy on whoever bears it, and every other deny
 * only on whoever bears this tag (infra/constructs/guard-scps.ts). It keeps everybody else from changing the principal at
 * all; so a role of which one session is contained does not get it.
 */
export const tagHeld: Action = {
  id: 'tag-held',
  title: 'Tag the principal, so that the organisation’s guard keeps its deny in place',
  stage: 'credentials',
  requires: [
    { phase: 'apply', actions: ['iam:TagUser'], on: 'user', onlyHeldTag: true },
    { phase: 'apply', actions: ['iam:TagRole'], on: 'role', onlyHeldTag: true },
    { phase: 'undo', actions: ['iam:TagUser', 'iam:UntagUser'], on: 'user', onlyHeldTag: true },
    { phase: 'undo', actions: ['iam:TagRole', 'iam:UntagRole'], on: 'role', onlyHeldTag: true },
  ],
  inlineNames: () => [],
  isDueBeside: (denies) => denies.some(({ operation }) => !operation.startsWith('Attach')),
  plan: (snapshot, { subject, guarded }) => {
    if (guarded !== true || snapshot.kind === 'resource' || subject.kind === 'session') return [];
    const target = principalName(snapshot);
    return [
      {
        key: `tag-held#${target}`,
        actionId: 'tag-held',
        target: `tag of ${target}`,
        title: `tag ${target} as held, where its deny is not the attached policy`,
        ...putHeldTag(snapshot),
        fallbacks: [],
        stage: 'credentials',
      },
    ];
  },
  state: changeState,
  undo: undoChange,
};
