import { expect, test } from 'vitest';
import { FAULT_BENCHES, SMALL } from './benches.ts';

// A share of what "npm run bench:faults -- --full" runs, with the same seeds each time.
test.each(Object.keys(FAULT_BENCHES))(
  '%s: every figure keeps its limit',
  async (name) => {
    const { violations = ['no such bench'], figures = [] } =
      (await FAULT_BENCHES[name]?.({ seed: 1, progress: () => undefined, size: SMALL })) ?? {};
    expect(violations).toEqual([]);
    expect(figures.filter(({ within }) => within === false)).toEqual([]);
    expect(figures.some(({ within }) => within === true)).toBe(true);
  },
  120_000,
);
