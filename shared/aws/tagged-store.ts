import { hash } from 'node:crypto';
import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Tagged, TaggedStore } from '../ports/tagged-resources.ts';
import { type Key, taggedItems } from './case-items.ts';
import { toItem } from './items.ts';
import { readTagged } from './tagged-resources.ts';

/** Which resources bear a tag of the policy, in the state table: one item for each and its tag. */
export function createTaggedStore(client: DynamoDBClient, table: string): TaggedStore {
  return {
    list: () => readTagged(client, table),
    async add(tagged) {
      await client.send(new PutItemCommand({ TableName: table, Item: toItem({ ...keyOf(tagged), ...tagged }) }));
    },
    async remove(tagged) {
      await client.send(new DeleteItemCommand({ TableName: table, Key: marshall(keyOf(tagged)) }));
    },
  };
}

/** An ARN can be longer than a sort key may be. */
function keyOf({ tag, arn }: Tagged): Key {
  return taggedItems.one(hash('sha256', JSON.stringify([tag, arn])));
}
