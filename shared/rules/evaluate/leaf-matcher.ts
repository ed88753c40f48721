import { assertNever } from '../../json.ts';
import type { Comparison, Pattern, ValueTest } from '../detection.ts';
import type { Engines, TextMatcher } from '../engines/engine.ts';
import { RuleLoadError } from '../read-json.ts';
import { leafText } from './leaf-text.ts';
import type { LeafTest } from './record-path.ts';
import { literalOf, textMatcher } from './text-matcher.ts';
import { timePart } from './time-part.ts';

/** The tests that look at one value. The others ask about presence or about a second field. */
export type LeafValueTest = Exclude<ValueTest, { readonly kind: 'null' | 'exists' | 'field' | 'none' }>;

export function isLeafTest(test: ValueTest): test is LeafValueTest {
  return test.kind !== 'null' && test.kind !== 'exists' && test.kind !== 'field' && test.kind !== 'none';
}

/** Any of the tests. Plain texts, the long lists of event names above all, become one look into a set. */
export function anyOfMatcher(tests: readonly LeafValueTest[], engines: Engines): LeafTest {
  const literals: string[] = [];
  const rest: LeafTest[] = [];
  for (const test of tests) {
    const literal = test.kind === 'text' && !test.cased ? literalOf(test.pattern) : undefined;
    if (literal === undefined) rest.push(leafMatcher(test, engines));
    else literals.push(literal);
  }
  if (literals.length > 2) rest.push(setMatcher(literals));
  else for (const literal of literals) rest.push(byText(textMatcher(patternOf(literal), false)));
  const [first, second] = rest;
  if (first !== undefined && rest.length === 1) return first;
  if (first !== undefined && second !== undefined && rest.length === 2) return (leaf) => first(leaf) || second(leaf);
  return (leaf) => rest.some((match) => match(leaf));
}

export function leafMatcher(test: LeafValueTest, engines: Engines): LeafTest {
  switch (test.kind) {
    case 'text':
      return byText(textMatcher(test.pattern, test.cased));
    case 'number': {
      const { value, text } = test;
      return (leaf) => leaf === value || (typeof leaf === 'string' && (leaf === text || leaf === String(value)));
    }
    case 'boolean': {
      const { value } = test;
      const text = String(value);
      return (leaf) => leaf === value || (typeof leaf === 'string' && leaf.toLowerCase() === text);
    }
    case 'regex':
      if (engines.regex === undefined)
        throw new RuleLoadError('the rule has a regular expression, and no engine for it is loaded');
      return byText(engines.regex(test.source, test.flags));
    case 'cidr':
      if (engines.cidr === undefined)
        throw new RuleLoadError('the rule has an address range, and no engine for it is loaded');
      return byText(engines.cidr(test.range));
    case 'compare': {
      const holds = comparison(test.operator, test.value);
      return (leaf) => {
        const number = typeof leaf === 'string' && NUMERIC.test(leaf) ? Number(leaf) : leaf;
        return typeof number === 'number' && holds(number);
      };
    }
    case 'time-part': {
      const { part, operator, value } = test;
      const holds = operator === 'eq' ? (number: number) => number === value : comparison(operator, value);
      return (leaf) => {
        const number = typeof leaf === 'string' ? timePart(leaf, part) : undefined;
        return number !== undefined && holds(number);
      };
    }
    default:
      return assertNever(test);
  }
}

const NUMERIC = /^[+-]?\d+(?:\.\d+)?$/;

function byText(match: TextMatcher): LeafTest {
  return (leaf) => {
    const text = leafText(leaf);
    return text !== undefined && match(text);
  };
}

function setMatcher(literals: readonly string[]): LeafTest {
  const exact = new Set(literals);
  const folded = new Set(literals.map((literal) => literal.toLowerCase()));
  return byText((text) => exact.has(text) || folded.has(text.toLowerCase()));
}

function comparison(operator: Comparison, than: number): (number: number) => boolean {
  switch (operator) {
    case 'lt':
      return (number) => number < than;
    case 'lte':
      return (number) => number <= than;
    case 'gt':
      return (number) => number > than;
    case 'gte':
      return (number) => number >= than;
  }
}

function patternOf(literal: string): Pattern {
  return literal === '' ? [] : [{ kind: 'text', text: literal }];
}
