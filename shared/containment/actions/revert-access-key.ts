import type { Action } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { isNamed } from '../principal-calls.ts';

/** Deactivates the access key that a detected call created: the key is evidence, so it is not deleted. */
export const revertAccessKey: Action = {
  id: 'revert-access-key',
  title: 'Deactivate the access key that was just created',
  stage: 'revert',
  requires: [
    { phase: 'apply', actions: ['iam:UpdateAccessKey'], on: 'user' },
    { phase: 'undo', actions: ['iam:UpdateAccessKey'], on: 'user' },
  ],
  inlineNames: () => [],
  plan: (snapshot, { granted = [] }) => {
    if (snapshot.kind !== 'user') return [];
    const known = snapshot.accessKeys.kind === 'read' ? snapshot.accessKeys.value : [];
    const ids = granted.flatMap((grant) =>
      grant.kind === 'access-key-created' && isNamed(snapshot, grant.principal) ? [grant.accessKeyId] : [],
    );
    return [...new Set(ids)].map((id) => ({
      key: `revert-access-key#${id}`,
      actionId: 'revert-access-key',
      target: `access key ${id}`,
      title: `deactivate access key ${id} of user ${snapshot.userName}, which a detected call created`,
      call: {
        service: 'iam',
        operation: 'UpdateAccessKey',
        input: { UserName: snapshot.userName, AccessKeyId: id, Status: 'Inactive' },
      },
      // A key is born active, and a read may not show it yet.
      prior: { status: known.find((one) => one.id === id)?.status ?? 'Active' },
      fallbacks: [],
      stage: 'revert',
    }));
  },
  state: changeState,
  undo: undoChange,
};
