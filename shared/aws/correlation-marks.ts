import { hash } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { storable } from '../cases/storable.ts';
import { stretchOf } from '../rules/correlate/judge.ts';
import { MARKS_LOOKED_AT } from '../rules/correlate/keeping.ts';
import type { Mark } from '../rules/correlate/mark.ts';
import type { MarkMemory } from '../rules/correlate/mark-memory.ts';
import type { MarkStore, Span } from '../rules/correlate/mark-store.ts';
import { correlationKeys } from './case-items.ts';
import { fromItem, type Item, toItem } from './items.ts';

/**
 * The marks of one rule of a group lie in so many partitions, by hash of the event id. DynamoDB takes 1,000 writes a
 * second in a partition, and an event costs one: four take more than the 15 instances of evaluate can send (each event
 * needs two round trips of some 5 ms, which makes 1,500 a second), while a read stays four queries at once.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const SHARDS = [0, 1, 2, 3] as const;

type EachItem = Pick<Mark, 'eventId' | 'time' | 'value'>;
type StretchItem = {
  readonly first: number;
  readonly firstEvent: string;
  readonly last: number;
  readonly lastEvent: string;
  readonly value?: string;
};
type Range = { readonly from: number; readonly to: number; readonly newestFirst: boolean; readonly limit: number };

/** Fewer marks than this are read in one go; what is more is a crowd, of which the nearest on either side are read. */
const CROWD = 100;

/**
 * Correlation marks in the state table, for the judging of one event. A finding is claimed in the name of that event,
 * so that its retry after a crash finds its own claim and goes on, while every other event is told that it is taken.
 *
 * @param memory of this process, shared by all events that it judges.
 */
