const DAY = 24 * 3_600_000;

/** Which days logs tell of, and from when on in each they tell of a service. */
export type LogCoverage = {
  readonly add: (eventSource: string, time: number) => void;
  /**
   * From when on the logs say what a service was used for, without a gap until recording begins: its first event after the
   * last day that has no event at all. Undefined where there is a gap before `until`, or nothing of the service.
   */
  readonly knownSince: (eventSource: string, until: number) => number | undefined;
};

/** A trail that works has an event every day; a day without one is a day that nobody knows of. */
export function createLogCoverage(): LogCoverage {
  const days = new Set<number>();
  const firstOf = new Map<string, Map<number, number>>();
  return {
    add: (eventSource, time) => {
      const day = Math.floor(time / DAY);
      days.add(day);
      const ofService = firstOf.get(eventSource) ?? new Map<number, number>();
      firstOf.set(eventSource, ofService);
      ofService.set(day, Math.min(ofService.get(day) ?? time, time));
    },
    knownSince: (eventSource, until) => {
      const end = Math.floor(until / DAY);
      // The logs of the very day may not have been delivered yet.
      let day = days.has(end) ? end : end - 1;
      let first: number | undefined;
      for (; days.has(day); day -= 1) first = firstOf.get(eventSource)?.get(day) ?? first;
      return first;
    },
  };
}
