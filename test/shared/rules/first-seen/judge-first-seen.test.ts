import { describe, expect, it } from 'vitest';
import { createMemoryFirstSeen, type FirstSeenStore } from '../../../../shared/rules/first-seen/first-seen-store.ts';
import { judgeFirstSeen } from '../../../../shared/rules/first-seen/judge-first-seen.ts';

const SOURCE = 'secretsmanager.amazonaws.com';
const THIRTY_DAYS = 30 * 24 * 3600;
const at = (eventTime: string, eventId = 'own') => ({ eventId, eventTime, eventSource: SOURCE });
const OWN = at('2026-11-20T02:00:00Z');
const judge = (store: FirstSeenStore, event = OWN, keys = ['k']) =>
  judgeFirstSeen(store, { ruleId: 'rule', keys }, event, THIRTY_DAYS);

async function learned(): Promise<FirstSeenStore> {
  const store = createMemoryFirstSeen();
  await store.recording(SOURCE, Date.parse('2026-10-01T00:00:00Z'));
  return store;
}
const note = (store: FirstSeenStore, time: string, eventId: string, key = 'k') =>
  store.note(key, { time: Date.parse(time), eventId });

describe('an event is seen first', () => {
  it('when nothing was noted', async () => {
    expect(await judge(await learned())).toEqual({ kind: 'first' });
  });

  it('when only its own mark is there', async () => {
    const store = await learned();
    await note(store, OWN.eventTime, 'own');
    expect(await judge(store)).toEqual({ kind: 'first' });
  });

  it('when all that is known came after it', async () => {
    const store = await learned();
    await note(store, '2026-11-20T02:00:01Z', 'later');
    expect(await judge(store)).toEqual({ kind: 'first' });
  });

  it('when what met before met more than 90 days ago', async () => {
    const store = await learned();
    await note(store, '2026-08-22T01:59:59Z', 'long ago');
    expect(await judge(store)).toEqual({ kind: 'first' });
  });

  it('when one of its resources is new and another is not', async () => {
    const store = await learned();
    await note(store, '2026-11-19T02:00:00Z', 'before', 'known');
    expect(await judge(store, OWN, ['known', 'new'])).toEqual({ kind: 'first' });
  });
});

describe('an event is not seen first', () => {
  it.each([
    ['when another came before it', '2026-11-19T02:00:00Z', 'z'],
    ['when another came just 90 days before it', '2026-08-22T02:00:00Z', 'z'],
    ['when another of the same second has the lower id', '2026-11-20T02:00:00Z', 'a'],
  ])('%s', async (_, time, eventId) => {
    const store = await learned();
    await note(store, time, eventId);
    expect(await judge(store)).toEqual({ kind: 'seen' });
  });
});

describe('an event that is seen first is not told', () => {
  it.each([
    ['before anything is recorded', undefined],
    ['while less than the learning period is recorded', '2026-10-21T02:00:01Z'],
  ])('%s', async (_, since) => {
    const store = createMemoryFirstSeen();
    if (since !== undefined) await store.recording(SOURCE, Date.parse(since));
    expect(await judge(store)).toEqual({ kind: 'suppressed', by: 'the learning period' });
  });

  it('but is, once the learning period is over', async () => {
    const store = createMemoryFirstSeen();
    await store.recording(SOURCE, Date.parse('2026-10-21T02:00:00Z'));
    expect(await judge(store)).toEqual({ kind: 'first' });
  });

  it('when another event told it, though that came later', async () => {
    const store = await learned();
    expect(await judge(store, at('2026-11-20T02:00:10Z', 'later'))).toEqual({ kind: 'first' });
    expect(await judge(store)).toEqual({ kind: 'suppressed', by: 'an event that saw it first, too' });
  });
});

it('a key that was seen before costs one read and nothing else', async () => {
  const store = await learned();
  await note(store, '2026-11-19T02:00:00Z', 'before');
  const calls: string[] = [];
  const counted: FirstSeenStore = {
    ...store,
    read: (key) => {
      calls.push('read');
      return store.read(key);
    },
    recordedSince: () => Promise.reject(new Error('asked')),
    claim: () => Promise.reject(new Error('asked')),
  };
  expect(await judge(counted)).toEqual({ kind: 'seen' });
  expect(calls).toEqual(['read']);
});
