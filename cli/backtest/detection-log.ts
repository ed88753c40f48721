/** One detection, in numbers: places in the lists of rules, actors and subjects. */
export type LoggedDetection = {
  /** Milliseconds since 1970; NaN where the record does not say. */
  readonly time: number;
  /** Fingerprint of the event id; 0 where there is none. */
  readonly event: number;
  readonly rule: number;
  readonly actor: number;
  /** `NO_SUBJECT`: it would open no case. */
  readonly subject: number;
};

export const NO_SUBJECT = -1;

/** Every detection of a backtest in 28 bytes each, for cases can only be replayed in order of time, and files have none. */
export type DetectionLog = {
  readonly add: (detection: LoggedDetection) => void;
  readonly size: () => number;
  /** In order of time, the rules of one event together; those without a time last. */
  readonly inOrder: () => Generator<LoggedDetection>;
};

export function createDetectionLog(): DetectionLog {
  let times = new Float64Array(256);
  let events = new Float64Array(256);
  let numbers = new Int32Array(3 * 256);
  let size = 0;

  const at = (index: number): LoggedDetection => ({
    time: times[index] ?? Number.NaN,
    event: events[index] ?? 0,
    rule: numbers[3 * index] ?? 0,
    actor: numbers[3 * index + 1] ?? 0,
    subject: numbers[3 * index + 2] ?? NO_SUBJECT,
  });
  return {
    size: () => size,
    add: ({ time, event, rule, actor, subject }) => {
      if (size === times.length) {
        times = doubled(times, new Float64Array(size * 2));
        events = doubled(events, new Float64Array(size * 2));
        numbers = doubled(numbers, new Int32Array(size * 6));
      }
      times[size] = time;
      events[size] = event;
      numbers.set([rule, actor, subject], 3 * size);
      size += 1;
    },
    *inOrder() {
      const order = Uint32Array.from({ length: size }, (_, index) => index);
      const timeOf = (index: number): number => {
        const time = times[index] ?? Number.NaN;
        return Number.isNaN(time) ? Number.MAX_VALUE : time;
      };
      order.sort((a, b) => timeOf(a) - timeOf(b) || (events[a] ?? 0) - (events[b] ?? 0) || a - b);
      for (const index of order) yield at(index);
    },
  };
}

function doubled<T extends { set: (from: T) => void }>(from: T, into: T): T {
  into.set(from);
  return into;
}
