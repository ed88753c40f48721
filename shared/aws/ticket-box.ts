import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { TicketBox } from '../ports/ticket-box.ts';
import { keys, type TicketItem } from './case-items.ts';
import { fromItem, getItem, toItem } from './items.ts';

/** Tickets beside the alerts in the outbox; they go to a topic of their own. */
export function createTicketBox(
  clients: { readonly dynamo: DynamoDBClient; readonly sns: SNSClient },
  to: { readonly table: string; readonly topicArn: string },
): TicketBox {
  const { dynamo, sns } = clients;
  return {
    async file(ticket) {
      try {
        await dynamo.send(
          new PutItemCommand({
            TableName: to.table,
            Item: toItem({ ...keys.ticket(ticket.caseId), ticket } satisfies TicketItem & object),
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async isDelivered(caseId) {
      const item = await getItem(dynamo, to.table, keys.ticket(caseId));
      return item !== undefined && fromItem<TicketItem>(item).deliveredAt !== undefined;
    },

    async settle(caseId, deliveredAt) {
      await dynamo.send(
        new UpdateItemCommand({
          TableName: to.table,
          Key: marshall(keys.ticket(caseId)),
          UpdateExpression: 'SET deliveredAt = :at',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: marshall({ ':at': deliveredAt }),
        }),
      );
    },

    async publish({ title, ...ticket }) {
      const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
      await sns.send(
        new PublishCommand({
          TopicArn: to.topicArn,
          Subject: title,
          Message: JSON.stringify({ ...ticket, title }),
          MessageAttributes: {
            severity: attribute(ticket.severity),
            account: attribute(ticket.account),
            case: attribute(ticket.caseId),
            'dedup-id': attribute(ticket.dedupId),
          },
        }),
      );
    },
  };
}
