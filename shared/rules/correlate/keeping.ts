import { assertNever } from '../../json.ts';
import type { Bound, Correlation } from '../correlation.ts';
import type { Expression } from '../detection.ts';

/**
 * At most so many marks of one rule of a group are looked at on either side of an event: a flood makes a correlation no
 * slower. One that counts higher would never come true, so synth refuses it.
 */
export const MARKS_LOOKED_AT = 1_000;

/**
 * How much of a group must be kept so that judging it gives what judging all of it would give.
 *
 * Exact under floods, duplicates and disorder: counts with lower bounds, distinct values with lower bounds (up to
 * MARKS_LOOKED_AT of them), and rules that must all be met in any order. Where the order of rules, a sum, an average, a
 * percentile or an upper bound is asked for, a crowd of more than MARKS_LOOKED_AT marks of one rule on one side of an event
 * and within one span is judged by the nearest of them.
 */
export type Keeping = {
  readonly rules: readonly string[];
  /** Milliseconds. */
  readonly span: number;
  /**
   * `first-and-last`: where only more marks can make the condition truer and it matters which values (or rules) there are
   * and not how often, a window that touches a stretch of one span needs no more than the first and last mark of each value.
   */
  readonly form: 'each' | 'first-and-last';
  /** More marks than this of one rule at one instant change nothing: whatever window holds one of them holds them all. */
  readonly perInstant: number;
  /** How many marks of one rule are looked at on either side of an event. */
  readonly looked: number;
};

export function keepingOf(correlation: Correlation): Keeping {
  const common = { rules: correlation.rules, span: correlation.seconds * 1000 };
  const each = { ...common, form: 'each', perInstant: Number.POSITIVE_INFINITY, looked: MARKS_LOOKED_AT } as const;
  const growing = onlyGrows(correlation);
  switch (correlation.type) {
    case 'event_count': {
      if (!growing) return each;
      // The newest of them are enough to see that there are enough; synth refuses a correlation that counts higher.
      const enough = Math.min(countOf(correlation), MARKS_LOOKED_AT);
      return { ...each, perInstant: enough, looked: enough };
    }
    case 'value_count':
      return growing ? { ...each, form: 'first-and-last' } : each;
    case 'temporal':
      return growing ? { ...each, form: 'first-and-last', perInstant: 1 } : { ...each, perInstant: 1 };
    case 'temporal_ordered':
      return { ...each, perInstant: 1 };
    case 'value_sum':
    case 'value_avg':
    case 'value_percentile':
      return each;
  }
}

/** Can more marks only make the condition truer? */
function onlyGrows({ condition }: Correlation): boolean {
  switch (condition.kind) {
    case 'every-rule':
      return true;
    case 'rules':
      return !negates(condition.expression);
    case 'bounds':
      return condition.bounds.every(({ operator }) => operator === 'gt' || operator === 'gte');
    default:
      return assertNever(condition);
  }
}

function negates(expression: Expression): boolean {
  switch (expression.kind) {
    case 'search':
      return false;
    case 'not':
      return true;
    case 'and':
    case 'or':
      return expression.of.some(negates);
  }
}

/** The least number that meets all lower bounds. */
function countOf({ condition }: Correlation): number {
  const bounds: readonly Bound[] = condition.kind === 'bounds' ? condition.bounds : [];
  const least = bounds.map(({ operator, value }) => (operator === 'gt' ? Math.floor(value) + 1 : Math.ceil(value)));
  return Math.max(1, ...least);
}
