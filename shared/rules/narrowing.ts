import type { Detection, Expression, Search, ValueTest } from './detection.ts';
import { literalOf } from './evaluate/text-matcher.ts';

/** What an event must at least be for a rule to fire: any one of the tests for each field named; a field left out is open. */
export type Narrowing = {
  readonly source?: readonly TextTest[];
  readonly name?: readonly TextTest[];
  /** By error code, for rules about calls that were refused. */
  readonly error?: readonly TextTest[];
};
export type TextTest = Extract<ValueTest, { readonly kind: 'text' }>;

const OPEN: readonly Narrowing[] = [{}];
/** A rule that branches more than this is not narrowed: the pattern would be larger than what it saves. */
const MAX_BRANCHES = 100;

/**
 * The alternatives under which a rule can fire, by source and name of the event. Always at least as wide as the rule: what
 * cannot be read off (a negation, a regular expression, another field) leaves a field open. None at all means that
 * the rule contradicts itself.
 */
export function narrowingsOf(detection: Detection): readonly Narrowing[] {
  const searches = new Map(Object.entries(detection.searches).map(([name, search]) => [name, ofSearch(search)]));
  return ofExpression(detection.condition, searches);
}

function ofExpression(
  expression: Expression,
  searches: ReadonlyMap<string, readonly Narrowing[]>,
): readonly Narrowing[] {
  switch (expression.kind) {
    case 'search':
      return searches.get(expression.name) ?? OPEN;
    case 'not':
      return OPEN;
    case 'and':
      return product(expression.of.map((part) => ofExpression(part, searches)));
    case 'or':
      return union(expression.of.map((part) => ofExpression(part, searches)));
  }
}

function ofSearch(search: Search): readonly Narrowing[] {
  switch (search.kind) {
    case 'all-of':
      return product(search.of.map(ofSearch));
    case 'any-of':
      return union(search.of.map(ofSearch));
    case 'keywords':
      return OPEN;
    case 'item': {
      const texts = search.tests.filter((test) => test.kind === 'text');
      // Of tests that must all hold, any one alone is a right bound; of alternatives, all must be known.
      const bound = search.quantifier === 'all' ? texts.slice(0, 1) : texts;
      if (bound.length === 0 || (search.quantifier === 'any' && texts.length < search.tests.length)) return OPEN;
      if (search.field === 'eventSource') return [{ source: bound }];
      if (search.field === 'eventName') return [{ name: bound }];
      return search.field === 'errorCode' ? [{ error: bound }] : OPEN;
    }
  }
}

function union(parts: readonly (readonly Narrowing[])[]): readonly Narrowing[] {
  const all = parts.flat();
  return all.length > MAX_BRANCHES || all.some(isOpen) ? OPEN : all;
}

function product(parts: readonly (readonly Narrowing[])[]): readonly Narrowing[] {
  let result = OPEN;
  for (const part of parts) {
    const next = result.flatMap((left) => part.flatMap((right) => both(left, right) ?? []));
    // Too many branches: keep what is known so far, which is wider and therefore right.
    if (next.length <= MAX_BRANCHES) result = next;
  }
  return result;
}

function both(left: Narrowing, right: Narrowing): Narrowing | undefined {
  const source = intersection(left.source, right.source);
  const name = intersection(left.name, right.name);
  const error = intersection(left.error, right.error);
  if (source?.length === 0 || name?.length === 0 || error?.length === 0) return undefined;
  return {
    ...(source === undefined ? {} : { source }),
    ...(name === undefined ? {} : { name }),
    ...(error === undefined ? {} : { error }),
  };
}

function intersection(
  left: readonly TextTest[] | undefined,
  right: readonly TextTest[] | undefined,
): readonly TextTest[] | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  const plain = [...left, ...right].every((test) => literalOf(test.pattern) !== undefined);
  if (!plain) return left.length <= right.length ? left : right;
  const wanted = new Set(right.map((test) => literalOf(test.pattern)?.toLowerCase()));
  return left.filter((test) => wanted.has(literalOf(test.pattern)?.toLowerCase()));
}

function isOpen(narrowing: Narrowing): boolean {
  return narrowing.source === undefined && narrowing.name === undefined && narrowing.error === undefined;
}
