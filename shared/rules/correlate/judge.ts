import { assertNever } from '../../json.ts';
import type { Bound, Correlation } from '../correlation.ts';
import type { Expression } from '../detection.ts';
import type { Finding, Mark } from './mark.ts';

/**
 * What a correlation says of the marks of one group. A pure function of the set of marks: duplicates and order change
 * nothing. For each event the window that ends with it is looked at, wherever it lies (no fixed hours or days). Of the
 * windows that hold, the first in each stretch of one time span is a finding, so that a burst of a thousand events is one
 * and not a thousand. With lower bounds only, more events never take a finding away, so what was told early stays true.
 */
export function judge(
  correlation: Correlation,
  marks: readonly Mark[],
  /** Looks only at windows that end at this time or later: those before were judged when their events came. */
  since = Number.NEGATIVE_INFINITY,
): Finding[] {
  const sorted = distinct(marks);
  const span = correlation.seconds * 1000;
  const findings = new Map<number, Finding>();
  let start = 0;
  let judged = Number.NEGATIVE_INFINITY;
  for (const [end, last] of sorted.entries()) {
    while ((sorted[start]?.time ?? last.time) < last.time - span) start += 1;
    const stretch = stretchOf(last.time, span);
    // All windows that end at one instant are the same window.
    if (last.time < since || last.time === judged || findings.has(stretch)) continue;
    judged = last.time;
    // Events of the same second have no order: all of them are in the window that ends with any of them.
    let until = end + 1;
    while (sorted[until]?.time === last.time) until += 1;
    const window = sorted.slice(start, until);
    if (!holds(correlation, window)) continue;
    findings.set(stretch, {
      key: findingKey(last, stretch),
      correlationId: last.correlationId,
      group: last.group,
      time: last.time,
      eventId: window.at(-1)?.eventId ?? last.eventId,
      events: [...new Set(window.map((mark) => mark.eventId))],
    });
  }
  return [...findings.values()];
}

/** Time is cut in stretches of one span, in each of which a group has at most one finding. */
export function stretchOf(time: number, span: number): number {
  return Math.floor(time / span);
}

export function findingKey({ correlationId, group }: Pick<Mark, 'correlationId' | 'group'>, stretch: number): string {
  return JSON.stringify([correlationId, group, stretch]);
}

function distinct(marks: readonly Mark[]): Mark[] {
  const byKey = new Map(marks.map((mark) => [`${mark.eventId}\n${mark.ruleId}`, mark]));
  return [...byKey.values()].sort(
    (a, b) => a.time - b.time || compare(a.eventId, b.eventId) || compare(a.ruleId, b.ruleId),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function holds(correlation: Correlation, window: readonly Mark[]): boolean {
  const { condition } = correlation;
  const met = new Set(window.map((mark) => mark.ruleId));
  const inOrder = correlation.type !== 'temporal_ordered' || isOrdered(correlation.rules, window);
  switch (condition.kind) {
    case 'every-rule':
      return inOrder && correlation.rules.every((rule) => met.has(rule));
    case 'rules':
      return inOrder && isMet(condition.expression, met);
    case 'bounds': {
      const measured = measure(correlation, window, met, condition.percentile ?? 50);
      return measured !== undefined && inOrder && condition.bounds.every((bound) => within(measured, bound));
    }
    default:
      return assertNever(condition);
  }
}

function measure(
  correlation: Correlation,
  window: readonly Mark[],
  met: ReadonlySet<string>,
  percentile: number,
): number | undefined {
  switch (correlation.type) {
    case 'event_count':
      return new Set(window.map((mark) => mark.eventId)).size;
    case 'value_count':
      return new Set(window.flatMap((mark) => mark.value ?? [])).size;
    case 'temporal':
    case 'temporal_ordered':
      return met.size;
    case 'value_sum':
    case 'value_avg':
    case 'value_percentile': {
      const numbers = numbersOf(window);
      if (numbers.length === 0) return undefined;
      if (correlation.type === 'value_percentile') return rankedAt(numbers, percentile);
      const sum = numbers.reduce((total, each) => total + each, 0);
      return correlation.type === 'value_sum' ? sum : sum / numbers.length;
    }
  }
}

function numbersOf(window: readonly Mark[]): number[] {
  const byEvent = new Map(window.map((mark) => [mark.eventId, mark.value]));
  return [...byEvent.values()].flatMap((value) => (value !== undefined && NUMERIC.test(value) ? [Number(value)] : []));
}

const NUMERIC = /^[+-]?\d+(?:\.\d+)?$/;

/** The nearest-rank percentile: the smallest value that at least so many per cent of the values do not exceed. */
function rankedAt(numbers: readonly number[], percentile: number): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(Math.ceil((percentile / 100) * sorted.length) - 1, 0)];
}

/** Can the rules be met one after the other? Events of the same second count as being in the order wanted. */
function isOrdered(rules: readonly string[], window: readonly Mark[]): boolean {
  let from = Number.NEGATIVE_INFINITY;
  for (const rule of rules) {
    const next = window.find((mark) => mark.ruleId === rule && mark.time >= from);
    if (next === undefined) return false;
    from = next.time;
  }
  return true;
}

function isMet(expression: Expression, met: ReadonlySet<string>): boolean {
  switch (expression.kind) {
    case 'search':
      return met.has(expression.name);
    case 'not':
      return !isMet(expression.of, met);
    case 'and':
      return expression.of.every((part) => isMet(part, met));
    case 'or':
      return expression.of.some((part) => isMet(part, met));
  }
}

function within(measured: number, { operator, value }: Bound): boolean {
  switch (operator) {
    case 'gt':
      return measured > value;
    case 'gte':
      return measured >= value;
    case 'lt':
      return measured < value;
    case 'lte':
      return measured <= value;
    case 'eq':
      return measured === value;
    case 'neq':
      return measured !== value;
  }
}
