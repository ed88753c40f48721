/** Policies that an entity of IAM has of its own: documents of the inline ones, ARNs of the attached ones. */
export type Policies = { readonly inline: readonly string[]; readonly attached: readonly string[] };

export type UserAccess = Policies & {
  readonly userName: string;
  readonly arn: string;
  /** ISO 8601, UTC; absent where the endpoint does not tell. */
  readonly createdAt?: string;
  readonly groups: readonly string[];
  /** ARN of the permissions boundary. */
  readonly boundary?: string;
};

export type RoleAccess = Policies & {
  readonly roleName: string;
  readonly arn: string;
  readonly createdAt?: string;
  /** The trust policy. */
  readonly trust: string;
  readonly boundary?: string;
};

/** Everybody in the account and what they are allowed, as one read tells it. */
export type AccountAccess = {
  readonly users: readonly UserAccess[];
  readonly groups: readonly (Policies & { readonly groupName: string })[];
  readonly roles: readonly RoleAccess[];
};
