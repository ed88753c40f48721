import { beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { MOST_PAGES, reconcile, type Settled } from '../../../shared/loss/reconcile.ts';
import type { LookupAsked, LookupPage } from '../../../shared/ports/trail-history.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';
import { aRecord } from '../access/an-event.ts';

const NOW = '2026-11-20T12:00:00.000Z';

let clock: VirtualClock;
let asked: LookupAsked[];
let evaluated: string[];
let recorded: string[];
let settled: Settled;
/** What evaluate had judged, and the access record had kept, before. */
let known: Set<string>;
beforeEach(() => {
  clock = createVirtualClock(NOW);
  asked = [];
  evaluated = [];
  recorded = [];
  settled = new Map();
  known = new Set();
});

const ruled = (id: string, fields: object = {}) =>
  aRecord({ eventID: id, eventName: 'AttachUserPolicy', eventTime: '2026-11-20T11:40:00Z', ...fields }) as JsonObject;
const kept = (id: string, fields: object = {}) =>
  aRecord({ eventID: id, eventTime: '2026-11-20T11:40:00Z', ...fields }) as JsonObject;
const benign = (id: string) =>
  aRecord({ eventID: id, eventName: 'ListBuckets', eventTime: '2026-11-20T11:40:00Z' }) as JsonObject;
const page = (...records: readonly JsonObject[]): LookupPage => ({ records, unreadable: 0 });
const idOf = ({ eventID }: JsonObject) => String(eventID);

function deps(pages: Iterable<LookupPage | Error>, over: object = {}) {
  return {
    history: {
      async *pages(lookup: LookupAsked) {
        asked.push(lookup);
        for (const one of pages) {
          await Promise.resolve();
          if (one instanceof Error) throw one;
          yield one;
        }
      },
    },
    concernsRule: ({ eventName }: JsonObject) => eventName === 'AttachUserPolicy',
    evaluate: async (record: JsonObject) => {
      const seen = known.has(idOf(record));
      evaluated.push(idOf(record));
      known.add(idOf(record));
      return seen ? ('seen' as const) : ('missed' as const);
    },
    isRecorded: ({ eventName }: { readonly eventName: string }) => eventName === 'GetSecretValue',
    isKept: async ({ eventId }: { readonly eventId: string }) => known.has(eventId),
    record: async (record: JsonObject) => {
      recorded.push(idOf(record));
    },
    clock,
    ...over,
  };
}

describe('a cycle', () => {
  test('looks at the hour before, but not at what may still be under way', async () => {
    await reconcile(deps([]), settled);
    expect(asked).toEqual([{ from: new Date('2026-11-20T11:00:00.000Z'), to: new Date('2026-11-20T11:55:00.000Z') }]);
  });

  test('sends on what neither lane has, and counts it; what they have is no loss', async () => {
    known.add('judged').add('on-record');
    const records = [ruled('judged'), ruled('lost'), kept('on-record'), kept('lost-access'), benign('benign')];
    const { failures, ...counts } = await reconcile(deps([page(...records)]), settled);
    expect(counts).toEqual({ looked: 5, missed: 1, unrecorded: 1, backlog: 0, unreadable: 0 });
    expect([evaluated, recorded, failures]).toEqual([['judged', 'lost'], ['lost-access'], []]);
  });

  test('costs no call for what no rule could be about and nobody wants recorded', async () => {
    await reconcile(deps([page(benign('a'), benign('b'))]), settled);
    expect([evaluated, recorded]).toEqual([[], []]);
  });

  test('does nothing again for what a cycle before has settled, and forgets it when it leaves the window', async () => {
    const there = deps([page(ruled('lost'), kept('lost-access'))]);
    expect((await reconcile(there, settled)).missed).toBe(1);
    clock.advance(15 * 60_000);
    const again = await reconcile(there, settled);
    expect([again.looked, again.missed, again.unrecorded]).toEqual([0, 0, 0]);
    expect([evaluated, recorded]).toEqual([['lost'], ['lost-access']]);
    clock.advance(60 * 60_000);
    await reconcile(deps([]), settled);
    expect(settled.size).toBe(0);
  });

  test('by a function that has forgotten asks again, and counts nothing twice', async () => {
    const there = deps([page(ruled('lost'))]);
    await reconcile(there, settled);
    expect((await reconcile(there, new Map())).missed).toBe(0);
  });

  test('brings what failed again with the next one, and the others are not kept waiting', async () => {
    const faults = new Set(['throttled']);
    const there = deps([page(ruled('throttled'), ruled('lost'))]);
    const failing = {
      ...there,
      evaluate: (record: JsonObject) =>
        faults.has(idOf(record)) ? Promise.reject(new Error('slow down')) : there.evaluate(record),
    };
    const first = await reconcile(failing, settled);
    expect([first.missed, first.failures]).toEqual([1, [new Error('slow down')]]);
    faults.clear();
    expect((await reconcile(failing, settled)).missed).toBe(1);
    expect(evaluated).toEqual(['lost', 'throttled']);
  });

  test('counts records that cannot be read', async () => {
    const { unreadable } = await reconcile(deps([{ records: [{ eventID: 'x' }], unreadable: 2 }]), settled);
    expect(unreadable).toBe(3);
  });
});

describe('a backlog', () => {
  /** Each page a second older than the one before. */
  function* pagesBack(secondsEach: number): Generator<LookupPage> {
    for (let i = 0; ; i += 1) {
      const at = new Date(Date.parse('2026-11-20T11:55:00Z') - i * secondsEach * 1000).toISOString();
      yield page(ruled(`e-${i}`, { eventTime: at, eventName: 'ListBuckets' }));
    }
  }

  test('is how many cycles of the hour were not reached with so many pages', async () => {
    // 400 pages of 3 s reach 20 min back, of 55: 35 min remain, three cycles begun.
    expect((await reconcile(deps(pagesBack(3)), settled)).backlog).toBe(3);
    expect(settled.size).toBe(MOST_PAGES);
  });

  test('is none where the history ended before', async () => {
    expect((await reconcile(deps([page(benign('a'))]), settled)).backlog).toBe(0);
  });

  test('is left by a history that refuses half way; what it had told is settled', async () => {
    const refused = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    const { missed, backlog, failures } = await reconcile(deps([page(ruled('lost')), refused]), settled);
    expect([missed, backlog, failures]).toEqual([1, 3, [refused]]);
  });

  test('is left by a cycle that runs out of time: what a rule is about went first', async () => {
    const there = deps([page(kept('access'), ruled('first'), ruled('second'))]);
    const slow = {
      ...there,
      evaluate: (record: JsonObject) => {
        clock.advance(200_000);
        return there.evaluate(record);
      },
    };
    const { missed, unrecorded, backlog } = await reconcile(slow, settled);
    expect([missed, unrecorded, backlog]).toEqual([2, 0, 1]);
    expect((await reconcile(there, settled)).unrecorded).toBe(1);
  });
});
