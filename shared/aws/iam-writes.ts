import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  type IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  type StatusType,
  TagRoleCommand,
  TagUserCommand,
  UntagRoleCommand,
  UntagUserCommand,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateServiceSpecificCredentialCommand,
  UpdateSigningCertificateCommand,
  UpdateSSHPublicKeyCommand,
} from '@aws-sdk/client-iam';
import type { IamCall, IamWrite } from '../containment/call.ts';
import { HELD_TAG, heldValue } from '../containment/held-tag.ts';

type Parameter = (name: string) => string;
/** The command is made at once, so that a call which lacks a parameter never gets as far as being sent. */
type Prepare = (client: IAMClient, parameter: Parameter, call: IamCall) => () => Promise<unknown>;

const user = (of: Parameter) => ({ UserName: of('UserName') });
const role = (of: Parameter) => ({ RoleName: of('RoleName') });
const managed = (of: Parameter) => ({ PolicyArn: of('PolicyArn') });
const inline = (of: Parameter) => ({ PolicyName: of('PolicyName') });
const boundary = (of: Parameter) => ({ PermissionsBoundary: of('PermissionsBoundary') });
const held = (call: IamCall) => ({ Tags: [{ Key: HELD_TAG, Value: heldValue(call) }] });
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
  PutUserPermissionsBoundary: (client, of) => {
    const command = new PutUserPermissionsBoundaryCommand({ ...user(of), ...boundary(of) });
    return () => client.send(command);
  },
  DeleteUserPermissionsBoundary: (client, of) => {
    const command = new DeleteUserPermissionsBoundaryCommand(user(of));
    return () => client.send(command);
  },
  PutRolePermissionsBoundary: (client, of) => {
    const command = new PutRolePermissionsBoundaryCommand({ ...role(of), ...boundary(of) });
    return () => client.send(command);
  },
  DeleteRolePermissionsBoundary: (client, of) => {
    const command = new DeleteRolePermissionsBoundaryCommand(role(of));
    return () => client.send(command);
  },
  TagUser: (client, of, call) => {
    const command = new TagUserCommand({ ...user(of), ...held(call) });
    return () => client.send(command);
  },
  UntagUser: (client, of) => {
    const command = new UntagUserCommand({ ...user(of), TagKeys: [HELD_TAG] });
    return () => client.send(command);
  },
  TagRole: (client, of, call) => {
    const command = new TagRoleCommand({ ...role(of), ...held(call) });
    return () => client.send(command);
  },
  UntagRole: (client, of) => {
    const command = new UntagRoleCommand({ ...role(of), TagKeys: [HELD_TAG] });
    return () => client.send(command);
  },
};

function status(of: Parameter): StatusType {
  const value = of('Status');
  if (value !== 'Active' && value !== 'Inactive') throw new TypeError(`No credential is set to ${value}`);
  return value;
}
