import type { Action } from '../action.ts';
import { changeState, undoChange } from '../change.ts';

/** Every active access key becomes inactive; none is deleted: a key is evidence, and a release gives it back. */
export const deactivateKeys: Action = {
  id: 'deactivate-keys',
  title: 'Deactivate the access keys',
  stage: 'credentials',
  requires: [
    { phase: 'apply', actions: ['iam:UpdateAccessKey'], on: 'user' },
    { phase: 'undo', actions: ['iam:UpdateAccessKey'], on: 'user' },
  ],
  inlineNames: () => [],
  plan: (snapshot) => {
    if (snapshot.kind !== 'user' || snapshot.accessKeys.kind !== 'read') return [];
    return snapshot.accessKeys.value
      .filter(({ status }) => status === 'Active')
      .map(({ id }) => ({
        key: `deactivate-keys#${id}`,
        actionId: 'deactivate-keys',
        target: `access key ${id}`,
        title: `deactivate access key ${id}`,
        call: {
          service: 'iam',
          operation: 'UpdateAccessKey',
          input: { UserName: snapshot.userName, AccessKeyId: id, Status: 'Inactive' },
        },
        prior: { status: 'Active' },
        fallbacks: [],
        stage: 'credentials',
      }));
  },
  state: changeState,
  undo: undoChange,
};