export function createCorrelationMarks(
  client: DynamoDBClient,
  table: string,
  memory: MarkMemory,
  eventId: string,
): MarkStore {
  const takenByAnother = (findingKey: string): boolean => {
    const teller = memory.teller(findingKey);
    return teller !== undefined && teller !== eventId;
  };

  async function putEach(mark: Mark, ttl: number): Promise<void> {
    const { ruleId, correlationId, group, ...kept } = bounded(mark);
    const key = correlationKeys.each(correlationId, rowOf(mark, ruleId), shardOf(mark.eventId), kept);
    await client.send(new PutItemCommand({ TableName: table, Item: toItem({ ...key, ...kept, ttl }) }));
  }

  /** One write where events come in order; a second, where this one came late. */
  async function widenStretch(mark: Mark, span: number, ttl: number): Promise<void> {
    const start = stretchOf(mark.time, span) * span;
    const shard = shardOf(mark.eventId);
    const row = rowOf(mark, mark.ruleId);
    const key = correlationKeys.stretch(
      mark.correlationId,
      row,
      shard,
      start,
      digest(JSON.stringify(mark.value ?? null)),
    );
    const { eventId: event, value } = bounded(mark);
    const values = { ':time': mark.time, ':event': event };
    const isLast = await update(key, {
      set: [
        '#last = :time, lastEvent = :event, #ttl = :ttl',
        '#first = if_not_exists(#first, :time), firstEvent = if_not_exists(firstEvent, :event)',
        ...(value === undefined ? [] : ['#value = :value']),
      ].join(', '),
      condition: 'attribute_not_exists(pk) OR #last < :time',
      names: ['first', 'last', 'ttl', ...(value === undefined ? [] : ['value'])],
      values: { ...values, ':ttl': ttl, ...(value === undefined ? {} : { ':value': value }) },
    });
    if (isLast) return;
    await update(key, {
      set: '#first = :time, firstEvent = :event',
      condition: '#first > :time',
      names: ['first'],
      values,
    });
  }

  /** False where the condition does not hold. */
  async function update(
    key: Readonly<Record<string, string>>,
    change: {
      readonly set: string;
      readonly condition: string;
      readonly names: readonly string[];
      readonly values: Readonly<Record<string, string | number>>;
    },
  ): Promise<boolean> {
    return unlessRefused(() =>
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: toItem(key),
          UpdateExpression: `SET ${change.set}`,
          ConditionExpression: change.condition,
          ExpressionAttributeNames: Object.fromEntries(change.names.map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: marshall(change.values),
        }),
      ),
    );
  }

  async function query(
    partition: string,
    { from, to, newestFirst, limit }: Range,
  ): Promise<{ readonly items: readonly Item[]; readonly isAll: boolean }> {
    const [first, last] = correlationKeys.span(from, to);
    const { Items: items = [], LastEvaluatedKey: next } = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: marshall({ ':pk': partition, ':first': first, ':last': last }),
        ScanIndexForward: !newestFirst,
        Limit: limit,
      }),
    );
    return { items, isAll: next === undefined };
  }

  async function readEach(partition: string, { from, around, to }: Span, looked: number): Promise<EachItem[]> {
    const { items, isAll } = await query(partition, { from, to, newestFirst: true, limit: Math.max(CROWD, looked) });
    if (isAll) return items.map(eachOf);
    const sides: Range[] = [
      { from, to: around, newestFirst: true, limit: looked },
      { from: Math.max(from, around + 1), to, newestFirst: false, limit: looked },
    ];
    const found = await Promise.all(sides.filter((side) => side.from <= side.to).map((side) => query(partition, side)));
    return found.flatMap((side) => side.items.map(eachOf));
  }

  async function readStretches(partition: string, { from, to }: Span, span: number): Promise<EachItem[]> {
    const begin = stretchOf(from, span) * span;
    const { items } = await query(partition, { from: begin, to, newestFirst: true, limit: MARKS_LOOKED_AT });
    return items.flatMap(endsOf);
  }

  return {
    async add(mark, keeping, expiresAt) {
      if (memory.isCovered(mark, keeping)) return;
      if (keeping.form === 'each') await putEach(mark, seconds(expiresAt));
      else await widenStretch(mark, keeping.span, seconds(expiresAt));
      memory.wrote(mark, keeping);
    },

    async read({ correlationId, group }, { rules, form, span, looked }, around) {
      const partitions = rules.flatMap((ruleId) => SHARDS.map((shard) => ({ ruleId, shard })));
      const found = await Promise.all(
        partitions.map(async ({ ruleId, shard }): Promise<readonly Mark[]> => {
          const partition = correlationKeys.partition(correlationId, rowOf({ group }, ruleId), shard);
          const kept =
            form === 'each' ? await readEach(partition, around, looked) : await readStretches(partition, around, span);
          return kept.map((each) => ({ ...each, correlationId, group, ruleId }));
        }),
      );
      return found.flat();
    },

    async claim(findingKey, expiresAt) {
      if (takenByAnother(findingKey)) return false;
      const item = toItem({ ...correlationKeys.claim(digest(findingKey)), by: eventId, ttl: seconds(expiresAt) });
      const isOurs = await unlessRefused(() =>
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: item,
            ConditionExpression: 'attribute_not_exists(pk) OR #by = :by',
            ExpressionAttributeNames: { '#by': 'by' },
            ExpressionAttributeValues: marshall({ ':by': eventId }),
          }),
        ),
      );
      memory.told(findingKey, isOurs ? eventId : ANOTHER);
      return isOurs;
    },

    isTold: takenByAnother,
  };
}

/** No event id of CloudTrail's, so that nobody takes the claim for its own. */
const ANOTHER = '';

async function unlessRefused(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function eachOf(item: Item): EachItem {
  const { eventId, time, value } = fromItem<EachItem>(item);
  return { eventId, time, ...(value === undefined ? {} : { value }) };
}

function endsOf(item: Item): readonly EachItem[] {
  const { first, firstEvent, last, lastEvent, value } = fromItem<StretchItem>(item);
  const common = value === undefined ? {} : { value };
  return [
    { eventId: firstEvent, time: first, ...common },
    { eventId: lastEvent, time: last, ...common },
  ];
}

/** What a mark keeps of a record is text from outside: a table takes neither every character nor every length. */
function bounded(mark: Mark): Mark {
  const { value } = mark;
  return {
    ...mark,
    eventId: storable(mark.eventId, 200),
    // A value this long is no number; as a digest it is still another than others, and the item stays one unit of writing.
    ...(value === undefined ? {} : { value: value.length > 256 ? digest(value) : storable(value, 256) }),
  };
}

/** Where the marks of one rule of a group lie. Groups are made of text from records, of any length: a key is of ours. */
function rowOf({ group }: Pick<Mark, 'group'>, ruleId: string): string {
  return digest(JSON.stringify([group, ruleId]));
}

function shardOf(eventId: string): number {
  return Number.parseInt(digest(eventId).slice(0, 2), 16) % SHARDS.length;
}

function digest(text: string): string {
  return hash('sha256', text);
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
