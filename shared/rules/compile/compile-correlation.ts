import { BOUND_OPERATORS, type Bound, CORRELATION_TYPES, type CorrelationType } from '../correlation.ts';
import { entryOf, type Located, type LocatedMap, type LocatedScalar, type Position } from './located.ts';
import type { Report } from './problems.ts';

/** A correlation as its file says it; which rules it means is known only when the whole collection is read. */
export type CorrelationDraft = {
  readonly type: CorrelationType;
  readonly at: Position;
  readonly rules: readonly Reference[];
  readonly groupBy: readonly Reference[];
  readonly aliases: readonly { readonly alias: string; readonly rule: Reference; readonly path: string }[];
  readonly seconds: number;
  readonly condition: ConditionDraft;
  readonly generate: boolean;
};
export type Reference = { readonly text: string; readonly at: Position };
export type ConditionDraft =
  | { readonly kind: 'every-rule' }
  | { readonly kind: 'text'; readonly scalar: LocatedScalar }
  | {
      readonly kind: 'bounds';
      readonly bounds: readonly Bound[];
      readonly field?: string;
      readonly percentile?: number;
    };

const KEYS = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate'];
const TEMPORAL: readonly CorrelationType[] = ['temporal', 'temporal_ordered'];
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

export function compileCorrelation(
  document: LocatedMap,
  section: Located,
  report: Report,
): CorrelationDraft | undefined {
  if (section.kind !== 'map') {
    report(section.at, `\`correlation\` holds ${KEYS.join(', ')}`);
    return undefined;
  }
  for (const { key, at } of section.entries) {
    if (!KEYS.includes(key)) report(at, `there is no \`correlation.${key}\`: there are ${KEYS.join(', ')}`);
  }
  const typeEntry = entryOf(section, 'type');
  const type = CORRELATION_TYPES.find((known) => typeEntry?.value.kind === 'scalar' && known === typeEntry.value.value);
  if (type === undefined) {
    report(typeEntry?.value.at ?? section.at, `\`type\` is one of ${CORRELATION_TYPES.join(', ')}`);
    return undefined;
  }
  const rules = references(section, 'rules', report);
  if (rules.length === 0) report(section.at, '`rules` names at least one rule, by id or name');
  const seconds = readTimespan(section, report);
  const condition = readCondition(section, type, report);
  if (seconds === undefined || condition === undefined) return undefined;
  return {
    type,
    at: section.at,
    rules,
    groupBy: references(section, 'group-by', report),
    aliases: readAliases(section, report),
    seconds,
    condition,
    generate: readGenerate(section, report) || readGenerate(document, report),
  };
}

function references(map: LocatedMap, key: string, report: Report): Reference[] {
  const value = entryOf(map, key)?.value;
  if (value === undefined) return [];
  const items = value.kind === 'list' ? value.items : [value];
  return items.flatMap((item) => {
    if (item.kind === 'scalar' && item.value !== null) return [{ text: String(item.value), at: item.at }];
    report(item.at, `\`${key}\` is a list of names`);
    return [];
  });
}

function readTimespan(map: LocatedMap, report: Report): number | undefined {
  const value = entryOf(map, 'timespan')?.value;
  const seconds = value?.kind === 'scalar' ? spanSeconds(String(value.value)) : undefined;
  if (seconds === undefined) report(value?.at ?? map.at, '`timespan` is a number and one of s, m, h, d, such as 90m');
  return seconds;
}

/** Of a time such as `90m`; undefined for anything else, and for none at all. */
export function spanSeconds(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNITS[unit ?? ''] ?? 0);
  return seconds > 0 ? seconds : undefined;
}

function readCondition(map: LocatedMap, type: CorrelationType, report: Report): ConditionDraft | undefined {
  const value = entryOf(map, 'condition')?.value;
  const temporal = TEMPORAL.includes(type);
  if (value === undefined && temporal) return { kind: 'every-rule' };
  if (value?.kind === 'scalar' && temporal) return { kind: 'text', scalar: value };
  if (value?.kind !== 'map') {
    report(value?.at ?? map.at, `\`${type}\` needs a \`condition\` such as \`{gte: 10}\``);
    return undefined;
  }
  const bounds: Bound[] = [];
  let field: string | undefined;
  let percentile: number | undefined;
  for (const { key, at, value: each } of value.entries) {
    const operator = BOUND_OPERATORS.find((known) => known === key);
    const plain = each.kind === 'scalar' ? each.value : null;
    if (key === 'field' && typeof plain === 'string') field = plain;
    else if (key === 'percentile' && typeof plain === 'number' && plain >= 0 && plain <= 100) percentile = plain;
    else if (operator !== undefined && typeof plain === 'number') bounds.push({ operator, value: plain });
    else
      report(
        at,
        `\`${key}\` is not understood here: there are field (a name), percentile (0 to 100) and ${BOUND_OPERATORS.join(', ')} (numbers)`,
      );
  }
  if (bounds.length === 0) report(value.at, `the condition has no bound: write one of ${BOUND_OPERATORS.join(', ')}`);
  if (type.startsWith('value_') && field === undefined)
    report(value.at, `\`${type}\` needs \`field\` in its condition`);
  if (type === 'value_percentile' && percentile === undefined) {
    report(value.at, '`value_percentile` needs `percentile` in its condition, such as 95');
  }
  return {
    kind: 'bounds',
    bounds,
    ...(field === undefined ? {} : { field }),
    ...(percentile === undefined ? {} : { percentile }),
  };
}

function readAliases(map: LocatedMap, report: Report): CorrelationDraft['aliases'] {
  const value = entryOf(map, 'aliases')?.value;
  if (value === undefined) return [];
  if (value.kind !== 'map') {
    report(value.at, '`aliases` is a map of alias to { rule: field }');
    return [];
  }
  return value.entries.flatMap(({ key: alias, value: paths }) => {
    if (paths.kind !== 'map') {
      report(paths.at, `the alias \`${alias}\` is a map of rule to field`);
      return [];
    }
    return paths.entries.flatMap(({ key, at, value: path }) => {
      if (path.kind === 'scalar' && typeof path.value === 'string') {
        return [{ alias, rule: { text: key, at }, path: path.value }];
      }
      report(path.at, `the alias \`${alias}\` gives a field for \`${key}\``);
      return [];
    });
  });
}

function readGenerate(map: LocatedMap, report: Report): boolean {
  const value = entryOf(map, 'generate')?.value;
  if (value === undefined) return false;
  if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
  report(value.at, '`generate` is true or false');
  return false;
}
