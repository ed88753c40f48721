import type { Figure } from '../bench/figure.ts';

/** How a part of the bench is run: the seed it begins with, and who hears how far it is. */
export type Runs = { readonly seed: number; readonly progress: (text: string) => void };

/** A count of violations, of which there may be none. */
export function none(bench: string, what: string, found: readonly string[]): Figure {
  return { bench, what, value: String(found.length), limit: '0', within: found.length === 0 };
}

export function atLeast(bench: string, what: string, value: number, limit: number): Figure {
  return {
    bench,
    what,
    value: value.toLocaleString('en'),
    limit: `>= ${limit.toLocaleString('en')}`,
    within: value >= limit,
  };
}

export function atMost(bench: string, what: string, value: number, limit: number, unit = ''): Figure {
  return {
    bench,
    what,
    value: `${value.toLocaleString('en')}${unit}`,
    limit: `${limit}${unit}`,
    within: value <= limit,
  };
}
