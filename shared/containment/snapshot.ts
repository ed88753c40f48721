/** One list as read, or why it could not be: a list that was not read is never taken for an empty one. */
export type Read<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'unavailable'; readonly operation: string; readonly reason: string }
  | { readonly kind: 'failed'; readonly operation: string; readonly error: string };

export type AttachedPolicy = { readonly arn: string; readonly name: string };
/** `document` is the JSON text as IAM holds it (URL-decoded), byte for byte. */
export type InlinePolicy = { readonly name: string; readonly document: string };
export type CredentialStatus = 'Active' | 'Inactive' | 'Expired';
export type Credential = { readonly id: string; readonly status: CredentialStatus };

/** An IAM user's access, read in one parallel round. */
export type UserSnapshot = {
  readonly kind: 'user';
  readonly userName: string;
  readonly userId: string;
  readonly arn: string;
  readonly attached: Read<readonly AttachedPolicy[]>;
  readonly inlineNames: Read<readonly string[]>;
  readonly accessKeys: Read<readonly Credential[]>;
  readonly serviceCredentials: Read<readonly Credential[]>;
  readonly sshKeys: Read<readonly Credential[]>;
  readonly certificates: Read<readonly Credential[]>;
};

export type RoleSnapshot = {
  readonly kind: 'role';
  readonly roleName: string;
  readonly roleId: string;
  readonly arn: string;
  readonly path: string;
  readonly attached: Read<readonly AttachedPolicy[]>;
  readonly inlineNames: Read<readonly string[]>;
};

/** `absent`: no principal of that name exists. */
export type Snapshot = UserSnapshot | RoleSnapshot | { readonly kind: 'absent'; readonly name: string };
