import type { JsonObject } from '../../json.ts';
import type { GroupField } from '../correlation.ts';
import type { Expression } from '../detection.ts';
import { compileCondition } from './compile-condition.ts';
import { type CorrelationRuleDraft, type Referable, resolve } from './link-rules.ts';

/** A correlation with its rules found, as the JSON that ships, and the rules that are its parts. */
export type LinkedCorrelation = { readonly correlation: JsonObject; readonly parts: readonly Referable[] };

export function linkCorrelation(
  draft: CorrelationRuleDraft,
  referable: readonly Referable[],
): LinkedCorrelation | undefined {
  const { correlation, report, warn } = draft;
  const idOf = new Map<string, string>();
  const parts: Referable[] = [];
  let sound = true;
  const complain: typeof report = (at, message) => {
    report(at, message);
    sound = false;
  };
  for (const reference of correlation.rules) {
    const resolved = resolve(reference, referable);
    if (resolved.kind === 'unknown') {
      complain(reference.at, resolved.reason);
      continue;
    }
    if (resolved.byTitle) warn(reference.at, `a rule is referred to by its title: ${lastingNameOf(resolved.draft)}`);
    if (reaches(resolved.draft, draft, referable)) {
      complain(reference.at, `\`${reference.text}\` correlates this rule in turn: a circle never comes true`);
      continue;
    }
    if (parts.includes(resolved.draft)) {
      complain(reference.at, `\`${reference.text}\` stands twice among the rules: one event would be both of them`);
      continue;
    }
    idOf.set(reference.text, resolved.draft.header.id);
    parts.push(resolved.draft);
  }
  for (const { rule } of correlation.aliases) {
    if (idOf.has(rule.text) || idFor(rule.text, parts) !== undefined) continue;
    complain(rule.at, `\`${rule.text}\` is none of the rules of this correlation`);
  }
  const { condition: asked } = correlation;
  const counted = asked.kind === 'bounds' ? asked.field : undefined;
  if (correlation.aliases.some(({ alias }) => alias === counted)) {
    complain(
      correlation.at,
      `\`field: ${counted}\` is an alias, which only \`group-by\` takes: write a field of the events`,
    );
  }
  const groupBy = correlation.groupBy.map(({ text }): GroupField => {
    const paths = correlation.aliases.filter(({ alias }) => alias === text);
    if (paths.length === 0) return { name: text };
    const byRule = paths.flatMap(({ rule, path }): [string, string][] => {
      const id = idOf.get(rule.text) ?? idFor(rule.text, parts);
      return id === undefined ? [] : [[id, path]];
    });
    const given = new Set(byRule.map(([id]) => id));
    const missing = parts.find((part) => !given.has(part.header.id));
    if (missing !== undefined)
      complain(
        draft.correlation.at,
        `the alias \`${text}\` names no field for the rule \`${missing.name ?? missing.header.id}\``,
      );
    return { name: text, paths: Object.fromEntries(byRule) };
  });
  for (const part of parts) {
    if (part.kind !== 'correlation') continue;
    const has = part.correlation.groupBy.map(({ text }) => text);
    const lacks = groupBy.find(({ name, paths }) => !has.includes(paths?.[part.header.id] ?? name));
    if (lacks !== undefined) {
      complain(
        correlation.at,
        `\`${part.name ?? part.header.title}\` is not grouped by \`${lacks.name}\`: add it to its \`group-by\``,
      );
    }
  }
  const condition = linkCondition(draft, idOf);
  if (condition === undefined || !sound) return undefined;
  const { type, seconds } = correlation;
  return { parts, correlation: { type, seconds, rules: parts.map((part) => part.header.id), groupBy, condition } };
}

/** A rule without an id bears its file's path for one, which says nothing elsewhere. */
function lastingNameOf({ name, header: { id, file } }: Referable): string {
  if (name !== undefined) return `write its name ${name}`;
  return id.startsWith(file) ? 'give it an `id` and write that' : `write its id ${id}`;
}

function idFor(text: string, parts: readonly Referable[]): string | undefined {
  const found = resolve({ text, at: { line: 1, column: 1 } }, parts);
  return found.kind === 'found' ? found.draft.header.id : undefined;
}

function linkCondition(draft: CorrelationRuleDraft, idOf: ReadonlyMap<string, string>): JsonObject | undefined {
  const { condition } = draft.correlation;
  if (condition.kind !== 'text') return condition;
  const expression = compileCondition(condition.scalar, [...idOf.keys()], draft.report);
  return expression === undefined ? undefined : { kind: 'rules', expression: byId(expression, idOf) };
}

function byId(expression: Expression, idOf: ReadonlyMap<string, string>): Expression {
  switch (expression.kind) {
    case 'search':
      return { kind: 'search', name: idOf.get(expression.name) ?? expression.name };
    case 'not':
      return { kind: 'not', of: byId(expression.of, idOf) };
    case 'and':
    case 'or':
      return { kind: expression.kind, of: expression.of.map((part) => byId(part, idOf)) };
  }
}

/** Does `from` correlate `target`, itself or through others? */
function reaches(
  from: Referable,
  target: Referable,
  referable: readonly Referable[],
  seen = new Set<Referable>(),
): boolean {
  if (from === target) return true;
  if (from.kind !== 'correlation' || seen.has(from)) return false;
  seen.add(from);
  return from.correlation.rules.some((reference) => {
    const next = resolve(reference, referable);
    return next.kind === 'found' && reaches(next.draft, target, referable, seen);
  });
}
