import { describe, expect, it } from 'vitest';
import { type CrashPoint, crashAt } from '../../faults/crash-points.ts';

/** Of the containment and the end of a lock: its verification, the first stage of its release, and what is verified of that. */
const CALLS = Array.from({ length: 70 }, (_, index) => 90 + index);

/** Of the time that passes until it is called again. */
const SEEDS = [1, 2, 3];

describe('a function that its caller lost, and the one that is called in its place', () => {
  it('work side by side, and the lock still ends by itself with nothing left standing', async () => {
    const undisturbed = await crashAt('locked user', 'contain');
    const points = CALLS.flatMap((call) => SEEDS.map((seed): CrashPoint => ({ call, how: 'orphaned', seed })));
    const ends = await Promise.all(points.map((point) => crashAt('locked user', 'contain', point)));
    expect(JSON.parse(undisturbed.end).found[0]).toMatchObject({ state: 'released' });
    expect(points.filter((_, index) => ends[index]?.end !== undisturbed.end)).toEqual([]);
  });
});
