import fc from 'fast-check';
import { compileRuleFile } from '../../../shared/rules/compile/compile-rule-file.ts';
import { correlateEvent } from '../../../shared/rules/correlate/correlate-event.ts';
import { createCorrelator } from '../../../shared/rules/correlate/create-correlator.ts';
import type { Mark } from '../../../shared/rules/correlate/mark.ts';
import type { MarkStore } from '../../../shared/rules/correlate/mark-store.ts';
import { createEvaluator } from '../../../shared/rules/evaluate/create-evaluator.ts';

const parts = ['a', 'b', 'c'].map(
  (name) =>
    `title: ${name}\nid: ${name}\nname: ${name}\nlogsource: {product: aws, service: cloudtrail}\n` +
    `detection: {s: {eventName: ${name}}, condition: s}\n`,
);
const correlation = (id: string, body: string): string =>
  `title: ${id}\nid: ${id}\ncorrelation: {group-by: [user], timespan: 10s, ${body}}\n`;

/** More events only make these truer, so that neither order nor lateness matters. */
const growing = [
  correlation('events', 'type: event_count, rules: [a, b], condition: {gte: 3}'),
  correlation('values', 'type: value_count, rules: [a, b], condition: {field: size, gt: 2}'),
  correlation('met', 'type: temporal, rules: [a, b, c]'),
  correlation('two met', 'type: temporal, rules: [a, b, c], condition: {gte: 2}'),
  correlation('in order', 'type: temporal_ordered, rules: [a, b]'),
  correlation('sum', 'type: value_sum, rules: [a], condition: {field: size, gte: 9}'),
  correlation('burst', 'type: event_count, rules: [a, b], condition: {gte: 2}'),
  correlation('burst then c', 'type: temporal_ordered, rules: [burst, c]'),
  correlation('c then burst', 'type: temporal_ordered, rules: [c, burst]'),
];
/** These can be true and then no longer. */
const wavering = [
  correlation('mean', 'type: value_avg, rules: [a], condition: {field: size, gte: 4}'),
  correlation('median', 'type: value_percentile, rules: [a], condition: {field: size, percentile: 50, gte: 4}'),
  correlation('few', 'type: event_count, rules: [a], condition: {gte: 2, lte: 3}'),
  correlation('without', 'type: temporal, rules: [a, b], condition: a and not b'),
  correlation('a without burst', 'type: temporal, rules: [a, burst], condition: a and not burst'),
];
const load = (correlations: readonly string[]) => {
  const { rules, problems } = compileRuleFile([...parts, ...correlations].join('---\n'), 'r.yml');
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const { evaluate } = createEvaluator(rules);
  const correlator = createCorrelator(rules);
  return { correlator, correlations: [...correlator.headers.keys()], evaluate };
};
export type Streamed = ReturnType<typeof load>;
export const growingCorrelations = load(growing);
export const allCorrelations = load([...growing, ...wavering]);

export type Step = {
  readonly name: string;
  readonly user: string;
  readonly second: number;
  readonly size: number;
};

export const stream = fc.array(
  fc.record({
    name: fc.constantFrom('a', 'a', 'b', 'c'),
    user: fc.constantFrom('eve', 'eve', 'bob'),
    second: fc.integer({ min: 0, max: 45 }),
    size: fc.integer({ min: 0, max: 5 }),
  }),
  { minLength: 1, maxLength: 24 },
);

const START = Date.UTC(2026, 10, 21, 12);

/** What each event leaves, in the order of the steps; event ids are their places. */
export function marksOf({ correlator, evaluate }: Streamed, steps: readonly Step[]): Mark[][] {
  return steps.map(({ name, second, ...rest }, index) => {
    const record = {
      eventID: `e-${index}`,
      eventName: name,
      eventTime: new Date(START + second * 1000).toISOString(),
      ...rest,
    };
    return correlator.marksOf(record, evaluate(record).matches);
  });
}

/** Keys of what was told. Only the event that told a finding may tell it again: it may have crashed after its claim. */
export async function tell(
  { correlator }: Streamed,
  arrivals: readonly (readonly Mark[])[],
  storeFor: (eventId: string) => MarkStore,
): Promise<string[]> {
  const tellers = new Map<string, string>();
  for (const marks of arrivals) {
    const [first] = marks;
    if (first === undefined) continue;
    const { eventId } = first;
    for (const { key } of await correlateEvent(correlator, storeFor(eventId), marks)) {
      const teller = tellers.get(key) ?? eventId;
      if (teller !== eventId) throw new Error(`${key} was told by ${teller} and by ${eventId}`);
      tellers.set(key, eventId);
    }
  }
  return [...tellers.keys()].sort();
}

/** Every event twice, in an order that the numbers give. */
export function twiceInAnyOrder<T>(items: readonly T[], numbers: Iterator<number>): T[] {
  return [...items, ...items]
    .map((each) => ({ each, at: Number(numbers.next().value) }))
    .sort((left, right) => left.at - right.at)
    .map(({ each }) => each);
}
