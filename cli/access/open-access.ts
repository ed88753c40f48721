import type { StackOptions } from '../stack/connect.ts';

/** What is recorded, of the account of a deployed Rescind. The SDK is loaded only by a command that needs it: help is instant. */
export async function openAccess(options: StackOptions) {
  const [
    { connect },
    { DynamoDBClient },
    { IAMClient },
    { createAccessReader },
    { createSessionReader },
    { createPrincipalLookup },
  ] = await Promise.all([
    import('../stack/connect.ts'),
    import('@aws-sdk/client-dynamodb'),
    import('@aws-sdk/client-iam'),
    import('../../shared/aws/access-reader.ts'),
    import('../../shared/aws/session-reader.ts'),
    import('../../shared/aws/principal-lookup.ts'),
  ]);
  const { config, account, output } = await connect(options);
  const dynamo = new DynamoDBClient(config);
  return {
    account,
    accesses: createAccessReader(dynamo, output('AccessTable')),
    sessions: createSessionReader(dynamo, output('AccessTable')),
    lookup: createPrincipalLookup(new IAMClient(config)),
  };
}
