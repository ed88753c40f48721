import { Engine, type TopLevelCondition } from 'json-rules-engine';
import type { Detection, Expression, Search, ValueTest } from '../../../shared/rules/detection.ts';
import { patternRegex } from './pattern-regex.ts';

type Wanted = { readonly deep: boolean; readonly texts: readonly RegExp[] };
type Leaf = { fact: string; operator: OperatorName; value: Wanted; path?: string };
type Condition = Leaf | { any: Condition[] } | { all: Condition[] } | { not: Condition };

const OPERATORS = {
  matches: (values: readonly unknown[], { texts }: Wanted) =>
    values.flatMap(elementsOf).some((value) => {
      const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return isText && texts.some((text) => text.test(String(value)));
    }),
  isThere: (values: readonly unknown[]) => values.length > 0,
  isNull: (values: readonly unknown[]) => {
    const elements = values.flatMap(elementsOf);
    return elements.length === 0 || elements.includes(null);
  },
};
type OperatorName = keyof typeof OPERATORS;

/** An engine that knows what the conditions ask, and takes nothing amiss that a record lacks. */
export function createConditionEngine(): Engine {
  const engine = new Engine([], { allowUndefinedFacts: true, pathResolver: leavesAt });
  for (const [name, holds] of Object.entries(OPERATORS)) {
    engine.addOperator<unknown, Wanted>(name, (value, wanted) => {
      // What the path of a fact led to is a list; without one here, there was nothing to follow it into.
      const values = wanted.deep ? (Array.isArray(value) ? value : []) : value === undefined ? [] : [value];
      return holds(values, wanted);
    });
  }
  return engine;
}

/** A detection as conditions of json-rules-engine; `undefined` if they cannot say that. */
export function engineConditions({ condition, searches }: Detection): TopLevelCondition | undefined {
  const found = expressionCondition(condition, searches);
  return found === undefined || !('fact' in found) ? found : { all: [found] };
}

function expressionCondition(expression: Expression, searches: Detection['searches']): Condition | undefined {
  switch (expression.kind) {
    case 'search': {
      const search = searches[expression.name];
      return search === undefined ? undefined : searchCondition(search);
    }
    case 'not':
      return negated(expressionCondition(expression.of, searches));
    case 'and':
    case 'or':
      return joined(
        expression.kind === 'and' ? 'all' : 'any',
        expression.of.map((part) => expressionCondition(part, searches)),
      );
  }
}

function searchCondition(search: Search): Condition | undefined {
  switch (search.kind) {
    case 'all-of':
    case 'any-of':
      return joined(search.kind === 'all-of' ? 'all' : 'any', search.of.map(searchCondition));
    case 'item': {
      const { field, quantifier, tests } = search;
      const texts = tests.flatMap((test) => textOf(test) ?? []);
      if (quantifier === 'any' && texts.length === tests.length) return leaf(field, 'matches', texts);
      return joined(
        quantifier === 'any' ? 'any' : 'all',
        tests.map((test) => testCondition(field, test)),
      );
    }
    case 'keywords':
      return undefined;
  }
}

function testCondition(field: string, test: ValueTest): Condition | undefined {
  switch (test.kind) {
    case 'null':
      return leaf(field, 'isNull');
    case 'exists':
      return test.want ? leaf(field, 'isThere') : { not: leaf(field, 'isThere') };
    case 'none': {
      const positive = testCondition(field, test.test);
      return positive === undefined ? undefined : { all: [leaf(field, 'isThere'), { not: positive }] };
    }
    default: {
      const text = textOf(test);
      return text === undefined ? undefined : leaf(field, 'matches', [text]);
    }
  }
}

function textOf(test: ValueTest): RegExp | undefined {
  switch (test.kind) {
    case 'text':
      return patternRegex(test.pattern, test.cased);
    case 'number':
      return patternRegex([{ kind: 'text', text: test.text }], true);
    case 'boolean':
      return patternRegex([{ kind: 'text', text: String(test.value) }], false);
    default:
      return undefined;
  }
}

function negated(condition: Condition | undefined): Condition | undefined {
  return condition === undefined ? undefined : { not: condition };
}

function joined(kind: 'any' | 'all', parts: readonly (Condition | undefined)[]): Condition | undefined {
  const known = parts.flatMap((part) => (part === undefined ? [] : [part]));
  const [only] = known;
  if (known.length < parts.length) return undefined;
  if (known.length === 1) return only;
  return kind === 'any' ? { any: known } : { all: known };
}

function leaf(field: string, operator: OperatorName, texts: readonly RegExp[] = []): Leaf {
  const [fact = '', ...path] = field.split('.');
  const deep = path.length > 0;
  return { fact, operator, value: { deep, texts }, ...(deep ? { path: path.join('.') } : {}) };
}

/** The values under a path, where a list stands for its elements. Faster than the JSON paths that the engine comes with. */
function leavesAt(value: object, path: string): readonly unknown[] {
  let found: readonly unknown[] = [value];
  for (const key of path.split('.')) {
    found = found.flatMap(elementsOf).flatMap((each) => {
      const entry =
        typeof each === 'object' && each !== null ? Object.entries(each).find(([name]) => name === key) : [];
      return entry?.[1] === undefined ? [] : [entry[1]];
    });
  }
  return found;
}

function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.flatMap(elementsOf) : [value];
}
