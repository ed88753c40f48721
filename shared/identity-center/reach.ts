/** Where IAM Identity Center lives, as the policy names it. */
export type IdentityCenterInstance = {
  /** `arn:aws:sso:::instance/ssoins-…` */
  readonly instanceArn: string;
  /** `d-…` */
  readonly identityStoreId: string;
  /** Where its API is called. */
  readonly region: string;
};

/** As the policy names it, with whether Rescind may change something there. */
export type IdentityCenterPolicy = IdentityCenterInstance & { readonly contain?: boolean };

/** Whom a record names: by the id, or by the name that the person's sessions bear. */
export type PersonNamed = { readonly userId: string; readonly userName?: string } | { readonly userName: string };

export type PermissionSet = {
  readonly arn: string;
  readonly name: string;
  /** Whether it has an inline policy already: each has room for one. */
  readonly hasInline: boolean;
};

export type Assignment = {
  readonly account: string;
  readonly permissionSetArn: string;
  /** The person's own, or that of a group they are in. */
  readonly through: 'USER' | 'GROUP';
  readonly principalId: string;
};

/** What a person reaches through Identity Center, as read at one moment. */
export type PersonReach = {
  readonly userId: string;
  readonly userName: string;
  readonly sets: readonly PermissionSet[];
  readonly assignments: readonly Assignment[];
  readonly memberships: readonly { readonly membershipId: string; readonly groupId: string }[];
  /** There is more than was read. */
  readonly more: boolean;
};

/** What of it Rescind changes: the sets that are assigned in its accounts. What it leaves is told. */
export type PersonScope = PersonReach & {
  readonly instance: IdentityCenterInstance;
  readonly inScope: readonly PermissionSet[];
  /** Protected by the policy as the roles that they become, so that nothing is written into them. */
  readonly spared: readonly PermissionSet[];
  readonly left: readonly PermissionSet[];
};
