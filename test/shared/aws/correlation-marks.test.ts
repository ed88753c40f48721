import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { createCorrelationMarks } from '../../../shared/aws/correlation-marks.ts';
import type { Keeping } from '../../../shared/rules/correlate/keeping.ts';
import type { Mark } from '../../../shared/rules/correlate/mark.ts';
import { createMarkMemory } from '../../../shared/rules/correlate/mark-memory.ts';
import { createMemoryMarkStore, type MarkStore } from '../../../shared/rules/correlate/mark-store.ts';
import {
  allCorrelations,
  growingCorrelations,
  marksOf,
  type Step,
  stream,
  tell,
  twiceInAnyOrder,
} from '../rules/correlation-streams.ts';

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

const EACH: Keeping = { rules: ['one'], span: HOUR, form: 'each', perInstant: 5, looked: 5 };

let aws: EmbeddedAws;
let client: DynamoDBClient;
const connect = () =>
  new DynamoDBClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
  });
/** As each instance of the function has one. */
const process = (own = client) => {
  const memory = createMarkMemory();
  return (eventId: string): MarkStore => createCorrelationMarks(own, TABLE, memory, eventId);
};
const memory = createMemoryMarkStore();
const stores: Record<string, (eventId: string) => MarkStore> = {
  DynamoDB: (eventId) => process()(eventId),
  memory: () => memory,
};

beforeAll(async () => {
  aws = await startEmbeddedAws();
  client = connect();
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
  const read = (group: string, from: number, to: number) =>
    store().read({ correlationId: 'many', group }, EACH, { from, around: NOON, to });

  test('are read by group and by time, both ends included', async () => {
    for (const [eventId, time] of [
      ['a', NOON - 1],
      ['b', NOON],
      ['c', NOON + 500],
      ['d', NOON + 501],
    ] as const) {
      await store().add(mark('["eve"]', eventId, time), EACH, NOON + HOUR);
    }
    await store().add(mark('["mallory"]', 'm', NOON), EACH, NOON + HOUR);
    expect(idsOf(await read('["eve"]', NOON, NOON + 500))).toEqual(['b', 'c']);
  });

  test('are one mark when the same event is delivered again', async () => {
    for (let time = 0; time < 3; time += 1) await store().add(mark('["twice"]', 'same', NOON), EACH, NOON + HOUR);
    expect(idsOf(await read('["twice"]', NOON, NOON))).toEqual(['same']);
  });

  test('give a finding to one event only', async () => {
    expect(await store('first').claim(`finding of ${kind}`, NOON + HOUR)).toBe(true);
    expect(await store('second').claim(`finding of ${kind}`, NOON + HOUR)).toBe(false);
  });
});

test('an event that crashed after its claim finds the claim to be its own', async () => {
  const instance = process();
  const claim = (eventId: string) => instance(eventId).claim('a crash', NOON + HOUR);
  expect(await claim('crashed')).toBe(true);
  expect(instance('crashed').isTold('a crash')).toBe(false);
  expect(instance('another').isTold('a crash')).toBe(true);
  expect(await claim('crashed')).toBe(true);
  expect(await claim('another')).toBe(false);
  expect(await process()('another').claim('a crash', NOON + HOUR)).toBe(false);
  expect(await process()('crashed').claim('a crash', NOON + HOUR)).toBe(true);
});

test('text that no table takes is kept in a form that it does take', async () => {
  const marks = process()('x');
  const group = `["${'g'.repeat(5_000)}"]`;
  const long = { ...mark(group, `\ud800${'e'.repeat(5_000)}`, NOON), value: 'v'.repeat(500_000) };
  for (const keeping of [EACH, { ...EACH, form: 'first-and-last' } as const]) {
    await marks.add(long, keeping, NOON + HOUR);
    const found = await marks.read({ correlationId: 'many', group }, keeping, { from: NOON, around: NOON, to: NOON });
    expect(new Set(found.map(({ value }) => value)).size).toBe(1);
  }
});

