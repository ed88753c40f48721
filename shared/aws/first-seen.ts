import { hash } from 'node:crypto';
import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { storable } from '../cases/storable.ts';
import { type FirstSeenStore, isTaken, newestWith } from '../rules/first-seen/first-seen-store.ts';
import { FIRST_SEEN_WINDOW, type Run, runOf, type Sighting } from '../rules/first-seen/sighting.ts';
import { firstSeenItems, type Key } from './case-items.ts';
import { fromItem, getItem, toItem } from './items.ts';

/** CloudTrail delivers late, and again up to a day after: items outlast the window by this. */
const LATENESS = 26 * 3_600_000;

/** Writers of one key meet when one person is busy; each turn lets at least one of them through. */
const ATTEMPTS = 10;

/** So many changed the same item at once that one of them did not get a turn: the event has to come again. */
export class FirstSeenContentionError extends Error {
  override readonly name = 'FirstSeenContentionError';
}

/** First-seen marks in the state table: one item a key, whatever the number of its events. */
export function createFirstSeen(client: DynamoDBClient, table: string): FirstSeenStore {
  async function stored(key: Key): Promise<string | undefined> {
    const item = await getItem(client, table, key);
    return item === undefined ? undefined : fromItem<{ readonly value: string }>(item).value;
  }

  /** Reads, judges and writes until nobody came between. True if it wrote; `next` gives undefined for nothing to write. */
  async function change(
    key: Key,
    next: (value: string | undefined) => { readonly value: string; readonly until?: number } | undefined,
  ): Promise<boolean> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const before = await stored(key);
      const wanted = next(before);
      if (wanted === undefined) return false;
      const { value, until } = wanted;
      const ttl = until === undefined ? undefined : Math.ceil((until + LATENESS) / 1000);
      if (await replaced(before, toItem({ ...key, value, ttl }))) return true;
    }
    throw new FirstSeenContentionError(`A first-seen item changed ${ATTEMPTS} times while it was written.`);
  }

  async function replaced(before: string | undefined, item: ReturnType<typeof toItem>): Promise<boolean> {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: item,
          ...(before === undefined
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : {
                ConditionExpression: '#value = :before',
                ExpressionAttributeNames: { '#value': 'value' },
                ExpressionAttributeValues: marshall({ ':before': before }),
              }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  function noteRun(key: string, given: Run): Promise<boolean> {
    return change(firstSeenItems.run(digest(key)), (before) => {
      const run = newestWith(runOfText(before), { ...given, first: bounded(given.first) });
      const value = JSON.stringify([run.first.time, run.first.eventId, run.last]);
      return value === before ? undefined : { value, until: run.last + FIRST_SEEN_WINDOW };
    });
  }

  return {
    async read(key) {
      return runOfText(await stored(firstSeenItems.run(digest(key))));
    },

    async note(key, sighting) {
      await noteRun(key, runOf(sighting));
    },

    noteRun,

    async claim(ruleId, key, given) {
      const own = bounded(given);
      const value = JSON.stringify([own.time, own.eventId]);
      let mine = false;
      const wrote = await change(firstSeenItems.claim(digest(JSON.stringify([ruleId, key]))), (before) => {
        mine = before === value;
        const taken = mine || isTaken(sightingOfText(before), own);
        return taken ? undefined : { value, until: own.time + FIRST_SEEN_WINDOW };
      });
      return wrote || mine;
    },

    async recordedSince(eventSource) {
      const value = await stored(firstSeenItems.recordedSince(storable(eventSource, 200)));
      return value === undefined ? undefined : Number(value);
    },

    async recording(eventSource, since) {
      await change(firstSeenItems.recordedSince(storable(eventSource, 200)), (before) =>
        before !== undefined && Number(before) <= since ? undefined : { value: String(since) },
      );
    },
  };
}

/** The id is text from outside; the same cut everywhere, so that an event still knows its own. */
function bounded({ time, eventId }: Sighting): Sighting {
  return { time, eventId: storable(eventId, 200) };
}

/** Only `note` writes these, so the text is of its form. */
function runOfText(text: string | undefined): Run | undefined {
  if (text === undefined) return undefined;
  const [time, eventId, last] = JSON.parse(text) as [number, string, number];
  return { first: { time, eventId }, last };
}

function sightingOfText(text: string | undefined): Sighting | undefined {
  if (text === undefined) return undefined;
  const [time, eventId] = JSON.parse(text) as [number, string];
  return { time, eventId };
}

/** Keys are made of text from records, of any length: a key of the table is of ours. */
function digest(text: string): string {
  return hash('sha256', text);
}
