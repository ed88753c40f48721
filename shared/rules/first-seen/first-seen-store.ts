import { FIRST_SEEN_WINDOW, type Run, runOf, type Sighting, withRun } from './sighting.ts';

/** What has been seen together: written by `record`, read by `evaluate`. Memory in a test, a table with TTL in a function. */
export type FirstSeenStore = {
  /** The newest run of sightings of a key. */
  readonly read: (key: string) => Promise<Run | undefined>;
  /** Again or out of order gives the same in the end, as long as no event is later than the window. */
  readonly note: (key: string, sighting: Sighting) => Promise<void>;
  /** Notes all sightings of a run at once. True if that told something new. */
  readonly noteRun: (key: string, run: Run) => Promise<boolean>;
  /**
   * True for one event only within the window: a rule tells a key once, also when an event comes late that was before the
   * one told. The same event again is let through again.
   */
  readonly claim: (ruleId: string, key: string, own: Sighting) => Promise<boolean>;
  /** From when on the calls of a service are recorded, in milliseconds since 1970; nothing was seen before. */
  readonly recordedSince: (eventSource: string) => Promise<number | undefined>;
  /** Says so; the earliest time ever said holds. */
  readonly recording: (eventSource: string, since: number) => Promise<void>;
};

/** Has another event told the same, near enough to be the same telling? */
export function isTaken(claimed: Sighting | undefined, own: Sighting): boolean {
  return (
    claimed !== undefined && claimed.eventId !== own.eventId && Math.abs(own.time - claimed.time) <= FIRST_SEEN_WINDOW
  );
}

export function createMemoryFirstSeen(): FirstSeenStore {
  const runs = new Map<string, Run | undefined>();
  const claims = new Map<string, Sighting>();
  const since = new Map<string, number>();
  const noteRun = async (key: string, run: Run): Promise<boolean> => {
    const known = runs.get(key);
    const next = newestWith(known, run);
    runs.set(key, next);
    return !isSameRun(known, next);
  };
  return {
    read: async (key) => runs.get(key),
    note: async (key, sighting) => {
      await noteRun(key, runOf(sighting));
    },
    noteRun,
    claim: async (ruleId, key, own) => {
      const name = JSON.stringify([ruleId, key]);
      if (isTaken(claims.get(name), own)) return false;
      claims.set(name, own);
      return true;
    },
    recordedSince: async (source) => since.get(source),
    recording: async (source, from) => {
      since.set(source, Math.min(since.get(source) ?? from, from));
    },
  };
}

/** The newest run, with one more beside it. */
export function newestWith(known: Run | undefined, run: Run): Run {
  return withRun(known === undefined ? [] : [known], run).at(-1) ?? run;
}

export function isSameRun(known: Run | undefined, { first, last }: Run): boolean {
  return known?.first.time === first.time && known.first.eventId === first.eventId && known.last === last;
}
