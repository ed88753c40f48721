import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { createFirstSeen } from '../../../shared/aws/first-seen.ts';
import { createMemoryFirstSeen, type FirstSeenStore } from '../../../shared/rules/first-seen/first-seen-store.ts';
import { judgeFirstSeen } from '../../../shared/rules/first-seen/judge-first-seen.ts';
import { FIRST_SEEN_WINDOW } from '../../../shared/rules/first-seen/sighting.ts';

const TABLE = 'state';
const DAY = 86_400_000;
const NOON = Date.parse('2026-11-21T12:00:00Z');

let aws: EmbeddedAws;
let client: DynamoDBClient;
let keys = 0;
/** Each test has keys of its own, for the table is one. */
const newKey = (): string => {
  keys += 1;
  return JSON.stringify([['actor', `user:${keys}`]]);
};
const stores: Record<string, () => FirstSeenStore> = {
  memory: createMemoryFirstSeen,
  DynamoDB: () => createFirstSeen(client, TABLE),
};

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

describe.each(['memory', 'DynamoDB'])('what was seen, in %s', (kind) => {
  const newStore = (): FirstSeenStore => (stores[kind] ?? createMemoryFirstSeen)();

  test('is noted a whole run at a time, which says whether that was news', async () => {
    const store = newStore();
    const key = newKey();
    const sighting = (time: number) => ({ time, eventId: `e-${time}` });
    await store.note(key, sighting(NOON));
    const run = { first: sighting(NOON - 20 * DAY), last: NOON - 2 * DAY };
    expect(await store.noteRun(key, run)).toBe(true);
    expect(await store.read(key)).toEqual({ first: run.first, last: NOON });
    expect(await store.noteRun(key, run)).toBe(false);
    const old = { first: sighting(NOON - 300 * DAY), last: NOON - 200 * DAY };
    expect(await store.noteRun(key, old)).toBe(false);
    expect(await store.read(key)).toEqual({ first: run.first, last: NOON });
  });

  test('is nothing before anything is noted', async () => {
    expect(await newStore().read(newKey())).toBeUndefined();
    expect(await newStore().recordedSince(`none-${kind}.amazonaws.com`)).toBeUndefined();
  });

  test('is the first and the last of a run, in whatever order its events come, twice or once', async () => {
    const run = { first: { time: NOON, eventId: 'a' }, last: NOON + 3 * DAY };
    const events = [
      { time: NOON, eventId: 'a' },
      { time: NOON, eventId: 'b' },
      { time: NOON + DAY, eventId: 'c' },
      { time: NOON + 3 * DAY, eventId: 'd' },
    ];
    for (const order of [events, [...events].reverse(), [...events, ...events]]) {
      const store = newStore();
      const key = newKey();
      for (const event of order) await store.note(key, event);
      expect(await store.read(key)).toEqual(run);
    }
  });

  test('begins anew after a gap of more than the window, and not after one of just the window', async () => {
    const store = newStore();
    const [again, anew] = [newKey(), newKey()];
    for (const key of [again, anew]) await store.note(key, { time: NOON, eventId: 'a' });
    await store.note(again, { time: NOON + FIRST_SEEN_WINDOW, eventId: 'b' });
    await store.note(anew, { time: NOON + FIRST_SEEN_WINDOW + 1, eventId: 'b' });
    expect((await store.read(again))?.first.eventId).toBe('a');
    expect((await store.read(anew))?.first.eventId).toBe('b');
  });

  test('is told by one event a rule and key, and by that one again after a crash', async () => {
    const store = newStore();
    const key = newKey();
    const [a, b] = [
      { time: NOON, eventId: 'a' },
      { time: NOON - 60_000, eventId: 'b' },
    ];
    expect(await store.claim('rule', key, a)).toBe(true);
    expect(await store.claim('rule', key, b)).toBe(false);
    expect(await store.claim('rule', key, a)).toBe(true);
    expect(await store.claim('another rule', key, b)).toBe(true);
    expect(await store.claim('rule', newKey(), b)).toBe(true);
    expect(await store.claim('rule', key, { time: NOON + FIRST_SEEN_WINDOW + 1, eventId: 'c' })).toBe(true);
  });

  test('is told by one of twenty that come at once', async () => {
    const store = newStore();
    const key = newKey();
    const events = Array.from({ length: 20 }, (_, index) => ({ time: NOON, eventId: `e${index}` }));
    const told = await Promise.all(events.map((event) => store.claim('rule', key, event)));
    expect(told.filter(Boolean)).toHaveLength(1);
  });

  test('is recorded since the earliest time that was ever said', async () => {
    const store = newStore();
    const source = `earliest-${kind}.amazonaws.com`;
    for (const since of [NOON, NOON - DAY, NOON + DAY]) await store.recording(source, since);
    expect(await store.recordedSince(source)).toBe(NOON - DAY);
  });

  test('takes text of any length and with halves of letters', async () => {
    const store = newStore();
    const key = `${newKey()}${'x'.repeat(100_000)}\ud800`;
    const sighting = { time: NOON, eventId: `\ud800${'y'.repeat(10_000)}` };
    await store.note(key, sighting);
    expect((await store.read(key))?.first.time).toBe(NOON);
    expect(await store.claim('rule', key, sighting)).toBe(true);
    expect(await store.claim('rule', key, sighting)).toBe(true);
  });

  test('is told once a key, whatever the order and however often the events come and are noted', async () => {
    const step = fc.record({ event: fc.integer({ min: 0, max: 4 }), noted: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const store = newStore();
        const key = newKey();
        await store.recording('x.amazonaws.com', NOON - 60 * DAY);
        const told = new Set<string>();
        for (const { event, noted } of steps) {
          const eventId = `e${event}`;
          const time = NOON + event * 1000;
          if (noted) await store.note(key, { time, eventId });
          const verdict = await judgeFirstSeen(
            store,
            { ruleId: 'rule', keys: [key] },
            { eventId, eventTime: new Date(time).toISOString(), eventSource: 'x.amazonaws.com' },
            30 * 24 * 3600,
          );
          if (verdict.kind === 'first') told.add(eventId);
        }
        expect(told.size).toBeLessThanOrEqual(1);
        const [first] = steps;
        // The event that came first of all had nobody before it, noted or not.
        expect([...told]).toEqual([`e${first?.event}`]);
      }),
      { numRuns: kind === 'memory' ? 200 : 15 },
    );
  });
});

test('items of the table expire a day and some after the window, and the start of recording never', async () => {
  const store = createFirstSeen(client, TABLE);
  const key = newKey();
  await store.note(key, { time: NOON, eventId: 'only' });
  await store.claim('only', key, { time: NOON, eventId: 'only' });
  const { Items = [] } = await client.send(new ScanCommand({ TableName: TABLE }));
  const ttls = (text: string): readonly (string | undefined)[] =>
    Items.filter((item) => item.value?.S?.includes(text)).map((item) => item.ttl?.N);
  const expected = String((NOON + 90 * DAY + 26 * 3_600_000) / 1000);
  expect(ttls('"only"')).toEqual([expected, expected]);
  expect(Items.filter((item) => item.pk?.S === 'RECORDED').map((item) => item.ttl)).not.toContainEqual(
    expect.anything(),
  );
});
