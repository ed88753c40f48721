import { assertNever } from '../../json.ts';
import type { Bound, Correlation } from '../correlation.ts';
import type { Expression } from '../detection.ts';
import type { Mark } from './mark.ts';

/**
 * The marks of one time span, as it moves along a group's marks. It counts what comes and goes instead of counting the whole
 * window anew for each event, which in a crowd of ten thousand took half a minute.
 */
export type MarkWindow = {
  /** All marks of the next instant. */
  readonly enter: (marks: readonly Mark[]) => void;
  readonly leave: (mark: Mark) => void;
  /** Does the condition hold of the marks inside, the first of which is no earlier than `from`? */
  readonly holds: (from: number) => boolean;
};

export function createMarkWindow(correlation: Correlation): MarkWindow {
  const { type, condition } = correlation;
  const events = new Map<string, number>();
  const values = new Map<string, number>();
  const met = new Map<string, number>();
  const numbers = new Map<string, string>();
  const summed = type === 'value_sum' || type === 'value_avg' || type === 'value_percentile';
  const order = type === 'temporal_ordered' ? createOrder(correlation.rules) : undefined;

  const measure = (percentile: number): number | undefined => {
    switch (type) {
      case 'event_count':
        return events.size;
      case 'value_count':
        return values.size;
      case 'temporal':
      case 'temporal_ordered':
        return met.size;
      case 'value_sum':
      case 'value_avg':
      case 'value_percentile': {
        // Added up anew each time: taking a fraction away again would not give what was there before.
        const found = [...numbers.values()].map(Number);
        if (found.length === 0) return undefined;
        if (type === 'value_percentile') return rankedAt(found, percentile);
        const sum = found.reduce((total, each) => total + each, 0);
        return type === 'value_sum' ? sum : sum / found.length;
      }
    }
  };
  const isTrue = (): boolean => {
    switch (condition.kind) {
      case 'every-rule':
        return correlation.rules.every((rule) => met.has(rule));
      case 'rules':
        return isMet(condition.expression, met);
      case 'bounds': {
        const measured = measure(condition.percentile ?? 50);
        return measured !== undefined && condition.bounds.every((bound) => within(measured, bound));
      }
      default:
        return assertNever(condition);
    }
  };
  return {
    enter: (marks) => {
      for (const { eventId, ruleId, value } of marks) {
        count(events, eventId);
        count(met, ruleId);
        if (value === undefined) continue;
        count(values, value);
        if (summed && NUMERIC.test(value)) numbers.set(eventId, value);
      }
      order?.enter(marks);
    },
    leave: ({ eventId, ruleId, value }) => {
      if (uncount(events, eventId)) numbers.delete(eventId);
      uncount(met, ruleId);
      if (value !== undefined) uncount(values, value);
    },
    holds: (from) => (order === undefined || order.began() >= from) && isTrue(),
  };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** True if it was the last of them. */
function uncount(counts: Map<string, number>, key: string): boolean {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
  return left <= 0;
}

/**
 * Whether the rules are met one after the other. For each rule the latest time is kept at which marks that lead up to it in
 * order can begin. Events of the same second count as being in the order wanted.
 */
function createOrder(rules: readonly string[]) {
  const began = rules.map(() => Number.NEGATIVE_INFINITY);
  return {
    enter: (marks: readonly Mark[]): void => {
      const met = new Set(marks.map(({ ruleId }) => ruleId));
      const time = marks[0]?.time ?? Number.NEGATIVE_INFINITY;
      for (const [place, rule] of rules.entries()) {
        if (met.has(rule)) began[place] = place === 0 ? time : (began[place - 1] ?? Number.NEGATIVE_INFINITY);
      }
    },
    /** When the last run of all of them began; it ends with the last mark at the latest. */
    began: (): number => began.at(-1) ?? Number.NEGATIVE_INFINITY,
  };
}

const NUMERIC = /^[+-]?\d+(?:\.\d+)?$/;

/** The nearest-rank percentile: the smallest value that at least so many per cent of the values do not exceed. */
function rankedAt(numbers: readonly number[], percentile: number): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(Math.ceil((percentile / 100) * sorted.length) - 1, 0)];
}

function isMet(expression: Expression, met: ReadonlyMap<string, number>): boolean {
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
