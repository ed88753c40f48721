import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { AccessPartition } from './access-items.ts';
import type { Item } from './items.ts';

export type AccessQuery = AccessPartition & {
  /** Sort keys from here, and up to there. */
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
};

const INDEX = { pk: undefined, resource: 'by-resource', session: 'by-session' } as const;

/** Items of one partition, the last first: one query for each page, and nothing else: no scan, no filter. */
export async function queryAccess(
  client: DynamoDBClient,
  table: string,
  { attribute, value, from, to, limit = Number.POSITIVE_INFINITY }: AccessQuery,
): Promise<readonly Item[]> {
  const index = INDEX[attribute];
  const range = rangeOf(from, to);
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        ...(index === undefined ? {} : { IndexName: index }),
        KeyConditionExpression: `#key = :value${range}`,
        ExpressionAttributeNames: { '#key': attribute },
        ExpressionAttributeValues: marshall(
          { ':value': value, ':from': from, ':to': to },
          { removeUndefinedValues: true },
        ),
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

function rangeOf(from: string | undefined, to: string | undefined): string {
  if (from !== undefined && to !== undefined) return ' AND sk BETWEEN :from AND :to';
  if (from !== undefined) return ' AND sk >= :from';
  return to === undefined ? '' : ' AND sk <= :to';
}
