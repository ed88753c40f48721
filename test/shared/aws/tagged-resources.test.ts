import { CreateTableCommand, DynamoDBClient, type Tag, UntagResourceCommand } from '@aws-sdk/client-dynamodb';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { CreateBucketCommand, PutBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { keepTagged } from '../../../shared/access/keep-tagged.ts';
import { createTagSearch } from '../../../shared/aws/tag-search.ts';
import { createTaggedResources } from '../../../shared/aws/tagged-resources.ts';
import { createTaggedStore } from '../../../shared/aws/tagged-store.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

let aws: EmbeddedAws;
let dynamo: DynamoDBClient;
let search: ReturnType<typeof createTagSearch>;
let ordersArn: string;
const FINANCE = { Key: 'data', Value: 'finance' };

beforeAll(async () => {
  aws = await startEmbeddedAws();
  const config = {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
  };
  dynamo = new DynamoDBClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  search = createTagSearch(new ResourceGroupsTaggingAPIClient(config));
  for (const [Bucket, Value] of [
    ['payroll', 'finance'],
    ['lunch', 'menu'],
  ] as const) {
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'data', Value }] } }));
  }
  ordersArn = await makeTable('orders', [FINANCE]);
  await makeTable('state', []);
}, 60_000);
afterAll(() => aws.stop());

async function makeTable(TableName: string, Tags: Tag[]): Promise<string> {
  const { TableDescription } = await dynamo.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      ...(Tags.length === 0 ? {} : { Tags }),
    }),
  );
  if (TableDescription?.TableArn === undefined) throw new Error('The table has no ARN.');
  return TableDescription.TableArn;
}

test('what bears a tag is found in the account, kept in the table, and known to a reader within a minute', async () => {
  const arns: string[] = [];
  for await (const arn of search('data')) arns.push(arn);
  expect(arns.sort()).toEqual([ordersArn, 'arn:aws:s3:::lunch', 'arn:aws:s3:::payroll'].sort());

  const clock = createVirtualClock('2026-11-21T12:00:00.000Z');
  const reader = createTaggedResources(dynamo, 'state', clock);
  const store = createTaggedStore(dynamo, 'state');
  const bears = () =>
    ['arn:aws:s3:::payroll', ordersArn, 'arn:aws:s3:::lunch'].map((arn) => reader.bears(['data=finance'], arn));
  expect(await keepTagged({ search, store }, ['data=finance'])).toEqual({ added: 2, removed: 0 });
  expect(await keepTagged({ search, store }, ['data=finance'])).toEqual({ added: 0, removed: 0 });

  expect(bears()).toEqual([false, false, false]);
  expect(await reader.refreshIfAsked()).toBe(true);
  expect(bears()).toEqual([true, true, false]);
  expect(reader.bears(['data=menu'], 'arn:aws:s3:::payroll')).toBe(false);
  // It is read no more often than once a minute, and not at all while nobody asks.
  expect(await reader.refreshIfAsked()).toBe(false);

  await dynamo.send(new UntagResourceCommand({ ResourceArn: ordersArn, TagKeys: ['data'] }));
  expect(await keepTagged({ search, store }, ['data=finance'])).toEqual({ added: 0, removed: 1 });
  expect(bears()).toEqual([true, true, false]);
  expect(await reader.refreshIfAsked()).toBe(false);
  clock.advance(60_000);
  expect(await reader.refreshIfAsked()).toBe(false);
  expect(bears()).toEqual([true, true, false]);
  expect(await reader.refreshIfAsked()).toBe(true);
  expect(bears()).toEqual([true, false, false]);
});
