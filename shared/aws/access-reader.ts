import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AccessEntry } from '../access/access-entry.ts';
import type { Resource } from '../access/resources-of.ts';
import type { AccessReader, AccessSummary, DayAsked } from '../ports/access-reader.ts';
import { accessKeys, RESOURCE_SHARDS, SENSITIVE_SHARDS } from './access-items.ts';
import { type AccessQuery, queryAccess } from './access-query.ts';
import { fromItem, type Item } from './items.ts';

/** One query for each key and page, and nothing else: no scan, no filter. */
export function createAccessReader(client: DynamoDBClient, table: string): AccessReader {
  const query = (asked: AccessQuery) => queryAccess(client, table, asked);

  return {
    async accessesBy(principal, { day, since, limit }) {
      const items = await query({
        attribute: 'pk',
        value: accessKeys.ofPrincipal(principal, day),
        from: since,
        limit,
      });
      return items.map(entryOf);
    },

    async accessesTo(arn, { day, since, limit }: DayAsked) {
      const shards = Array.from({ length: RESOURCE_SHARDS }, (_, shard) => accessKeys.ofResource(arn, day, shard));
      const found = await Promise.all(
        shards.map((value) => query({ attribute: 'resource', value, from: since, limit })),
      );
      return found
        .flat()
        .map(entryOf)
        .sort((a, b) => (a.at < b.at ? 1 : -1))
        .slice(0, limit);
    },

    async accessesIn(session, { since, limit }) {
      const items = await query({ attribute: 'session', value: session, from: since, limit });
      return items.map(entryOf);
    },

    async summariesBy(principal) {
      const items = await query({ attribute: 'resource', value: accessKeys.summariesOfPrincipal(principal) });
      return items.map(summaryOf);
    },

    async summariesTo(arn) {
      const items = await query({ attribute: 'pk', value: accessKeys.summariesOfResource(arn) });
      return items.map(summaryOf);
    },

    async sensitiveSummaries(limit) {
      const shards = Array.from({ length: SENSITIVE_SHARDS }, (_, shard) => accessKeys.sensitiveShard(shard));
      const found = await Promise.all(shards.map((value) => query({ attribute: 'session', value, limit })));
      return found.flat().slice(0, limit).map(summaryOf);
    },
  };
}

/** Only the access store writes these, so the shapes are its own. */
function summaryOf(item: Item): AccessSummary {
  const { principal, who, arn, type, first, last, count } = fromItem<AccessSummary>(item);
  return { principal, who, arn, type, first, last, count };
}

function entryOf(item: Item): AccessEntry {
  const { arn, type, resource, ttl, ...entry } = fromItem<
    Omit<AccessEntry, 'resource'> & Partial<Resource> & { readonly resource?: string; readonly ttl: number }
  >(item);
  return arn === undefined || type === undefined ? entry : { ...entry, resource: { arn, type } };
}
