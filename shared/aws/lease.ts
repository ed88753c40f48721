import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Lease, LeaseHeldError } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import { FenceLostError } from '../ports/ledger.ts';
import { keys } from './case-items.ts';

/** One holder per subject. Each taking, also again by the same owner, gives a new fence, and every older fence is void. */
export function createLeases(client: DynamoDBClient, table: string, clock: Pick<Clock, 'now'>) {
  return {
    async acquireLease(subjectKey: string, owner: string, forSeconds: number): Promise<Lease> {
      const now = Math.floor(clock.now().getTime() / 1000);
      try {
        const answer = await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: marshall(keys.lease(subjectKey)),
            UpdateExpression: 'SET #owner = :owner, expires = :expires ADD fence :one',
            ConditionExpression: 'attribute_not_exists(expires) OR expires < :now OR #owner = :owner',
            ExpressionAttributeNames: { '#owner': 'owner' },
            ExpressionAttributeValues: marshall({
              ':owner': owner,
              ':expires': now + forSeconds,
              ':now': now,
              ':one': 1,
            }),
            ReturnValues: 'ALL_NEW',
          }),
        );
        return { subjectKey, owner, fence: Number(unmarshall(answer.Attributes ?? {}).fence) };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          throw new LeaseHeldError(`Another execution works on ${subjectKey}; try again shortly.`, { cause: error });
        }
        throw error;
      }
    },

    async releaseLease(lease: Lease): Promise<void> {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: marshall(keys.lease(lease.subjectKey)),
            UpdateExpression: 'REMOVE expires, #owner',
            ConditionExpression: 'fence = :fence',
            ExpressionAttributeNames: { '#owner': 'owner' },
            ExpressionAttributeValues: marshall({ ':fence': lease.fence }),
          }),
        );
      } catch (error) {
        // Somebody else holds it by now, so there is nothing left to give back.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}

export function fenceLost(lease: Lease): FenceLostError {
  return new FenceLostError(`Fence ${lease.fence} on ${lease.subjectKey} is void: another execution took the lease.`);
}

/** The part of a transaction that fails it once the fence is void. */
export function fenceCheck(table: string, lease: Lease) {
  return {
    ConditionCheck: {
      TableName: table,
      Key: marshall(keys.lease(lease.subjectKey)),
      ConditionExpression: 'fence = :fence',
      ExpressionAttributeValues: marshall({ ':fence': lease.fence }),
    },
  };
}
