import type { Expression } from '../detection.ts';
import { compileDetection } from './compile-detection.ts';
import type { Draft } from './draft.ts';
import { entryOf, type Located } from './located.ts';
import type { Report } from './problems.ts';
import type { RuleContext } from './rule-context.ts';

/**
 * A Sigma filter: what it selects no longer raises the rules that it names. The specification's example selects what to
 * leave out (`condition: selection`), pySigma's what to keep (`condition: not selection`); both are understood, because a
 * condition of nothing but negations can only mean the second.
 */
export function compileFilter(id: string, section: Located, context: RuleContext, report: Report): Draft | undefined {
  if (section.kind !== 'map') {
    report(section.at, '`filter` holds `rules`, a selection and a `condition`');
    return undefined;
  }
  const rules = entryOf(section, 'rules');
  if (rules === undefined) report(section.at, '`filter` names the `rules` that it is for, by id or name, or `any`');
  const items = rules === undefined ? [] : rules.value.kind === 'list' ? rules.value.items : [rules.value];
  const references = items.flatMap((item) => {
    if (item.kind === 'scalar' && item.value !== null) return [{ text: String(item.value), at: item.at }];
    report(item.at, '`rules` is a list of ids or names');
    return [];
  });
  const body = { ...section, entries: section.entries.filter((entry) => entry.key !== 'rules') };
  const detection = compileDetection(body, context, report);
  if (detection === undefined) return undefined;
  const keeps = isNegative(detection.condition)
    ? detection.condition
    : ({ kind: 'not', of: detection.condition } as const);
  return { kind: 'filter', id, rules: references, detection: { ...detection, condition: keeps }, report };
}

function isNegative(expression: Expression): boolean {
  switch (expression.kind) {
    case 'not':
      return true;
    case 'search':
      return false;
    case 'and':
    case 'or':
      return expression.of.every(isNegative);
  }
}
