import type { AccountAccess } from '../containment/account-access.ts';
import type { CallResult, IamCall } from '../containment/call.ts';
import type { AttachedPolicy, Credential, Read, WithPrincipal } from '../containment/snapshot.ts';

export type UserIdentity = { readonly userName: string; readonly userId: string; readonly arn: string };
export type RoleIdentity = {
  readonly roleName: string;
  readonly roleId: string;
  readonly arn: string;
  readonly path: string;
};

/**
 * IAM as Rescind uses it. Reads follow every page. A method whose result has no `Read` throws on faults;
 * `undefined` means NoSuchEntity and nothing else.
 */
export type IamReads = {
  getUser(userName: string): Promise<(UserIdentity & WithPrincipal) | undefined>;
  /** With the trust policy: JSON text as IAM holds it (URL-decoded), byte for byte. */
  getRole(roleName: string): Promise<(RoleIdentity & WithPrincipal & { readonly trust: string }) | undefined>;
  attachedUserPolicies(userName: string): Promise<Read<readonly AttachedPolicy[]>>;
  attachedRolePolicies(roleName: string): Promise<Read<readonly AttachedPolicy[]>>;
  /** The inline document, URL-decoded; `undefined` inside `Read` when the policy does not exist. */
  userPolicy(userName: string, policyName: string): Promise<Read<string | undefined>>;
  rolePolicy(roleName: string, policyName: string): Promise<Read<string | undefined>>;
  accessKeys(userName: string): Promise<Read<readonly Credential[]>>;
  /** When each of the user's MFA devices was enabled: ISO 8601. */
  mfaDevices(userName: string): Promise<Read<readonly string[]>>;
  serviceCredentials(userName: string): Promise<Read<readonly Credential[]>>;
  sshKeys(userName: string): Promise<Read<readonly Credential[]>>;
  certificates(userName: string): Promise<Read<readonly Credential[]>>;
  groupsOfUser(userName: string): Promise<Read<readonly string[]>>;
  attachedGroupPolicies(groupName: string): Promise<Read<readonly AttachedPolicy[]>>;
  /** Of every inline policy, whatever its name. */
  inlineDocuments(kind: 'user' | 'role' | 'group', name: string): Promise<Read<readonly string[]>>;
  /** Whether the user has a console password. */
  hasPassword(userName: string): Promise<Read<boolean>>;
  /** Everybody at once; a page holds up to 1,000 of them. */
  accountAccess(): Promise<Read<AccountAccess>>;
  /** Document of the default version of a managed policy. */
  managedPolicy(policyArn: string): Promise<Read<string | undefined>>;
};

export type IamWrites = {
  /** Sends exactly this call, with backoff on throttling inside the time budget. */
  execute(call: IamCall): Promise<CallResult>;
};

export type Iam = IamReads & IamWrites;
