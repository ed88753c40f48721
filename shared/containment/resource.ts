import { parseArn } from '../access/arn.ts';
import type { AccessBlock } from './access-block.ts';
import type { StandingRule } from './ingress.ts';
import type { SecretState } from './secret.ts';

/** Where a thing of another service than IAM is asked for. Its ARN says what it is; a bucket's says neither region nor account. */
export type ResourceRef = { readonly account: string; readonly region: string; readonly arn: string };

export const RESOURCE_KINDS = ['trail', 'security-group', 'bucket', 'account', 'secret', 'permission-set'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** What a fresh read says of a resource, as far as a change of ours touches it. */
export type ResourceState =
  | { readonly kind: 'trail'; readonly isLogging: boolean }
  /** What the group lets in. */
  | { readonly kind: 'security-group'; readonly rules: readonly StandingRule[] }
  /** Of a bucket, or of the account above all its buckets; `null`: none was ever put, or it was deleted. */
  | { readonly kind: 'access-block'; readonly block: AccessBlock | null }
  | SecretState
  /** A user's console password; the thing is the user. */
  | { readonly kind: 'login-profile'; readonly resetRequired: boolean }
  /** The inline policy, byte for byte, or `null`; and the accounts in which the set is not yet as it is here. */
  | { readonly kind: 'permission-set'; readonly inline: string | null; readonly behind: readonly string[] };

/**
 * What the ARN names, if it is something that Rescind can change: names come from requests, so only the characters that AWS
 * allows in them. `account`: settings of a whole account, which have no ARN of their own; the account's stands for them.
 */
export function resourceKindOf(arn: string): ResourceKind | undefined {
  const { service = '', region = '', account = '', resource = '' } = parseArn(arn) ?? {};
  const place = `${service} ${region === '' ? '' : 'regional '}${account === '' ? '' : 'own '}`;
  switch (place) {
    case 'cloudtrail regional own ':
      return /^trail\/[\w.-]{3,128}$/.test(resource) ? 'trail' : undefined;
    case 'ec2 regional own ':
      return /^security-group\/sg-[0-9a-f]{8,17}$/.test(resource) ? 'security-group' : undefined;
    case 's3 ':
      return /^[a-z0-9][a-z0-9.-]{2,62}$/.test(resource) ? 'bucket' : undefined;
    // The random end of its ARN may be wildcards: a record names a secret as the caller did.
    case 'secretsmanager regional own ':
      return /^secret:[\w/+=.@-]{1,519}(?:-\?{6})?$/.test(resource) ? 'secret' : undefined;
    case 'iam own ':
      return resource === 'root' ? 'account' : undefined;
    // https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PermissionSet.html
    case 'sso ':
      return /^permissionSet\/(?:sso)?ins-[a-zA-Z0-9.-]{16}\/ps-[a-zA-Z0-9./-]{16}$/.test(resource)
        ? 'permission-set'
        : undefined;
    default:
      return undefined;
  }
}

/** `main`, `sg-0123456789abcdef0`, `acme-finance`, `111122223333`: as its service calls it. */
export function resourceName({ arn }: Pick<ResourceRef, 'arn'>): string {
  const { resource = arn, account = '' } = parseArn(arn) ?? {};
  if (resource === 'root') return account;
  return resource.slice(resource.lastIndexOf('/') + 1);
}

/** `trail main`, for people. */
export function resourceLabel(of: Pick<ResourceRef, 'arn'>): string {
  const kind = resourceKindOf(of.arn);
  return kind === undefined ? of.arn : `${kind.replace('-', ' ')} ${resourceName(of)}`;
}
