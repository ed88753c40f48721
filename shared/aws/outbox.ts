import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { OutboxItem } from '../ports/case-store.ts';
import type { Outbox } from '../ports/outbox.ts';
import { keys } from './case-items.ts';
import { fromItem, getItem } from './items.ts';

/** The outbox of the cases table, as notify sees it. */
export function createOutbox(client: DynamoDBClient, table: string): Outbox {
  return {
    async claim({ caseId, caseVersion }) {
      const item = await getItem(client, table, keys.outbox(caseId, caseVersion));
      if (item !== undefined && fromItem<OutboxItem>(item).deliveredAt !== undefined) return 'delivered';
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: marshall(keys.alerted(caseId)),
            UpdateExpression: 'SET highest = :version',
            ConditionExpression: 'attribute_not_exists(highest) OR highest < :version',
            ExpressionAttributeValues: marshall({ ':version': caseVersion }),
          }),
        );
        return 'first';
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const alerted = await getItem(client, table, keys.alerted(caseId));
        const highest = alerted === undefined ? 0 : fromItem<{ highest: number }>(alerted).highest;
        return highest > caseVersion ? 'superseded' : 'again';
      }
    },

    async settle({ caseId, caseVersion }, result) {
      const [name, value] =
        'deliveredAt' in result ? ['deliveredAt', result.deliveredAt] : ['superseded', result.superseded];
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshall(keys.outbox(caseId, caseVersion)),
          UpdateExpression: 'SET #name = :value',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#name': name },
          ExpressionAttributeValues: marshall({ ':value': value }),
        }),
      );
    },
  };
}
