import { z } from 'zod';
import { formatDuration, parseDuration } from './duration.ts';
import { nearest } from './nearest.ts';
import { isTimeZone, nearestTimeZone } from './time-zone.ts';

/** Result of looking at one value: fine, or a sentence that says what to write instead. */
type Problem = string | undefined;

const quoted = (text: string): string => JSON.stringify(text.slice(0, 60));

function absent(value: unknown, example: string): Problem {
  if (value === undefined) return `is missing: write ${example}`;
  if (value === null) return `is empty: write ${example}`;
  return undefined;
}

/** Text that passes `problem`. The example completes every message about a missing or empty value. */
export function text(example: string, problem: (value: string) => Problem = () => undefined) {
  return z
    .string({ error: ({ input }) => absent(input, example) ?? `is not text: write ${example}` })
    .superRefine((value, context) => {
      const message = absent(value.trim() === '' ? null : value, example) ?? problem(value);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    });
}

/** Text, judged by one function whatever was written, so that a number can be answered with the text that was meant. */
export function textOf(problem: (value: unknown) => Problem) {
  return z.unknown().transform((value, context) => {
    const message = problem(value);
    if (message === undefined && typeof value === 'string') return value;
    context.issues.push({ code: 'custom', message: message ?? 'is not text', input: value });
    return z.NEVER;
  });
}

/** An IANA time zone that this runtime knows. */
export const timeZone = text('a time zone such as Europe/Zurich', (value) => {
  if (isTimeZone(value)) return undefined;
  const meant = nearestTimeZone(value);
  return `${JSON.stringify(value)} is not a time zone: ${meant ? `did you mean ${meant}?` : 'write an IANA name such as Europe/Zurich'}`;
});

/** One of a few words. */
export function word<const W extends string>(words: readonly [W, ...W[]]) {
  return z.enum(words, {
    error: ({ input }) => {
      const meant = typeof input === 'string' ? nearest(input, words) : undefined;
      const choice = meant ? `did you mean ${meant}?` : `write one of ${words.join(', ')}`;
      return absent(input, words[0]) ?? `${quoted(String(input))} is not known here: ${choice}`;
    },
  });
}

/** A duration in text, as seconds. */
export function duration(limits: { readonly least?: number; readonly most?: number; readonly because?: string } = {}) {
  return z.unknown().transform((value, context) => {
    const reading = parseDuration(value);
    const empty = absent(value, '30 s');
    const tooShort =
      reading.kind === 'seconds' && reading.seconds < (limits.least ?? 0)
        ? `must be at least ${formatDuration(limits.least ?? 0)}${limits.because ? `: ${limits.because}` : ''}`
        : undefined;
    const tooLong =
      reading.kind === 'seconds' && limits.most !== undefined && reading.seconds > limits.most
        ? `must be at most ${formatDuration(limits.most)}`
        : undefined;
    const message = empty ?? (reading.kind === 'wrong' ? reading.message : (tooShort ?? tooLong));
    if (message === undefined && reading.kind === 'seconds') return reading.seconds;
    context.issues.push({ code: 'custom', message: message ?? 'is not a duration', input: value });
    return z.NEVER;
  });
}

export function wholeNumber(least: number, example: string) {
  const error = ({ input }: { readonly input?: unknown }) =>
    absent(input, example) ?? `must be a whole number of at least ${least}: write ${example}`;
  return z.int({ error }).min(least, { error });
}

export function list<T extends z.ZodType>(item: T, example: string) {
  return z.array(item, {
    error: ({ input }) =>
      input === null ? 'is empty: write [], or remove the line' : `is not a list: write ${example}`,
  });
}

/** A list, or its only item as it is. */
export function oneOrMany<T extends z.ZodType>(item: T, example: string) {
  return z
    .unknown()
    .transform((value, context): readonly unknown[] => {
      const message = absent(Array.isArray(value) && value.length === 0 ? null : value, example);
      if (message === undefined) return Array.isArray(value) ? value : [value];
      context.issues.push({ code: 'custom', message, input: value });
      return z.NEVER;
    })
    .pipe(z.array(item));
}

/** A map of the operator's own names; whether these are words is checked across keys, in policy-checks.ts. */
export function named<T extends z.ZodType>(value: T, example: string) {
  return z.record(z.string(), value, {
    error: ({ input }) =>
      input === null ? 'is empty: write {}, or remove the line' : `is not a map of names: write ${example}`,
  });
}

/**
 * A map with these keys and no others. The message about unknown keys has one line a key, in zod's order of them, so
 * that each can be shown at its own place.
 */
export function section<S extends z.ZodRawShape>(shape: S, notBuilt: Readonly<Record<string, string>> = {}) {
  const known = Object.keys(shape);
  const unknown = (key: string): string => {
    const sentence = Object.hasOwn(notBuilt, key) ? notBuilt[key] : undefined;
    if (sentence !== undefined) return `${sentence}; remove the key`;
    const meant = nearest(key, [...known, ...Object.keys(notBuilt)]);
    return `unknown key: ${meant ? `did you mean ${meant}?` : `known here are ${known.join(', ')}`}`;
  };
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return issue.keys.map(unknown).join('\n');
      return absent(issue.input, `${known[0]}: ...`) ?? `is not a map of keys: known here are ${known.join(', ')}`;
    },
  });
}
