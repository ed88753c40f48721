import type { Action } from '../action.ts';
import { denyInSets, PERMISSION_SET_WRITES, setState, undoSet } from '../permission-set-change.ts';
import { personDeny } from '../person-deny.ts';

/** Everything is denied to the person, in each of their permission sets and in every account, whenever they signed in. */
export const denyPermissionSets: Action = {
  id: 'deny-permission-sets',
  title: 'Deny everything to the user in their permission sets',
  stage: 'deny',
  beyondIam: true,
  requires: PERMISSION_SET_WRITES,
  inlineNames: () => [],
  ...denyInSets('deny-permission-sets', 'deny everything to', ({ subject }) =>
    subject.kind === 'person' ? personDeny(subject) : undefined,
  ),
  state: setState,
  undo: undoSet,
};
