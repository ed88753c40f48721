import type { JsonObject } from '../json.ts';
import type { ResourceRef } from './resource.ts';

/** Every IAM write that Rescind can make. An operation that is not here cannot be called. */
export const IAM_WRITES = [
  'AttachUserPolicy',
  'DetachUserPolicy',
  'PutUserPolicy',
  'DeleteUserPolicy',
  'UpdateAccessKey',
  'UpdateServiceSpecificCredential',
  'UpdateSSHPublicKey',
  'UpdateSigningCertificate',
  'AttachRolePolicy',
  'DetachRolePolicy',
  'PutRolePolicy',
  'DeleteRolePolicy',
  'UpdateAssumeRolePolicy',
  'PutUserPermissionsBoundary',
  'DeleteUserPermissionsBoundary',
  'PutRolePermissionsBoundary',
  'DeleteRolePermissionsBoundary',
  'TagUser',
  'UntagUser',
  'TagRole',
  'UntagRole',
] as const;
export type IamWrite = (typeof IAM_WRITES)[number];

/** Every write in another service, by the service's client. */
export const RESOURCE_WRITES = {
  cloudtrail: ['StartLogging', 'StopLogging'],
  ec2: ['RevokeSecurityGroupIngress', 'AuthorizeSecurityGroupIngress'],
  s3: ['PutPublicAccessBlock', 'DeletePublicAccessBlock'],
  s3control: ['PutPublicAccessBlock', 'DeletePublicAccessBlock'],
  // IAM's own client; sent by a caller without a stack, and by no function.
  'iam-console': ['UpdateLoginProfile'],
  secretsmanager: ['RotateSecret'],
  // Each is followed by ProvisionPermissionSet: what stands in a set counts in no account before that.
  sso: ['PutInlinePolicyToPermissionSet', 'DeleteInlinePolicyFromPermissionSet'],
} as const;
export type ResourceService = keyof typeof RESOURCE_WRITES;

/** IAM's names of the permissions for them. */
export type ResourcePermission =
  | 'cloudtrail:StartLogging'
  | 'cloudtrail:StopLogging'
  | 'ec2:RevokeSecurityGroupIngress'
  | 'ec2:AuthorizeSecurityGroupIngress'
  | 'iam:GetLoginProfile'
  | 'iam:UpdateLoginProfile'
  | 'lambda:InvokeFunction'
  | 's3:PutBucketPublicAccessBlock'
  | 's3:PutAccountPublicAccessBlock'
  | 'secretsmanager:RotateSecret'
  | 'sso:PutInlinePolicyToPermissionSet'
  | 'sso:DeleteInlinePolicyFromPermissionSet'
  | 'sso:ProvisionPermissionSet';

export type IamCall = {
  readonly service: 'iam';
  readonly operation: IamWrite;
  /** The request as the SDK takes it (`UserName`, `PolicyArn`, …); documents are strings, byte for byte. */
  readonly input: JsonObject;
};

export type ResourceCall = {
  readonly [Service in ResourceService]: {
    readonly service: Service;
    readonly operation: (typeof RESOURCE_WRITES)[Service][number];
    readonly input: JsonObject;
    /** What it changes, which is also what shows whether it stands. */
    readonly on: ResourceRef;
  };
}[ResourceService];

/** One exact API call: what the plan shows, the approval binds to, the ledger keeps and contain sends. */
export type Call = IamCall | ResourceCall;

/** What became of a call. Errors are told apart by name, never by text. */
export type CallResult =
  | { readonly kind: 'done' }
  /** The thing is not there (NoSuchEntity). */
  | { readonly kind: 'missing'; readonly detail: string }
  /** LimitExceeded: a quota, so a fallback may fit. */
  | { readonly kind: 'quota'; readonly detail: string }
  /** The endpoint does not know the operation (InvalidAction, 501, NotImplemented). */
  | { readonly kind: 'unavailable'; readonly detail: string }
  /** AccessDenied and everything else that asking again will not mend. */
  | { readonly kind: 'failed'; readonly error: string; readonly detail: string };

/** A parameter that the call must carry. A call without it was not made by a plan of ours: a fault, not an outcome. */
export function parameter(call: Pick<Call, 'operation' | 'input'>, name: string): string {
  const value = call.input[name];
  if (typeof value !== 'string') throw new TypeError(`${call.operation} without ${name}`);
  return value;
}
