import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { entriesOf } from '../access/access-entry.ts';
import type { AccessEvent } from '../access/access-event.ts';
import { accessKeys } from './access-items.ts';

/** Whether the access record has an event. All accesses of one event are kept or none, so the first tells. */
export function createKeptAccesses(client: DynamoDBClient, table: string) {
  return async (event: AccessEvent): Promise<boolean> => {
    const [entry] = entriesOf(event);
    if (entry === undefined) return true;
    const { pk, sk } = accessKeys.access(entry);
    const { Count = 0 } = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk = :sk',
        ExpressionAttributeValues: marshall({ ':pk': pk, ':sk': sk }),
        Select: 'COUNT',
      }),
    );
    return Count > 0;
  };
}
