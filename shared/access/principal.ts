/**
 * Who made a call, as CloudTrail's `userIdentity` tells it.
 * Source: "CloudTrail userIdentity element", AWS CloudTrail user guide.
 */
export type Principal =
  /** A long-term key or console session of an IAM user, or a GetSessionToken session (`temporary`). */
  | {
      readonly kind: 'user';
      readonly account: string;
      readonly userId: string; // AIDA…
      readonly userName: string;
      readonly arn: string;
      readonly accessKeyId?: string;
      readonly temporary: boolean;
    }
  /** One session of an assumed role. `roleId` is the AROA… id, which outlives neither delete nor recreate of the name. */
  | {
      readonly kind: 'role-session';
      readonly account: string;
      readonly roleId: string;
      readonly roleName: string;
      readonly roleArn: string;
      readonly sessionName: string;
      readonly accessKeyId?: string;
      readonly sourceIdentity?: string;
      readonly issuedAt?: string;
      /** The user of Identity Center for whom an application holds the session. */
      readonly onBehalfOf?: string;
      readonly serviceLinked: boolean;
    }
  | {
      readonly kind: 'federated-user';
      readonly account: string;
      readonly issuerId: string;
      readonly issuerName: string;
      readonly name: string;
      readonly arn: string;
      readonly accessKeyId?: string;
    }
  | { readonly kind: 'saml-user' | 'web-identity-user'; readonly name: string; readonly provider: string }
  | { readonly kind: 'identity-center-user'; readonly userId: string; readonly account?: string }
  | { readonly kind: 'root'; readonly account: string; readonly accessKeyId?: string }
  | { readonly kind: 'service'; readonly invokedBy: string }
  /** Nobody's credentials: the resource is open to everybody. */
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'account'; readonly account: string; readonly principalId?: string }
  /** The record does not say. Never guessed at, never contained. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** A short name for tables and alerts: the user, `role/session`, the service. Text from the record: escape it where it is shown. */
export function principalLabel(principal: Principal): string {
  switch (principal.kind) {
    case 'user':
      return principal.userName;
    case 'role-session':
      return `${principal.roleName}/${principal.sessionName}`;
    case 'federated-user':
      return `${principal.issuerName} as ${principal.name}`;
    case 'saml-user':
    case 'web-identity-user':
      return principal.name;
    case 'identity-center-user':
      return principal.userId;
    case 'root':
      return `root of ${principal.account}`;
    case 'service':
      return principal.invokedBy;
    case 'account':
      return `account ${principal.account}`;
    case 'anonymous':
      return 'anonymous';
    case 'unknown':
      return 'unknown';
  }
}
