const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
type Unit = keyof typeof SECONDS;

/** A Standard execution of Step Functions ends after one year, and nothing here outlives one. */
const LONGEST_SECONDS = 365 * SECONDS.d;

export type DurationReading =
  | { readonly kind: 'seconds'; readonly seconds: number }
  | { readonly kind: 'wrong'; readonly message: string };

const wrong = (message: string): DurationReading => ({ kind: 'wrong', message });

function isUnit(text: string | undefined): text is Unit {
  return text !== undefined && Object.hasOwn(SECONDS, text);
}

/** Reads `30 s`, `15 m`, `36 h`, `30 d`: a whole number and a unit, with or without a space. */
export function parseDuration(value: unknown): DurationReading {
  if (typeof value === 'number')
    return wrong(`${value} has no unit: write ${value} s, ${value} m, ${value} h or ${value} d`);
  if (typeof value !== 'string') return wrong('is not a duration: write e.g. 30 s, 15 m, 36 h or 30 d');
  const [, digits, unit] = /^(\d{1,9}) ?([a-z])$/.exec(value.trim()) ?? [];
  if (digits === undefined || !isUnit(unit)) {
    return wrong(
      `${JSON.stringify(value.slice(0, 40))} is not a duration: write a whole number and s, m, h or d, e.g. 90 s`,
    );
  }
  const seconds = Number(digits) * SECONDS[unit];
  if (seconds < 1) return wrong('must be at least 1 s');
  if (seconds > LONGEST_SECONDS)
    return wrong(`${value.trim()} is more than 365 d, which is the longest that anything here may wait`);
  return { kind: 'seconds', seconds };
}

/** Seconds in the largest unit that divides them: 129600 is `36 h`. */
export function formatDuration(seconds: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    if (seconds >= 2 * SECONDS[unit] && seconds % SECONDS[unit] === 0) return `${seconds / SECONDS[unit]} ${unit}`;
  }
  return `${seconds} s`;
}
