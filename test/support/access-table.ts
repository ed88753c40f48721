import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The access table as the stack makes it, where no stack is deployed. */
export async function createAccessTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const key = (hash: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: 'sk', KeyType: 'RANGE' as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'resource', 'session'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      KeySchema: key('pk'),
      GlobalSecondaryIndexes: ['resource', 'session'].map((attribute) => ({
        IndexName: `by-${attribute}`,
        KeySchema: key(attribute),
        Projection: { ProjectionType: 'ALL' as const },
      })),
    }),
  );
}
