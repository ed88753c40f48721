import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFingerprintSet, fingerprint } from '../../../cli/backtest/event-id-set.ts';

describe('the set of event ids', () => {
  test('tells a new one from one that was there, however many there are', () => {
    const ids = fc.array(
      fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
      {
        maxLength: 2_000,
      },
    );
    fc.assert(
      fc.property(ids, (added) => {
        const [ours, known] = [createFingerprintSet(), new Set<number>()];
        for (const id of added) {
          expect(ours.add(id)).toBe(!known.has(id));
          known.add(id);
        }
      }),
    );
  });

  test('holds 200,000 ids that count up, each once', () => {
    const set = createFingerprintSet();
    const ids = Array.from({ length: 200_000 }, (_, index) =>
      fingerprint(`6a1f3c52-9f0e-4d8f-8d65-${index.toString(16).padStart(12, '0')}`),
    );
    expect(ids.filter((id) => set.add(id))).toHaveLength(200_000);
    expect(ids.filter((id) => set.add(id))).toEqual([]);
  });
});
