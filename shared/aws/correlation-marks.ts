import { createHash } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { storable } from '../cases/storable.ts';
import type { Mark } from '../rules/correlate/mark.ts';
import { MARKS_LOOKED_AT, type MarkStore } from '../rules/correlate/mark-store.ts';
import { correlationKeys } from './case-items.ts';
import { fromItem, toItem } from './items.ts';

/**
 * Correlation marks in the state table, for the judging of one event. A finding is claimed in the name of that event,
 * so that its retry after a crash finds its own claim and goes on, while every other event is told that it is taken.
 */
export function createCorrelationMarks(client: DynamoDBClient, table: string, eventId: string): MarkStore {
  return {
    async add(given, expiresAt) {
      const mark = bounded(given);
      const key = correlationKeys.mark(mark.correlationId, digest(given.group), mark);
      await client.send(
        new PutItemCommand({ TableName: table, Item: toItem({ ...key, ...mark, ttl: seconds(expiresAt) }) }),
      );
    },

    async read({ correlationId, group }, from, to) {
      const [first, last] = correlationKeys.span(from, to);
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
          ExpressionAttributeValues: marshall({
            ':pk': correlationKeys.group(correlationId, digest(group)),
            ':first': first,
            ':last': last,
          }),
          ScanIndexForward: false,
          Limit: MARKS_LOOKED_AT,
        }),
      );
      return Items.map((item) => fromItem<Mark>(item));
    },

    async claim(findingKey, expiresAt) {
      const item = toItem({ ...correlationKeys.claim(digest(findingKey)), by: eventId, ttl: seconds(expiresAt) });
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: item,
            ConditionExpression: 'attribute_not_exists(pk) OR #by = :by',
            ExpressionAttributeNames: { '#by': 'by' },
            ExpressionAttributeValues: marshall({ ':by': eventId }),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}

/** What a mark keeps of a record is text from outside: a table takes neither every character nor every length. */
function bounded(mark: Mark): Mark {
  const { eventId, value } = mark;
  return {
    ...mark,
    eventId: storable(eventId, 200),
    // Still the JSON of a list, and still different for different groups.
    group: mark.group.length > 2_048 ? JSON.stringify([digest(mark.group)]) : storable(mark.group, 2_048),
    ...(value === undefined ? {} : { value: storable(value, 2_048) }),
  };
}

/** Groups and findings are made of text from records, of any length: a key is of ours. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