test('the marks of a group lie in several partitions, and the nearest of a crowd are read from all of them', async () => {
  const group = '["crowd"]';
  const marks = process()('x');
  const offsets = Array.from({ length: 600 }, (_, index) => index - 300);
  await Promise.all(offsets.map((offset) => marks.add(mark(group, `e${offset}`, NOON + offset), EACH, NOON + HOUR)));
  const { Items = [] } = await client.send(new ScanCommand({ TableName: TABLE, ProjectionExpression: 'pk, sk' }));
  const partitions = Items.filter(({ sk }) => /#e-?\d+$/.test(sk?.S ?? '')).map(({ pk }) => pk?.S);
  expect(new Set(partitions).size).toBe(4);
  const found = idsOf(
    await marks.read({ correlationId: 'many', group }, EACH, { from: 0, around: NOON, to: NOON + HOUR }),
  );
  for (let offset = -4; offset <= 5; offset += 1) expect(found).toContain(`e${offset}`);
  expect(found.length).toBeLessThanOrEqual(2 * 4 * EACH.looked);
});

/** All correlations come true of these. */
const eventful: Step[] = (
  [
    ['a', 5],
    ['b', 3],
    ['c', 1],
    ['a', 4],
  ] as const
).map(([name, size], second) => ({ name, size, second, user: 'eve' }));
/** Some thousand calls, on a machine that may be busy with much else. */
const SLOW = 120_000;
const numbers = fc.array(fc.nat(), { minLength: 16, maxLength: 16 });

test(
  'the table tells what memory tells, event by event: any order, twice, by two instances, all seven types',
  async () => {
    let run = 0;
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        stream.filter(({ length }) => length <= 6),
        numbers,
        async (steps, order) => {
          run += 1;
          const own = steps.map((step) => ({ ...step, user: `${step.user}-${run}` }));
          const arrivals = twiceInAnyOrder(marksOf(allCorrelations, own), order.values());
          const instances = [process(), process()];
          let turn = 0;
          const inTable = await tell(allCorrelations, arrivals, (eventId) => {
            turn += 1;
            return instances[turn % 2]?.(eventId) ?? memory;
          });
          const reference = createMemoryMarkStore();
          expect(inTable).toEqual(await tell(allCorrelations, arrivals, () => reference));
          for (const key of inTable) seen.add(key.split('"')[1] ?? '');
        },
      ),
      { numRuns: 3, examples: [[eventful, Array.from({ length: 16 }, (_, index) => index)]] },
    );
    expect([...seen].sort()).toEqual([...allCorrelations.correlations].sort());
  },
  SLOW,
);

test(
  'a flood of one group is written only as far as it can matter',
  async () => {
    const flood = Array.from(
      { length: 24 },
      (_, index): Step => ({
        name: index % 2 === 0 ? 'a' : 'b',
        user: 'flood',
        second: Math.floor(index / 12),
        size: 1,
      }),
    );
    const of = (ids: readonly string[]) =>
      marksOf(growingCorrelations, flood).map((marks) =>
        marks.filter(({ correlationId }) => ids.includes(correlationId)),
      );
    const written = async (...ids: string[]): Promise<number> => {
      let writes = 0;
      const own = connect();
      own.middlewareStack.add(
        (next, { commandName = '' }) =>
          (args) => {
            if (!commandName.startsWith('Query')) writes += 1;
            return next(args);
          },
        { step: 'initialize' },
      );
      expect(await tell(growingCorrelations, of(ids), process(own))).toHaveLength(1);
      own.destroy();
      return writes;
    };
    // Three of each rule and second, and one claim.
    expect(await written('events')).toBe(3 * 2 * 2 + 1);
    // One of each rule and second, and one claim; the second rule's first event is the one that makes it true.
    expect(await written('two met')).toBe(2 * 2 + 1);
    expect(await written('in order')).toBe(2 * 2 + 1);
    // Every one of a sum matters: 12 events, and one claim.
    expect(await written('sum')).toBe(12 + 1);
  },
  SLOW,
);
