import { type Run, runOf, type Sighting, withRun } from './sighting.ts';

/**
 * Sightings of a whole stream, of which everything is known before anything is said: for tests inside rules and for a
 * backtest. What it says depends on the set of sightings only, and not on their order or number.
 */
export type Sightings = {
  readonly note: (key: string, sighting: Sighting) => void;
  /** The sightings of another part of the stream. */
  readonly add: (key: string, run: Run) => void;
  /** Of the events noted: is this the one that begins a run of its key? */
  readonly isFirst: (key: string, own: Sighting) => boolean;
  readonly runs: () => IterableIterator<readonly [string, readonly Run[]]>;
};

export function createSightings(): Sightings {
  const runs = new Map<string, readonly Run[]>();
  const add = (key: string, run: Run): void => {
    runs.set(key, withRun(runs.get(key) ?? [], run));
  };
  return {
    add,
    note: (key, sighting) => add(key, runOf(sighting)),
    isFirst: (key, own) =>
      (runs.get(key) ?? []).some(({ first }) => first.time === own.time && first.eventId === own.eventId),
    runs: () => runs.entries(),
  };
}
