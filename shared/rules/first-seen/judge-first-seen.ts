import type { AccessEvent } from '../../access/access-event.ts';
import type { FirstSeenStore } from './first-seen-store.ts';
import { isFirst } from './sighting.ts';

/** A rule that holds if one of these keys was not seen before. */
export type FirstSeenQuestion = { readonly ruleId: string; readonly keys: readonly string[] };

export type FirstSeenVerdict =
  | { readonly kind: 'first' }
  | { readonly kind: 'seen' }
  /** New, and not told for this reason. */
  | { readonly kind: 'suppressed'; readonly by: string };

/**
 * Judges one event by what has been seen when it comes. Reads one key as a rule; a key that is new costs a look at when
 * recording began, and a write, with which one of several events that all saw it first is the one that tells.
 */
export async function judgeFirstSeen(
  store: FirstSeenStore,
  { ruleId, keys }: FirstSeenQuestion,
  event: Pick<AccessEvent, 'eventId' | 'eventTime' | 'eventSource'>,
  learningSeconds: number,
): Promise<FirstSeenVerdict> {
  const own = { time: Date.parse(event.eventTime), eventId: event.eventId };
  const unseen = await firstUnseen(store, keys, own);
  if (unseen === undefined) return { kind: 'seen' };
  const since = await store.recordedSince(event.eventSource);
  if (!hasLearned(since, own.time, learningSeconds)) return { kind: 'suppressed', by: 'the learning period' };
  if (await store.claim(ruleId, unseen, own)) return { kind: 'first' };
  return { kind: 'suppressed', by: 'an event that saw it first, too' };
}

/** Before so much has been recorded, everything would be new. */
export function hasLearned(recordedSince: number | undefined, time: number, learningSeconds: number): boolean {
  return recordedSince !== undefined && time - recordedSince >= learningSeconds * 1000;
}

async function firstUnseen(
  store: FirstSeenStore,
  keys: readonly string[],
  own: { readonly time: number; readonly eventId: string },
): Promise<string | undefined> {
  for (const key of keys) {
    if (isFirst(await store.read(key), own)) return key;
  }
  return undefined;
}
