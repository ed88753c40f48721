import type { Action, Step } from '../action.ts';
import type { Call } from '../call.ts';
import { changeState, undoChange } from '../change.ts';
import type { Credential, Read } from '../snapshot.ts';

/** Service-specific credentials, SSH keys and signing certificates: what an IAM user can have beside access keys. */
export const deactivateOtherCredentials: Action = {
  id: 'deactivate-other-credentials',
  title: 'Deactivate service-specific credentials, SSH keys and signing certificates',
  stage: 'credentials',
  requires: [
    {
      phase: 'apply',
      actions: ['iam:UpdateServiceSpecificCredential', 'iam:UpdateSSHPublicKey', 'iam:UpdateSigningCertificate'],
      on: 'user',
    },
    {
      phase: 'undo',
      actions: ['iam:UpdateServiceSpecificCredential', 'iam:UpdateSSHPublicKey', 'iam:UpdateSigningCertificate'],
      on: 'user',
    },
  ],
  inlineNames: () => [],
  plan: (snapshot) => {
    if (snapshot.kind !== 'user') return [];
    const UserName = snapshot.userName;
    return [
      ...deactivations(snapshot.serviceCredentials, 'service-specific credential', (id) => ({
        service: 'iam',
        operation: 'UpdateServiceSpecificCredential',
        input: { UserName, ServiceSpecificCredentialId: id, Status: 'Inactive' },
      })),
      ...deactivations(snapshot.sshKeys, 'SSH key', (id) => ({
        service: 'iam',
        operation: 'UpdateSSHPublicKey',
        input: { UserName, SSHPublicKeyId: id, Status: 'Inactive' },
      })),
      ...deactivations(snapshot.certificates, 'signing certificate', (id) => ({
        service: 'iam',
        operation: 'UpdateSigningCertificate',
        input: { UserName, CertificateId: id, Status: 'Inactive' },
      })),
    ];
  },
  state: changeState,
  undo: undoChange,
};

function deactivations(list: Read<readonly Credential[]>, noun: string, call: (id: string) => Call): readonly Step[] {
  if (list.kind !== 'read') return [];
  return list.value
    .filter(({ status }) => status === 'Active')
    .map(({ id }) => ({
      key: `deactivate-other-credentials#${id}`,
      actionId: 'deactivate-other-credentials',
      target: `${noun} ${id}`,
      title: `deactivate ${noun} ${id}`,
      call: call(id),
      prior: { status: 'Active' },
      fallbacks: [],
      stage: 'credentials',
    }));
}
