import { setTimeout } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
  GetItemCommand,
  type KeysAndAttributes,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Key } from './case-items.ts';

export type Item = Record<string, AttributeValue>;

/** Undefined members are left out; class instances do not occur. */
export function toItem(value: object): Item {
  return marshall(value, { removeUndefinedValues: true });
}

/**
 * The stored value, without its keys. Only Rescind's own functions may write these tables, and each
 * shape has one writer, so the type is the writer's.
 */
export function fromItem<T>(item: Item): T {
  const { pk: _pk, sk: _sk, ...value } = unmarshall(item);
  return value as T;
}

export async function getItem(client: DynamoDBClient, table: string, key: Key): Promise<Item | undefined> {
  const answer = await client.send(new GetItemCommand({ TableName: table, Key: marshall(key), ConsistentRead: true }));
  return answer.Item;
}

/**
 * Items of any tables in one call, in the order in which they were asked for. What
 * DynamoDB had no room for, in the answer or at the moment, is asked again.
 */
export async function getItems(
  client: DynamoDBClient,
  wanted: readonly { readonly table: string; readonly key: Key }[],
): Promise<readonly (Item | undefined)[]> {
  const place = (table: string, { pk, sk }: Key): string => JSON.stringify([table, pk, sk]);
  const found = new Map<string, Item>();
  let asked: Record<string, KeysAndAttributes> = {};
  for (const { table, key } of wanted) {
    asked[table] = { Keys: [...(asked[table]?.Keys ?? []), marshall(key)], ConsistentRead: true };
  }
  for (let attempt = 1; Object.keys(asked).length > 0; attempt += 1) {
    if (attempt > ATTEMPTS) throw new Error(`DynamoDB left items unread in ${Object.keys(asked).join(', ')}.`);
    if (attempt > 1) await waitRandomly(attempt);
    const answer: BatchGetItemCommandOutput = await client.send(new BatchGetItemCommand({ RequestItems: asked }));
    for (const [table, items] of Object.entries(answer.Responses ?? {})) {
      for (const item of items) found.set(place(table, unmarshall(item) as Key), item);
    }
    asked = answer.UnprocessedKeys ?? {};
  }
  return wanted.map(({ table, key }) => found.get(place(table, key)));
}

/** Every item of a partition whose sort key begins so, all pages, in order. */
export function queryItems(client: DynamoDBClient, table: string, partition: string, prefix: string): Promise<Item[]> {
  return queryAll(client, table, 'begins_with(sk, :sk)', { pk: partition, sk: prefix });
}

/** Every item of a partition up to this sort key, likewise. */
export function queryUpTo(client: DynamoDBClient, table: string, partition: string, last: string): Promise<Item[]> {
  return queryAll(client, table, 'sk <= :sk', { pk: partition, sk: last });
}

async function queryAll(client: DynamoDBClient, table: string, condition: string, { pk, sk }: Key): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: `pk = :pk AND ${condition}`,
        ExpressionAttributeValues: marshall({ ':pk': pk, ':sk': sk }),
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

/** Why a transaction did not happen: per item the reason code, `None` where that item was fine. */
export type Refusal = { readonly codes: readonly string[] };

/**
 * All or nothing. `undefined`: done. A refusal is an answer, for the caller to judge; every other fault is thrown.
 * Two transactions that meet on an item cancel each other without either condition being false: those are sent again.
 */
export async function transact(
  client: DynamoDBClient,
  writes: readonly TransactWriteItem[],
): Promise<Refusal | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: [...writes] }));
      return undefined;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code ?? 'None');
      if (codes.includes('ConditionalCheckFailed')) return { codes };
      if (attempt === ATTEMPTS || !codes.every((code) => RETRIED.has(code))) throw error;
      // At once, both would meet again.
      await waitRandomly(attempt);
    }
  }
}

const ATTEMPTS = 8;

/** A random wait of at most 10, 20, 40 … ms: 1.3 s in all of the attempts. */
async function waitRandomly(attempt: number): Promise<void> {
  await setTimeout(Math.random() * 5 * 2 ** attempt);
}

const RETRIED: ReadonlySet<string> = new Set(['None', 'TransactionConflict', 'ThrottlingError']);
