/**
 * Who made the call, in the words of CloudTrail's `userIdentity`.
 * Source: "CloudTrail userIdentity element", AWS CloudTrail user guide. Only the two kinds that we stage.
 */
export type UserIdentity = IamUserIdentity | AssumedRoleIdentity;

export type IamUserIdentity = {
  readonly type: 'IAMUser';
  readonly principalId: string; // AIDA…
  readonly arn: string;
  readonly accountId: string;
  /** Absent in console sign-ins, which use no key. */
  readonly accessKeyId?: string;
  readonly userName: string;
};

export type AssumedRoleIdentity = {
  readonly type: 'AssumedRole';
  readonly principalId: string; // AROA…:session
  readonly arn: string; // arn:aws:sts::…:assumed-role/NAME/SESSION, without the role's path
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly sessionContext: {
    readonly sessionIssuer: {
      readonly type: 'Role';
      readonly principalId: string; // AROA…
      readonly arn: string;
      readonly accountId: string;
      readonly userName: string;
    };
    readonly attributes: { readonly creationDate: string; readonly mfaAuthenticated: 'true' | 'false' };
  };
};

/** The caller as CloudTrail sees it: an identity at an address with a program. All three can be chosen by an attacker. */
export type Caller = {
  readonly userIdentity: UserIdentity;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
};
