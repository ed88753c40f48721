import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRuleFile } from '../../../shared/rules/compile/compile-rule-file.ts';
import { correlateAll } from '../../../shared/rules/correlate/correlate-all.ts';
import { createCorrelator } from '../../../shared/rules/correlate/create-correlator.ts';
import { createMemoryMarkStore } from '../../../shared/rules/correlate/mark-store.ts';
import { createEvaluator } from '../../../shared/rules/evaluate/create-evaluator.ts';
import { tell, twiceInAnyOrder } from './correlation-streams.ts';

const single = (name: string): string =>
  `title: ${name}\nid: ${name}\nlogsource: {product: aws, service: cloudtrail}\n` +
  `detection: {a: {eventName: ${name}}, condition: a}\n`;
const correlation = (id: string, body: string): string =>
  `title: ${id}\nid: ${id}\ncorrelation: {group-by: [user], ${body}}\n`;

function load(...correlations: string[]) {
  const { rules, problems } = compileRuleFile([single('fail'), single('work'), ...correlations].join('---\n'), 'r.yml');
  expect(problems).toEqual([]);
  return { correlator: createCorrelator(rules), evaluate: createEvaluator(rules).evaluate };
}

type Step = readonly [eventName: string, seconds: number];

function marksOf({ correlator, evaluate }: ReturnType<typeof load>, steps: readonly Step[]) {
  return steps.map(([eventName, seconds], index) => {
    const eventTime = new Date(Date.UTC(2026, 10, 20) + seconds * 1000).toISOString();
    const record = { eventID: `e-${index}`, eventName, eventSource: 's', eventTime, user: 'eve' };
    return correlator.marksOf(record, evaluate(record).matches);
  });
}

function findings(loaded: ReturnType<typeof load>, steps: readonly Step[]): string[] {
  return correlateAll(loaded.correlator, marksOf(loaded, steps).flat()).map(({ correlationId }) => correlationId);
}

const fails = (from: number, to: number, every: number): Step[] =>
  Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, index) => ['fail', from + index * every]);

describe('many failures and then a success', () => {
  const loaded = load(
    correlation('many', 'type: event_count, rules: [fail], timespan: 10m, condition: {gte: 5}'),
    correlation('then', 'type: temporal_ordered, rules: [many, work], timespan: 10m'),
  );

  test('come true when the failures went on for long before the success', () => {
    expect(findings(loaded, [...fails(0, 595, 5), ['work', 700]])).toContain('then');
  });

  test('come true when the failures just before the success were the second burst of one time span', () => {
    expect(findings(loaded, [...fails(0, 9, 1), ...fails(580, 590, 1), ['work', 640]])).toContain('then');
  });

  test('do not when the last of five failures is longer ago than the span', () => {
    expect(findings(loaded, [...fails(0, 595, 5), ['work', 1196]])).not.toContain('then');
  });

  test('are found by looking at each success by itself, whatever the events', () => {
    const step = fc.tuple(fc.constantFrom('fail', 'fail', 'fail', 'work'), fc.integer({ min: 0, max: 1_800 }));
    let held = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 24 }), (steps) => {
        const times = (name: string) => steps.filter(([each]) => each === name).map(([, seconds]) => seconds);
        const many = times('fail').filter(
          (end) => times('fail').filter((each) => end - 600 <= each && each <= end).length >= 5,
        );
        const expected = times('work').some((end) => many.some((time) => end - 600 <= time && time <= end));
        if (expected) held += 1;
        expect(findings(loaded, steps).includes('then')).toBe(expected);
      }),
      { numRuns: 500 },
    );
    expect(held).toBeGreaterThan(100);
  });

  test('are told as well when the events come one by one, twice and in any order', async () => {
    const marks = marksOf(loaded, [...fails(0, 590, 59), ['work', 700]]);
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), async (random) => {
        const store = createMemoryMarkStore();
        const told = await tell({ ...loaded, correlations: [] }, twiceInAnyOrder(marks, random), () => store);
        expect(told.filter((key) => key.includes('"then"'))).toHaveLength(1);
      }),
      { numRuns: 50 },
    );
  });
});

test('what must not have happened is known before anything is said, also where it is a correlation itself', () => {
  const many = correlation('many', 'type: event_count, rules: [fail], timespan: 10m, condition: {gte: 2}');
  const without = correlation(
    'without',
    'type: temporal, rules: [work, many], timespan: 10m, condition: work and not many',
  );
  expect(findings(load(many, without), [...fails(0, 1, 1), ['work', 2]])).toEqual(['many']);
  expect(findings(load(many, without), [...fails(0, 0, 1), ['work', 2]])).toEqual(['without']);
});

test('a crowd of twenty thousand events in one time span is judged in seconds', () => {
  const loaded = load(
    correlation('many', 'type: value_count, rules: [fail], timespan: 10m, condition: {field: n, gte: 9}'),
  );
  expect(findings(loaded, fails(0, 600, 0.03))).toEqual([]);
}, 10_000);
