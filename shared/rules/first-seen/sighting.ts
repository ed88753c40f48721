/** That an event brought the parts of a key together. Ties of time are broken by the event's id, in every store alike. */
export type Sighting = {
  /** Milliseconds since 1970 of the event's own time. */
  readonly time: number;
  readonly eventId: string;
};

/** How far back first-seen looks, in milliseconds: 90 days. What has not met for so long is new again. */
export const FIRST_SEEN_WINDOW = 90 * 24 * 3_600_000;

/**
 * Sightings of one key of which none is more than the window after the one before. Its first event is the only one that saw
 * the key first, so that the ends of a run are all that has to be kept of it, whatever the number of sightings.
 */
export type Run = { readonly first: Sighting; readonly last: number };

export function isBefore(a: Sighting, b: Sighting): boolean {
  return a.time < b.time || (a.time === b.time && a.eventId < b.eventId);
}

/** Had the parts not met in the window before this event? Its own sighting, if it is noted already, does not count. */
export function isFirst(known: Run | undefined, own: Sighting): boolean {
  if (known === undefined || !isBefore(known.first, own)) return true;
  return own.time - known.last > FIRST_SEEN_WINDOW;
}

/** The runs with one more. Runs that came within the window of each other are one; the result is in order of time. */
export function withRun(runs: readonly Run[], run: Run): readonly Run[] {
  const apart: Run[] = [];
  let { first, last } = run;
  for (const other of runs) {
    const near = other.first.time - last <= FIRST_SEEN_WINDOW && first.time - other.last <= FIRST_SEEN_WINDOW;
    if (!near) {
      apart.push(other);
      continue;
    }
    if (isBefore(other.first, first)) first = other.first;
    last = Math.max(last, other.last);
  }
  return [...apart, { first, last }].sort((a, b) => a.first.time - b.first.time);
}

export function runOf(sighting: Sighting): Run {
  return { first: sighting, last: sighting.time };
}
