/** One part of the run: when it began and how long it took, in seconds since the stopwatch was made. */
export type Lap = { readonly name: string; readonly from: number; readonly seconds: number };

export type Stopwatch = {
  /** Runs the work and keeps how long it took, also when it fails. Parts may overlap. */
  time<T>(name: string, work: () => Promise<T>): Promise<T>;
  readonly laps: () => readonly Lap[];
  /** Since it was made. */
  readonly seconds: () => number;
};

/** `now` in milliseconds. */
export function createStopwatch(now: () => number = () => performance.now()): Stopwatch {
  const start = now();
  const laps: Lap[] = [];
  const seconds = () => (now() - start) / 1000;
  return {
    laps: () => [...laps].sort((a, b) => a.from - b.from),
    seconds,
    async time(name, work) {
      const from = seconds();
      try {
        return await work();
      } finally {
        laps.push({ name, from, seconds: seconds() - from });
      }
    },
  };
}

const BAR = 30;

/** A line each, with a bar that shows when it was: what overlaps lies below each other. */
export function lapLines(laps: readonly Lap[], total: number): readonly string[] {
  const width = Math.max('total'.length, ...laps.map(({ name }) => name.length));
  const line = (name: string, seconds: number, bar: string) =>
    `${name.padEnd(width)}  ${seconds.toFixed(1).padStart(5)} s  ${bar}`.trimEnd();
  const column = (seconds: number) => Math.round((seconds / Math.max(total, 0.001)) * BAR);
  return [
    ...laps.map(({ name, from, seconds }) => {
      const begin = Math.min(column(from), BAR - 1);
      const length = Math.max(1, column(from + seconds) - begin);
      return line(name, seconds, `${' '.repeat(begin)}${'='.repeat(length)}`);
    }),
    line('total', total, ''),
  ];
}
