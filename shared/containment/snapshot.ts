import type { PersonScope } from '../identity-center/reach.ts';
import type { ResourceRef, ResourceState } from './resource.ts';

/** One list as read, or why it could not be: a list that was not read is never taken for an empty one. */
export type Read<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'unavailable'; readonly operation: string; readonly reason: string }
  | { readonly kind: 'failed'; readonly operation: string; readonly error: string };

export type AttachedPolicy = { readonly arn: string; readonly name: string };
export type CredentialStatus = 'Active' | 'Inactive' | 'Expired';
export type Credential = { readonly id: string; readonly status: CredentialStatus };

/** An inline policy under a name of ours: JSON text as IAM holds it (URL-decoded), byte for byte; `undefined`: none of that name. */
export type InlineRead = { readonly name: string; readonly document: Read<string | undefined> };

/** What IAM tells with the principal itself. */
export type WithPrincipal = {
  /** ARN of its permissions boundary; none where it is not there. */
  readonly boundary?: string;
  /** Value of the tag `rescind:held`, where it bears it. */
  readonly held?: string;
};

type UserIdentity = WithPrincipal & {
  readonly kind: 'user';
  readonly userName: string;
  readonly userId: string;
  readonly arn: string;
};
type UserAccess = {
  readonly attached: Read<readonly AttachedPolicy[]>;
  readonly inline: readonly InlineRead[];
  readonly accessKeys: Read<readonly Credential[]>;
  readonly serviceCredentials: Read<readonly Credential[]>;
  readonly sshKeys: Read<readonly Credential[]>;
  readonly certificates: Read<readonly Credential[]>;
};
type RoleIdentity = WithPrincipal & {
  readonly kind: 'role';
  readonly roleName: string;
  readonly roleId: string;
  readonly arn: string;
  readonly path: string;
  /** The trust policy: JSON text as IAM holds it (URL-decoded), byte for byte. */
  readonly trust: string;
};
type RoleAccess = {
  readonly attached: Read<readonly AttachedPolicy[]>;
  readonly inline: readonly InlineRead[];
};

/** A thing of another service as read; `undefined`: there is none of this ARN. */
export type ResourceRead = ResourceRef & { readonly state: Read<ResourceState | undefined> };

/** Of things that a change was made on: those that a round reads. */
type ResourceAccess = { readonly resources?: readonly ResourceRead[] };

/** An IAM user's access, read in one parallel round. */
export type UserSnapshot = UserIdentity & UserAccess & ResourceAccess;
export type RoleSnapshot = RoleIdentity & RoleAccess & ResourceAccess;
/** Of a user of Identity Center: the sets that a plan may change, and, before it is made, all that the user reaches. */
export type ResourceSnapshot = ResourceRef & { readonly kind: 'resource' } & Required<ResourceAccess> & {
    readonly reach?: PersonScope;
  };

/** `absent`: no principal of that name, and no resource of that ARN, exists. */
export type AbsentSnapshot = { readonly kind: 'absent'; readonly name: string };
/** Whom or what a plan is about, as read in one round. */
export type PresentSnapshot = UserSnapshot | RoleSnapshot | ResourceSnapshot;
export type Snapshot = PresentSnapshot | AbsentSnapshot;

/** What one verify round saw: a list that the round did not read is absent. Every snapshot is one too. */
export type LiveState =
  | (UserIdentity & Partial<UserAccess> & ResourceAccess)
  | (RoleIdentity & Partial<RoleAccess> & ResourceAccess)
  | ResourceSnapshot;

/** Documents of managed policies by ARN; `undefined`: the policy does not exist. */
export type PolicyDocuments = ReadonlyMap<string, Read<string | undefined>>;
