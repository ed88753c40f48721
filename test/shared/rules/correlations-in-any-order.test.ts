import fc from 'fast-check';
import { expect, test } from 'vitest';
import { correlateAll } from '../../../shared/rules/correlate/correlate-all.ts';
import { createMarkMemory } from '../../../shared/rules/correlate/mark-memory.ts';
import { createMemoryMarkStore, type MarkStore } from '../../../shared/rules/correlate/mark-store.ts';
import { allCorrelations, growingCorrelations, marksOf, stream, tell, twiceInAnyOrder } from './correlation-streams.ts';

const numbers = fc.infiniteStream(fc.nat());

test('a whole stream tells the same whatever its order and however often its events are in it: all seven types', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(stream, numbers, (steps, random) => {
      const marks = marksOf(allCorrelations, steps).flat();
      const straight = correlateAll(allCorrelations.correlator, marks);
      expect(correlateAll(allCorrelations.correlator, twiceInAnyOrder(marks, random))).toEqual(straight);
      for (const { correlationId } of straight) seen.add(correlationId);
    }),
    { numRuns: 300 },
  );
  expect([...seen].sort()).toEqual([...allCorrelations.correlations].sort());
});

test('events one by one, twice and in any order, tell what the whole stream tells, where more can only make it truer', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(stream, numbers, async (steps, random) => {
      const marks = marksOf(growingCorrelations, steps);
      const store = createMemoryMarkStore();
      const whole = correlateAll(growingCorrelations.correlator, marks.flat());
      const told = await tell(growingCorrelations, twiceInAnyOrder(marks, random), () => store);
      expect(told).toEqual(whole.map(({ key }) => key).sort());
      for (const { correlationId } of whole) seen.add(correlationId);
    }),
    { numRuns: 200 },
  );
  expect([...seen].sort()).toEqual([...growingCorrelations.correlations].sort());
});

test('an average is judged by what has arrived: what was told once stays told', async () => {
  const at = (second: number, size: number) => ({ name: 'a', user: 'eve', second, size });
  const marks = marksOf(allCorrelations, [at(0, 5), at(1, 1)]);
  const means = async (order: typeof marks) => {
    const store = createMemoryMarkStore();
    return (await tell(allCorrelations, order, () => store)).filter((key) => key.includes('"mean"'));
  };
  expect(await means(marks)).toHaveLength(1);
  expect(await means(marks.toReversed())).toHaveLength(1);
  const later = marksOf(allCorrelations, [at(1, 5), at(0, 1)]);
  expect(await means(later)).toHaveLength(1);
  expect(await means(later.toReversed())).toEqual([]);
});

test('a mark that the memory of a process takes for covered is one that changes nothing', async () => {
  let covered = 0;
  // More of them in one second than any correlation needs.
  const crowded = stream.map((steps) => steps.map((step) => ({ ...step, second: Math.floor(step.second / 9) * 4 })));
  await fc.assert(
    fc.asyncProperty(crowded, numbers, async (steps, random) => {
      const arrivals = twiceInAnyOrder(marksOf(allCorrelations, steps), random);
      const kept = createMemoryMarkStore();
      const memory = createMarkMemory();
      const frugal: MarkStore = {
        ...kept,
        add: async (mark, keeping, expiresAt) => {
          if (memory.isCovered(mark, keeping)) covered += 1;
          else await kept.add(mark, keeping, expiresAt);
          memory.wrote(mark, keeping);
        },
      };
      const everything = createMemoryMarkStore();
      expect(await tell(allCorrelations, arrivals, () => frugal)).toEqual(
        await tell(allCorrelations, arrivals, () => everything),
      );
    }),
    { numRuns: 200 },
  );
  expect(covered).toBeGreaterThan(1_000);
});

test('a memory that is full forgets, and takes nothing for covered that it forgot', () => {
  const memory = createMarkMemory(2);
  const keeping = { rules: ['a'], span: 10_000, form: 'first-and-last', perInstant: 1, looked: 1 } as const;
  const mark = (group: string) => ({ correlationId: 'c', group, ruleId: 'a', eventId: 'e', time: 1 });
  for (const group of ['one', 'two']) memory.wrote(mark(group), keeping);
  expect(memory.isCovered(mark('one'), keeping)).toBe(true);
  memory.told('finding', 'e');
  expect(memory.isCovered(mark('one'), keeping)).toBe(false);
  expect(memory.teller('finding')).toBe('e');
});
