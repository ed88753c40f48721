import type { Detection, Search } from '../detection.ts';
import { compileCondition } from './compile-condition.ts';
import { compileItem, compileKeyword } from './compile-item.ts';
import type { Located, LocatedMap } from './located.ts';
import type { Report } from './problems.ts';
import type { RuleContext } from './rule-context.ts';

/** Sigma's `detection` section: named selections and the condition that joins them. */
export function compileDetection(section: Located, context: RuleContext, report: Report): Detection | undefined {
  if (section.kind !== 'map') {
    report(section.at, '`detection` holds named selections and a `condition`');
    return undefined;
  }
  const searches: [string, Search][] = [];
  const names: string[] = [];
  let sound = true;
  for (const entry of section.entries) {
    if (entry.key === 'condition') continue;
    if (entry.key === 'timeframe') {
      report(entry.at, '`timeframe` belongs to the old aggregations: write a `correlation` document with `timespan`');
      sound = false;
      continue;
    }
    names.push(entry.key);
    const search = compileSearch(entry.value, context, report);
    if (search === undefined) sound = false;
    else searches.push([entry.key, search]);
  }
  const condition = section.entries.find((entry) => entry.key === 'condition');
  if (condition === undefined) {
    report(
      section.at,
      `\`detection\` has no \`condition\`: write for example \`condition: ${names[0] ?? 'selection'}\``,
    );
    return undefined;
  }
  const expression = compileCondition(condition.value, names, report);
  if (expression === undefined || !sound) return undefined;
  return { condition: expression, searches: Object.fromEntries(searches) };
}

/** A map joins by AND, a list of maps by OR, a list of texts is a keyword search. */
export function compileSearch(value: Located, context: RuleContext, report: Report): Search | undefined {
  switch (value.kind) {
    case 'map':
      return compileMap(value, context, report);
    case 'scalar':
      if (value.value !== null) return compileKeyword(value, report);
      report(value.at, 'the selection is empty: write `field: value`');
      return undefined;
    case 'list': {
      if (value.items.length === 0) {
        report(value.at, 'the selection is an empty list: write at least one value');
        return undefined;
      }
      const of = value.items.map((item) =>
        item.kind === 'map' ? compileMap(item, context, report) : compileKeyword(item, report),
      );
      return joined('any-of', of);
    }
  }
}

function compileMap(map: LocatedMap, context: RuleContext, report: Report): Search | undefined {
  if (map.entries.length === 0) {
    report(map.at, 'the selection is empty: write `field: value`');
    return undefined;
  }
  return joined(
    'all-of',
    map.entries.map((entry) => compileItem(entry, context, report)),
  );
}

function joined(kind: 'all-of' | 'any-of', parts: readonly (Search | undefined)[]): Search | undefined {
  const of = parts.filter((part) => part !== undefined);
  if (of.length < parts.length) return undefined;
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind, of };
}
