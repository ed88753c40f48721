import type { Bound } from '../correlation.ts';
import { type CorrelationDraft, spanSeconds } from './compile-correlation.ts';
import { entryOf, type LocatedMap, type LocatedScalar, type Position } from './located.ts';
import type { Report } from './problems.ts';

/** A detection of the first Sigma, `selection | count() by field > 5`, as what it counts and the correlation that counts it. */
export type OldCount = {
  /** The section without `timeframe`, its condition without what followed the `|`. */
  readonly counted: LocatedMap;
  readonly correlationOf: (ruleId: string) => CorrelationDraft;
};

const PART = '#counted';

/** Of the rule that is counted; to the rest of Rescind the rule of the file is what the count finds. */
export function countedIdOf(ruleId: string): string {
  return `${ruleId}${PART}`;
}

/** Is this half of a rule that its file has as one? */
export function isCounted(ruleId: string): boolean {
  return ruleId.endsWith(PART);
}

const COUNT = /^count\(\s*([^\s()]*)\s*\)(?:\s+by\s+([^\s,|]+))?\s*(>=|<=|==|=|!=|>|<)\s*(\d+)\s*$/i;

/** What to write instead of the aggregations that a stream of events has no exact answer for. */
const INSTEAD: Readonly<Record<string, string>> = {
  near: '`| near` is not understood: give each selection a rule of its own, and join them by a `correlation` document of type temporal',
  min: '`| min` is not understood: write a `correlation` document of type value_percentile with `percentile: 0`',
  max: '`| max` is not understood: write a `correlation` document of type value_percentile with `percentile: 100`',
  avg: '`| avg` is not understood: write a `correlation` document of type value_avg',
  sum: '`| sum` is not understood: write a `correlation` document of type value_sum',
};

/** `none` where the condition has no aggregation, undefined where it has one that is reported as wrong. */
export function compileOldCount(
  document: LocatedMap,
  section: LocatedMap,
  report: Report,
): OldCount | 'none' | undefined {
  const condition = entryOf(section, 'condition')?.value;
  if (condition?.kind !== 'scalar' || typeof condition.value !== 'string') return 'none';
  const bar = condition.value.indexOf('|');
  if (bar < 0) return 'none';
  const text = condition.value.slice(bar + 1).trim();
  const at = positionOf(condition, bar);
  const word = /^\w+/.exec(text)?.[0].toLowerCase() ?? '';
  const [, inside = '', by, operator, number] = COUNT.exec(text) ?? [];
  // Some write `count(*)` as they would in SQL.
  const field = inside === '*' ? '' : inside;
  if (operator === undefined) {
    report(
      at,
      INSTEAD[word] ??
        'after `|` there is `count() by FIELD > NUMBER` or `count(FIELD) by FIELD > NUMBER`: anything else is a `correlation` document',
    );
    return undefined;
  }
  if (operator !== '>' && operator !== '>=') {
    report(
      at,
      `\`count\` with \`${operator}\` is true of some part of every stream: write a \`correlation\` document with the bounds you mean`,
    );
    return undefined;
  }
  const seconds = readTimeframe(document, section, at, report);
  if (seconds === undefined) return undefined;
  const bounds: readonly Bound[] = [{ operator: operator === '>' ? 'gt' : 'gte', value: Number(number) }];
  return {
    counted: withoutAggregation(section, condition, bar),
    correlationOf: (ruleId) => ({
      type: field === '' ? 'event_count' : 'value_count',
      at,
      rules: [{ text: ruleId, at }],
      groupBy: by === undefined ? [] : [{ text: by, at }],
      aliases: [],
      seconds,
      condition: { kind: 'bounds', bounds, ...(field === '' ? {} : { field }) },
      generate: false,
    }),
  };
}

/** It belongs into `detection`; public rules also write it beside it. */
function readTimeframe(document: LocatedMap, section: LocatedMap, at: Position, report: Report): number | undefined {
  const entry = entryOf(section, 'timeframe') ?? entryOf(document, 'timeframe');
  if (entry === undefined) {
    report(
      at,
      '`| count` needs a `timeframe` in `detection`, such as `timeframe: 10m`: without one it counts for ever',
    );
    return undefined;
  }
  const seconds = entry.value.kind === 'scalar' ? spanSeconds(String(entry.value.value)) : undefined;
  if (seconds === undefined) report(entry.value.at, '`timeframe` is a number and one of s, m, h, d, such as 90m');
  return seconds;
}

function withoutAggregation(section: LocatedMap, condition: LocatedScalar, bar: number): LocatedMap {
  const value = String(condition.value).slice(0, bar);
  return {
    ...section,
    entries: section.entries
      .filter(({ key }) => key !== 'timeframe')
      .map((entry) => (entry.value === condition ? { ...entry, value: { ...condition, value } } : entry)),
  };
}

function positionOf({ at, textAt }: LocatedScalar, offset: number): Position {
  return textAt === undefined ? at : { line: textAt.line, column: textAt.column + offset };
}
