import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { AccessEntry } from '../access/access-entry.ts';
import type { Resource } from '../access/resources-of.ts';
import type { AccessReader, AccessSummary, DayAsked } from '../ports/access-reader.ts';
import { accessKeys, RESOURCE_SHARDS } from './access-items.ts';
import { fromItem, type Item } from './items.ts';

type Asked = {
  readonly attribute: 'pk' | 'resource';
  readonly value: string;
  readonly from?: string;
  readonly limit?: number;
};

/** One query for each key and page, and nothing else: no scan, no filter. */
export function createAccessReader(client: DynamoDBClient, table: string): AccessReader {
  async function query({ attribute, value, from, limit = Number.POSITIVE_INFINITY }: Asked): Promise<readonly Item[]> {
    const items: Item[] = [];
    let start: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          ...(attribute === 'pk' ? {} : { IndexName: 'by-resource' }),
          KeyConditionExpression: `#key = :value${from === undefined ? '' : ' AND sk >= :from'}`,
          ExpressionAttributeNames: { '#key': attribute },
          ExpressionAttributeValues: marshall({ ':value': value, ...(from === undefined ? {} : { ':from': from }) }),
          ScanIndexForward: false,
          ...(limit === Number.POSITIVE_INFINITY ? {} : { Limit: limit - items.length }),
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      items.push(...Items);
      start = LastEvaluatedKey;
    } while (start !== undefined && items.length < limit);
    return items;
  }

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

    async summariesBy(principal) {
      const items = await query({ attribute: 'resource', value: accessKeys.summariesOfPrincipal(principal) });
      return items.map((item) => fromItem<AccessSummary>(item));
    },

    async summariesTo(arn) {
      const items = await query({ attribute: 'pk', value: accessKeys.summariesOfResource(arn) });
      return items.map((item) => fromItem<AccessSummary>(item));
    },
  };
}

/** Only the access store writes these, so the shape is its own. */
function entryOf(item: Item): AccessEntry {
  const { arn, type, resource, ttl, ...entry } = fromItem<
    Omit<AccessEntry, 'resource'> & Partial<Resource> & { readonly resource?: string; readonly ttl: number }
  >(item);
  return arn === undefined || type === undefined ? entry : { ...entry, resource: { arn, type } };
}
