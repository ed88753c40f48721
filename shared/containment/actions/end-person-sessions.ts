import type { Action } from '../action.ts';
import { denyInSets, PERMISSION_SET_WRITES, setState, undoSet } from '../permission-set-change.ts';
import { personDeny } from '../person-deny.ts';

/** What the person opened before the cut-off is denied everything; who signs in again goes on. */
export const endPersonSessions: Action = {
  id: 'end-person-sessions',
  title: 'End the sessions that the user opened through their permission sets',
  stage: 'deny',
  beyondIam: true,
  requires: PERMISSION_SET_WRITES,
  inlineNames: () => [],
  ...denyInSets('end-person-sessions', 'end the sessions of', ({ subject, cutOff }) =>
    subject.kind === 'person' ? personDeny(subject, cutOff) : undefined,
  ),
  state: setState,
  undo: undoSet,
};
