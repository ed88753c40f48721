import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  type IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  type StatusType,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateServiceSpecificCredentialCommand,
  UpdateSigningCertificateCommand,
  UpdateSSHPublicKeyCommand,
} from '@aws-sdk/client-iam';
import type { IamWrite } from '../containment/call.ts';

type Parameter = (name: string) => string;
/** The command is made at once, so that a call which lacks a parameter never gets as far as being sent. */
type Prepare = (client: IAMClient, parameter: Parameter) => () => Promise<unknown>;

const user = (of: Parameter) => ({ UserName: of('UserName') });
const role = (of: Parameter) => ({ RoleName: of('RoleName') });
const managed = (of: Parameter) => ({ PolicyArn: of('PolicyArn') });
const inline = (of: Parameter) => ({ PolicyName: of('PolicyName') });
const document = (of: Parameter) => ({ PolicyDocument: of('PolicyDocument') });

/** The only writes that can be sent, each with exactly its parameters. */
export const IAM_COMMANDS: Readonly<Record<IamWrite, Prepare>> = {
  AttachUserPolicy: (client, of) => {
    const command = new AttachUserPolicyCommand({ ...user(of), ...managed(of) });
    return () => client.send(command);
  },
  DetachUserPolicy: (client, of) => {
    const command = new DetachUserPolicyCommand({ ...user(of), ...managed(of) });
    return () => client.send(command);
  },
  PutUserPolicy: (client, of) => {
    const command = new PutUserPolicyCommand({ ...user(of), ...inline(of), ...document(of) });
    return () => client.send(command);
  },
  DeleteUserPolicy: (client, of) => {
    const command = new DeleteUserPolicyCommand({ ...user(of), ...inline(of) });
    return () => client.send(command);
  },
  UpdateAccessKey: (client, of) => {
    const command = new UpdateAccessKeyCommand({ ...user(of), AccessKeyId: of('AccessKeyId'), Status: status(of) });
    return () => client.send(command);
  },
  UpdateServiceSpecificCredential: (client, of) => {
    const command = new UpdateServiceSpecificCredentialCommand({
      ...user(of),
      ServiceSpecificCredentialId: of('ServiceSpecificCredentialId'),
      Status: status(of),
    });
    return () => client.send(command);
  },
  UpdateSSHPublicKey: (client, of) => {
    const command = new UpdateSSHPublicKeyCommand({
      ...user(of),
      SSHPublicKeyId: of('SSHPublicKeyId'),
      Status: status(of),
    });
    return () => client.send(command);
  },
  UpdateSigningCertificate: (client, of) => {
    const command = new UpdateSigningCertificateCommand({
      ...user(of),
      CertificateId: of('CertificateId'),
      Status: status(of),
    });
    return () => client.send(command);
  },
  AttachRolePolicy: (client, of) => {
    const command = new AttachRolePolicyCommand({ ...role(of), ...managed(of) });
    return () => client.send(command);
  },
  DetachRolePolicy: (client, of) => {
    const command = new DetachRolePolicyCommand({ ...role(of), ...managed(of) });
    return () => client.send(command);
  },
  PutRolePolicy: (client, of) => {
    const command = new PutRolePolicyCommand({ ...role(of), ...inline(of), ...document(of) });
    return () => client.send(command);
  },
  DeleteRolePolicy: (client, of) => {
    const command = new DeleteRolePolicyCommand({ ...role(of), ...inline(of) });
    return () => client.send(command);
  },
  UpdateAssumeRolePolicy: (client, of) => {
    const command = new UpdateAssumeRolePolicyCommand({ ...role(of), ...document(of) });
    return () => client.send(command);
  },
};

function status(of: Parameter): StatusType {
  const value = of('Status');
  if (value !== 'Active' && value !== 'Inactive') throw new TypeError(`No credential is set to ${value}`);
  return value;
}
