import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { entriesOf, groupEntries } from '../../../shared/access/access-entry.ts';
import { createAccessReader } from '../../../shared/aws/access-reader.ts';
import { createAccessStore } from '../../../shared/aws/access-store.ts';
import type { AccessReader } from '../../../shared/ports/access-reader.ts';
import { anEvent, SESSION } from '../access/an-event.ts';

let aws: EmbeddedAws;
let reader: AccessReader;
let calls: string[] = [];

const arnOf = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-??????`;
const ASKED = { day: '2026-11-20', since: '2026-11-20T00:00:00.000Z', limit: 1_000 };

beforeAll(async () => {
  aws = await startEmbeddedAws();
  const client = new DynamoDBClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
  });
  await client.send(
    new CreateTableCommand({
      TableName: 'accesses-read',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'resource'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-resource',
          KeySchema: [
            { AttributeName: 'resource', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  const store = createAccessStore(client, 'accesses-read');
  const reads = Array.from({ length: 30 }, (_, i) =>
    anEvent({
      eventID: `e-${i}`,
      eventTime: `2026-11-20T${String(i % 24).padStart(2, '0')}:${String(i).padStart(2, '0')}:00Z`,
      requestParameters: { secretId: i % 3 === 0 ? 'payroll' : 'wiki' },
      ...(i % 2 === 0 ? {} : { userIdentity: SESSION }),
    }),
  );
  for (const group of groupEntries(reads.flatMap(entriesOf))) await store.add(group);
  client.middlewareStack.add(
    (next, context) => async (args) => {
      calls.push(context.commandName ?? '');
      return next(args);
    },
    { step: 'initialize' },
  );
  reader = createAccessReader(client, 'accesses-read');
});
afterAll(() => aws.stop());
beforeEach(() => {
  calls = [];
});

describe('what was recorded', () => {
  test('of a principal on a day is one query, the newest first, as it was kept', async () => {
    const accesses = await reader.accessesBy('user:AIDAEXAMPLE1', ASKED);
    expect(accesses).toHaveLength(15);
    expect(accesses.map(({ at }) => at)).toEqual(
      accesses
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    expect(accesses.find(({ eventId }) => eventId === 'e-0')).toEqual(
      entriesOf(
        anEvent({ eventID: 'e-0', eventTime: '2026-11-20T00:00:00Z', requestParameters: { secretId: 'payroll' } }),
      )[0],
    );
    expect(calls).toEqual(['QueryCommand']);
  });

  test('to a resource on a day is one query for each of its four partitions', async () => {
    const accesses = await reader.accessesTo(arnOf('payroll'), ASKED);
    expect(accesses.map(({ eventId }) => eventId).sort()).toEqual(
      ['e-0', 'e-3', 'e-6', 'e-9', 'e-12', 'e-15', 'e-18', 'e-21', 'e-24', 'e-27'].sort(),
    );
    expect(accesses.map(({ at }) => at)).toEqual(
      accesses
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    expect(calls).toEqual(Array.from({ length: 4 }, () => 'QueryCommand'));
  });

  test('is found by the ARN of a secret with its random characters', async () => {
    expect(await reader.accessesTo(arnOf('payroll').replace('??????', 'AbC123'), ASKED)).toHaveLength(10);
  });

  test('is read no further back than asked, and no more than asked', async () => {
    const late = await reader.accessesBy('user:AIDAEXAMPLE1', { ...ASKED, since: '2026-11-20T20:00:00.000Z' });
    expect(late.map(({ at }) => at)).toEqual(['2026-11-20T22:22:00.000Z', '2026-11-20T20:20:00.000Z']);
    const few = await reader.accessesTo(arnOf('wiki'), { ...ASKED, limit: 2 });
    expect(few.map(({ at }) => at)).toEqual(['2026-11-20T23:23:00.000Z', '2026-11-20T22:22:00.000Z']);
  });

  test('is summed up in one query, by principal and by resource', async () => {
    expect((await reader.summariesTo(arnOf('payroll'))).map(({ principal, count }) => [principal, count])).toEqual(
      expect.arrayContaining([
        ['user:AIDAEXAMPLE1', 5],
        ['role:AROAEXAMPLE1', 5],
      ]),
    );
    expect((await reader.summariesBy('user:AIDAEXAMPLE1')).map(({ arn, count }) => [arn, count])).toEqual(
      expect.arrayContaining([
        [arnOf('payroll'), 5],
        [arnOf('wiki'), 10],
      ]),
    );
    expect(calls).toEqual(['QueryCommand', 'QueryCommand']);
  });

  test('is nothing of somebody who did nothing', async () => {
    expect(await reader.accessesBy('user:AIDANOBODY', ASKED)).toEqual([]);
    expect(await reader.summariesBy('user:AIDANOBODY')).toEqual([]);
  });
});
