/** One measured figure. `within` is missing where there is no limit to keep: it only tells. */
export type Figure = {
  readonly bench: string;
  readonly what: string;
  readonly value: string;
  readonly limit?: string;
  readonly within?: boolean;
};

export type Bench = (progress: (text: string) => void) => Promise<readonly Figure[]>;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('There is no median of nothing.');
  return middle;
}
