import { createHash } from 'node:crypto';
import type { AccessEntry } from '../access/access-entry.ts';
import { resourceKey } from '../access/same-resource.ts';
import type { Key } from './case-items.ts';

/**
 * Keys and item shapes of the table `access`, in one place. Resources, whose ARNs are long and hold any character, stand
 * in keys as digests of their `resourceKey`; the ARN is in the item.
 *
 *   <principal>#<day>        <time>#<event>#<resource>   one access; expires by `ttl`
 *     index by-resource      <resource>#<day>#<shard>    the same item, where it touched a resource
 *     index by-session       <session>                   the same item, where it was made in a session
 *   SUMMARY#<resource>       <principal>                 first, last and count of their accesses; expires by `ttl`
 *     index by-resource      SUMMARY#<principal>         all summaries of a principal
 *   SESSION#<key id>         ISSUED                      where a session came from; expires by `ttl`
 */
export type AccessKeys = Key & { readonly resource?: string; readonly session?: string };

/** A day's accesses to one resource are spread over so many partitions of the index, each good for 1,000 writes a second. */
export const RESOURCE_SHARDS = 4;

/**
 * As long as CloudTrail's own event history, and as `first-seen` looks back; a summary so long after the last access.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
 */
export const ACCESS_LIFETIME_SECONDS = 90 * 24 * 3600;

export const accessKeys = {
  access(entry: AccessEntry): AccessKeys {
    const { at, eventId, principal, session, resource } = entry;
    const touched = resource === undefined ? undefined : digest(resourceKey(resource.arn));
    return {
      pk: accessKeys.ofPrincipal(principal, day(at)),
      // Beside each other stand the accesses of one event to several resources.
      sk: `${at}#${eventId}#${touched === undefined ? '' : touched.slice(0, 16)}`,
      ...(resource === undefined ? {} : { resource: accessKeys.ofResource(resource.arn, day(at), shardOf(eventId)) }),
      ...(session === undefined ? {} : { session }),
    };
  },
  ofPrincipal: (principal: string, onDay: string): string => `${principal}#${onDay}`,
  ofResource: (arn: string, onDay: string, shard: number): string => `${digest(resourceKey(arn))}#${onDay}#${shard}`,
  summary: (arn: string, principal: string): Required<Pick<AccessKeys, 'pk' | 'sk' | 'resource'>> => ({
    pk: accessKeys.summariesOfResource(arn),
    sk: principal,
    resource: accessKeys.summariesOfPrincipal(principal),
  }),
  summariesOfResource: (arn: string): string => `SUMMARY#${digest(resourceKey(arn))}`,
  summariesOfPrincipal: (principal: string): string => `SUMMARY#${principal}`,
  session: (accessKeyId: string): Key => ({ pk: `SESSION#${accessKeyId}`, sk: 'ISSUED' }),
} as const;

/** Seconds since 1970, after which DynamoDB may delete the item. */
export function expiryOf(at: string): number {
  return Math.ceil(Date.parse(at) / 1000) + ACCESS_LIFETIME_SECONDS;
}

/** In UTC, as the record writes its time. */
function day(at: string): string {
  return at.slice(0, 10);
}

/** Of the event and not at random: the same event again falls into the same shard. */
function shardOf(eventId: string): number {
  return Number.parseInt(digest(eventId).slice(0, 8), 16) % RESOURCE_SHARDS;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}
