import { parseArn } from '../access/arn.ts';

/** Where a thing of another service than IAM is asked for. Its ARN says what it is; a bucket's says neither region nor account. */
export type ResourceRef = { readonly account: string; readonly region: string; readonly arn: string };

export const RESOURCE_KINDS = ['trail'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** What a fresh read says of a resource, as far as a change of ours touches it. */
export type ResourceState = { readonly kind: 'trail'; readonly isLogging: boolean };

/**
 * What the ARN names, if it is something that Rescind can change: names come from requests, so only the characters that AWS
 * allows in them.
 */
export function resourceKindOf(arn: string): ResourceKind | undefined {
  const { service = '', region = '', account = '', resource = '' } = parseArn(arn) ?? {};
  const place = `${service} ${region === '' ? '' : 'regional '}${account === '' ? '' : 'own '}`;
  switch (place) {
    case 'cloudtrail regional own ':
      return /^trail\/[\w.-]{3,128}$/.test(resource) ? 'trail' : undefined;
    default:
      return undefined;
  }
}

/** `main`, `sg-0123456789abcdef0`, `acme-finance`, `111122223333`: as its service calls it. */
export function resourceName({ arn }: Pick<ResourceRef, 'arn'>): string {
  const { resource = arn } = parseArn(arn) ?? {};
  return resource.slice(resource.lastIndexOf('/') + 1);
}

/** `trail main`, for people. */
export function resourceLabel(of: Pick<ResourceRef, 'arn'>): string {
  const kind = resourceKindOf(of.arn);
  return kind === undefined ? of.arn : `${kind.replace('-', ' ')} ${resourceName(of)}`;
}
