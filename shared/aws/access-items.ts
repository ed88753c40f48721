import { hash } from 'node:crypto';
import type { AccessEntry } from '../access/access-entry.ts';
import { resourceKey } from '../access/same-resource.ts';
import type { SessionFact } from '../access/session-fact.ts';
import type { SessionsOf } from '../ports/session-reader.ts';
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
 *     index by-session       SENSITIVE#<shard>           those of sensitive resources
 *   SESSION#<key id>         <time of issue>#...         where a session came from, whose it is; expires by `ttl`
 *     index by-resource      SESSIONS#...                of who asked for it, of a role and session name
 *     index by-session       SESSIONS#...                of the session that asked for it, of the person it names
 *   PERSON#<user>            <name>                      a user of Identity Center and their name; expires by `ttl`
 *     index by-resource      PERSON#<name>               the same from the other side
 */
export type AccessKeys = Key & { readonly resource?: string; readonly session?: string };

/** Where a query looks: the table itself by `pk`, else the index of that key. */
export type AccessPartition = { readonly attribute: 'pk' | 'resource' | 'session'; readonly value: string };

/** A day's accesses to one resource are spread over so many partitions of the index, each good for 1,000 writes a second. */
export const RESOURCE_SHARDS = 4;

/** Summaries of sensitive resources are read together; each shard is good for 1,000 accesses a second. */
export const SENSITIVE_SHARDS = 4;

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
      ...(resource === undefined
        ? {}
        : { resource: accessKeys.ofResource(resource.arn, day(at), shardOf(eventId, RESOURCE_SHARDS)) }),
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
  /** In which part of the summaries of sensitive resources one is; of both its keys, so that a busy resource is spread. */
  sensitive: (arn: string, principal: string): string =>
    accessKeys.sensitiveShard(shardOf(`${resourceKey(arn)} ${principal}`, SENSITIVE_SHARDS)),
  sensitiveShard: (shard: number): string => `SENSITIVE#${shard}`,
  sessionFact(fact: SessionFact): AccessKeys {
    switch (fact.kind) {
      case 'issued':
        return {
          pk: accessKeys.ofSession(fact.accessKeyId),
          sk: `${fact.at}#issued#${fact.eventId}`,
          resource: accessKeys.sessionsOf({ kind: 'principal', key: fact.by }).value,
          ...(fact.bySession === undefined
            ? {}
            : { session: accessKeys.sessionsOf({ kind: 'session', key: fact.bySession }).value }),
        };
      case 'held':
        return {
          pk: accessKeys.ofSession(fact.accessKeyId),
          sk: `${fact.issuedAt}#held ${fact.told}#${fact.accessKeyId}`,
          ...(fact.name === undefined
            ? {}
            : { resource: accessKeys.sessionsOf({ kind: 'name', key: fact.name }).value }),
          ...(fact.person === undefined
            ? {}
            : { session: accessKeys.sessionsOf({ kind: 'person', key: fact.person }).value }),
        };
      case 'named':
        return { pk: accessKeys.person(fact.person), sk: fact.name, resource: accessKeys.person(fact.name) };
    }
  },
  ofSession: (accessKeyId: string): string => `SESSION#${accessKeyId}`,
  sessionsOf: ({ kind, key }: SessionsOf): AccessPartition => ({
    attribute: kind === 'principal' || kind === 'name' ? 'resource' : 'session',
    value: `SESSIONS#${kind}#${key}`,
  }),
  person: (key: string): string => `PERSON#${key}`,
} as const;

/** Seconds since 1970, after which DynamoDB may delete the item. */
export function expiryOf(at: string): number {
  return Math.ceil(Date.parse(at) / 1000) + ACCESS_LIFETIME_SECONDS;
}

/** In UTC, as the record writes its time. */
function day(at: string): string {
  return at.slice(0, 10);
}

/** Of what it is and not at random: the same again falls into the same shard. */
function shardOf(text: string, shards: number): number {
  return Number.parseInt(digest(text).slice(0, 8), 16) % shards;
}

function digest(text: string): string {
  return hash('sha256', text).slice(0, 40);
}
