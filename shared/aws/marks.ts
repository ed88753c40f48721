import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type TransactWriteItem,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Mode } from '../config/policy.ts';
import { MARKED_EVENTS, type Mark } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import { keys, MARK_LIFETIME_SECONDS } from './case-items.ts';
import type { Item } from './items.ts';

/** Marks of (subject, rule) in the state table: see `Mark`. */
export function createMarks(client: DynamoDBClient, table: string, clock: Pick<Clock, 'now'>) {
  const expiry = (): number => Math.floor(clock.now().getTime() / 1000) + MARK_LIFETIME_SECONDS;

  return {
    async countEvent(subjectKey: string, ruleId: string, eventId: string, caseId: string): Promise<boolean> {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: marshall(keys.mark(subjectKey, ruleId)),
            UpdateExpression: 'ADD events :event SET #ttl = :ttl',
            ConditionExpression: 'caseId = :case AND size(events) < :most',
            ExpressionAttributeNames: { '#ttl': 'ttl' },
            ExpressionAttributeValues: {
              ...marshall({ ':case': caseId, ':most': MARKED_EVENTS, ':ttl': expiry() }),
              ':event': { SS: [eventId] },
            },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    /** Part of the transaction in which an event joins a case. It fails when the event is marked already, or another joined since. */
    joining(write: {
      subjectKey: string;
      ruleId: string;
      eventId: string;
      caseId: string;
      mode: Mode;
      joinedAt: string;
      joinedBefore: string | undefined;
      brought: readonly string[];
    }): TransactWriteItem {
      const { subjectKey, ruleId, eventId, caseId, mode, joinedAt, joinedBefore, brought } = write;
      return {
        Update: {
          TableName: table,
          Key: marshall(keys.mark(subjectKey, ruleId)),
          UpdateExpression: `ADD events :event${brought.length === 0 ? '' : ', brought :brought'} SET caseId = :case, #mode = :mode, joinedAt = :at, #ttl = :ttl`,
          ConditionExpression: `(attribute_not_exists(pk) OR NOT contains(events, :id)) AND ${joinedBefore === undefined ? 'attribute_not_exists(joinedAt)' : 'joinedAt = :before'}`,
          ExpressionAttributeNames: { '#ttl': 'ttl', '#mode': 'mode' },
          ExpressionAttributeValues: {
            ...marshall({ ':case': caseId, ':mode': mode, ':at': joinedAt, ':ttl': expiry(), ':id': eventId }),
            ...(joinedBefore === undefined ? {} : { ':before': { S: joinedBefore } }),
            ':event': { SS: [eventId] },
            // A set in DynamoDB is never empty.
            ...(brought.length === 0 ? {} : { ':brought': { SS: [...brought] } }),
          },
        },
      };
    },

    /** Part of the transaction that ends a case's claim on its events: their ids stay known, new ones reach a case again. */
    clearing(subjectKey: string, ruleId: string): TransactWriteItem {
      return {
        Update: {
          TableName: table,
          Key: marshall(keys.mark(subjectKey, ruleId)),
          // One that has expired meanwhile is written anew by this, and must expire again.
          UpdateExpression: 'SET #ttl = :ttl REMOVE caseId, #mode, joinedAt, brought',
          ExpressionAttributeNames: { '#ttl': 'ttl', '#mode': 'mode' },
          ExpressionAttributeValues: marshall({ ':ttl': expiry() }),
        },
      };
    },
  };
}

export function markIn(item: Item): Mark {
  const stored = unmarshall(item);
  return {
    events: membersOf(stored.events),
    brought: membersOf(stored.brought),
    ...(stored.caseId === undefined ? {} : { caseId: String(stored.caseId), mode: stored.mode as Mode }),
    ...(stored.joinedAt === undefined ? {} : { joinedAt: String(stored.joinedAt) }),
  };
}

function membersOf(set: unknown): readonly string[] {
  return set instanceof Set ? [...set].map(String) : [];
}
