import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { createCorrelationMarks } from '../../../shared/aws/correlation-marks.ts';
import type { Mark } from '../../../shared/rules/correlate/mark.ts';
import { createMemoryMarkStore, type MarkStore } from '../../../shared/rules/correlate/mark-store.ts';

const TABLE = 'state';
const HOUR = 3_600_000;
const NOON = Date.parse('2026-11-21T12:00:00Z');
const mark = (group: string, eventId: string, time: number): Mark => ({
  correlationId: 'many',
  group,
  ruleId: 'one',
  eventId,
  time,
});
const idsOf = (marks: readonly Mark[]): readonly string[] => marks.map(({ eventId }) => eventId).sort();

let aws: EmbeddedAws;
let client: DynamoDBClient;
const stores: Record<string, (eventId: string) => MarkStore> = {
  DynamoDB: (eventId) => createCorrelationMarks(client, TABLE, eventId),
};
const memory = createMemoryMarkStore();
stores.memory = () => memory;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  client = new DynamoDBClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
  });
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
});
afterAll(() => aws.stop());

describe.each(['memory', 'DynamoDB'])('correlation marks in %s', (kind) => {
  const store = (eventId = 'any'): MarkStore => stores[kind]?.(eventId) ?? memory;

  test('are read by group and by time, both ends included', async () => {
    for (const [eventId, time] of [
      ['a', NOON - 1],
      ['b', NOON],
      ['c', NOON + 500],
      ['d', NOON + 501],
    ] as const) {
      await store().add(mark('["eve"]', eventId, time), NOON + HOUR);
    }
    await store().add(mark('["mallory"]', 'm', NOON), NOON + HOUR);
    expect(idsOf(await store().read({ correlationId: 'many', group: '["eve"]' }, NOON, NOON + 500))).toEqual([
      'b',
      'c',
    ]);
  });

  test('are one mark when the same event is delivered again', async () => {
    for (let time = 0; time < 3; time += 1) await store().add(mark('["twice"]', 'same', NOON), NOON + HOUR);
    expect(idsOf(await store().read({ correlationId: 'many', group: '["twice"]' }, NOON, NOON))).toEqual(['same']);
  });

  test('give a finding to one event only', async () => {
    expect(await store('first').claim(`finding of ${kind}`, NOON + HOUR)).toBe(true);
    expect(await store('second').claim(`finding of ${kind}`, NOON + HOUR)).toBe(false);
  });
});

test('an event that crashed after its claim finds the claim to be its own', async () => {
  const claim = (eventId: string) => createCorrelationMarks(client, TABLE, eventId).claim('a crash', NOON + HOUR);
  expect(await claim('crashed')).toBe(true);
  expect(await claim('crashed')).toBe(true);
  expect(await claim('another')).toBe(false);
});

test('text that no table takes is kept in a form that it does take', async () => {
  const marks = createCorrelationMarks(client, TABLE, 'x');
  const group = `["${'g'.repeat(5_000)}"]`;
  await marks.add(mark(group, `\ud800${'e'.repeat(5_000)}`, NOON), NOON + HOUR);
  expect(await marks.read({ correlationId: 'many', group }, NOON, NOON)).toHaveLength(1);
});
