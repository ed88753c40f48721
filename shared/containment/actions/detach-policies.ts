import type { Action } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { judgePrivilege } from '../privileged.ts';

/**
 * Takes off managed policies that make an administrator. It adds little while the deny stands and is the riskiest
 * to undo, so it comes last. Policies that reach the user through a group stay: the deny covers them.
 */
export const detachPolicies: Action = {
  id: 'detach-policies',
  title: 'Detach privileged managed policies',
  stage: 'detach',
  requires: [
    { phase: 'apply', actions: ['iam:DetachUserPolicy'], on: 'user' },
    { phase: 'undo', actions: ['iam:AttachUserPolicy'], on: 'user' },
  ],
  inlineNames: () => [],
  plan: (snapshot, { quarantinePolicyArn, documents }) => {
    if (snapshot.kind !== 'user' || snapshot.attached.kind !== 'read' || documents === undefined) return [];
    const UserName = snapshot.userName;
    return snapshot.attached.value
      .filter(({ arn }) => arn !== quarantinePolicyArn)
      .filter(({ arn }) => {
        const document = documents.get(arn);
        return (
          document?.kind === 'read' &&
          document.value !== undefined &&
          judgePrivilege(document.value).kind === 'privileged'
        );
      })
      .map(({ arn }) => ({
        key: `detach-policies#${arn}`,
        actionId: 'detach-policies',
        target: `policy ${arn}`,
        title: `detach ${arn} from user ${UserName}`,
        call: { service: 'iam', operation: 'DetachUserPolicy', input: { UserName, PolicyArn: arn } },
        prior: { attached: true },
        fallbacks: [],
        stage: 'detach',
      }));
  },
  state: changeState,
  undo: undoChange,
};
