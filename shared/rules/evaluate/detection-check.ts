import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import type { Detection, Expression, Quantifier, Search, ValueTest } from '../detection.ts';
import type { Engines } from '../engines/engine.ts';
import { RuleLoadError } from '../read-json.ts';
import type { Check, RecordTest } from './check.ts';
import { anyOfMatcher, isLeafTest, leafMatcher } from './leaf-matcher.ts';
import { leafText } from './leaf-text.ts';
import { anyLeafOf, isPresent, type LeafTest } from './record-path.ts';
import { relationMatcher } from './text-matcher.ts';

/** Compiles a detection once; after that a record costs only the tests it meets. */
export function detectionCheck(detection: Detection, engines: Engines): Check {
  const searches = new Map(
    Object.entries(detection.searches).map(([name, search]) => [name, searchCheck(search, engines)]),
  );
  return expressionCheck(detection.condition, searches);
}

function expressionCheck(expression: Expression, searches: ReadonlyMap<string, Check>): Check {
  switch (expression.kind) {
    case 'search': {
      const check = searches.get(expression.name);
      if (check === undefined)
        throw new RuleLoadError(`the condition names ${expression.name}, which the rule does not have`);
      return check;
    }
    case 'not':
      return { kind: 'not', of: expressionCheck(expression.of, searches) };
    case 'and':
    case 'or':
      return { kind: expression.kind, of: expression.of.map((part) => expressionCheck(part, searches)) };
  }
}

export function searchCheck(search: Search, engines: Engines): Check {
  switch (search.kind) {
    case 'all-of':
      return { kind: 'and', of: search.of.map((part) => searchCheck(part, engines)) };
    case 'any-of':
      return { kind: 'or', of: search.of.map((part) => searchCheck(part, engines)) };
    case 'item':
      return itemCheck(search.field, search.quantifier, search.tests, engines);
    case 'keywords':
      return keywordsCheck(search.quantifier, search.tests, engines);
  }
}

function itemCheck(field: string, quantifier: Quantifier, tests: readonly ValueTest[], engines: Engines): Check {
  const leafTests = tests.filter(isLeafTest);
  if (quantifier === 'any' && leafTests.length === tests.length) {
    const anyLeaf = anyLeafOf(field);
    const match = anyOfMatcher(leafTests, engines);
    return { kind: 'leaf', reads: [field], run: (record) => anyLeaf(record, match) };
  }
  const of = tests.map((test) => valueCheck(field, test, engines));
  const [only] = of;
  if (of.length === 1 && only !== undefined) return only;
  return { kind: quantifier === 'all' ? 'and' : 'or', of };
}

function valueCheck(field: string, test: ValueTest, engines: Engines): Check {
  const anyLeaf = anyLeafOf(field);
  const reads = [field];
  switch (test.kind) {
    case 'null': {
      const isNull: LeafTest = (leaf) => leaf === null;
      const isThere: LeafTest = () => true;
      // No value at all is an absent field or an empty list.
      return { kind: 'leaf', reads, run: (record) => anyLeaf(record, isNull) || !anyLeaf(record, isThere) };
    }
    case 'exists': {
      const present = isPresent(field);
      const { want } = test;
      return { kind: 'leaf', reads, run: (record) => present(record) === want };
    }
    case 'field':
      return fieldCheck(field, test);
    case 'none': {
      const present = isPresent(field);
      const positive = valueCheck(field, test.test, engines);
      const there: Check = { kind: 'leaf', reads, run: present };
      return { kind: 'and', of: [there, { kind: 'not', of: positive }] };
    }
    default: {
      const match = leafMatcher(test, engines);
      return { kind: 'leaf', reads, run: (record) => anyLeaf(record, match) };
    }
  }
}

function fieldCheck(field: string, test: Extract<ValueTest, { readonly kind: 'field' }>): Check {
  const left = anyLeafOf(field);
  const right = anyLeafOf(test.field);
  const relation = relationMatcher(test.how);
  const fold = test.cased ? (text: string) => text : (text: string) => text.toLowerCase();
  const run: RecordTest = (record) =>
    left(record, (leaf) => {
      const text = leafText(leaf);
      if (text === undefined) return false;
      const folded = fold(text);
      return right(record, (other) => {
        const part = leafText(other);
        return part !== undefined && relation(folded, fold(part));
      });
    });
  return { kind: 'leaf', reads: [field, test.field], run };
}

/** Keywords look at every value in the record, at any depth, and at no field name. */
function keywordsCheck(quantifier: Quantifier, tests: readonly ValueTest[], engines: Engines): Check {
  const of = tests.map((test): Check => {
    if (!isLeafTest(test)) throw new RuleLoadError(`a keyword search cannot test ${test.kind}`);
    const match = leafMatcher(test, engines);
    return { kind: 'leaf', reads: [], run: (record) => anyScalar(record, match) };
  });
  return { kind: quantifier === 'all' ? 'and' : 'or', of };
}

/** Not recursive: the depth of a record is the sender's choice. */
function anyScalar(record: JsonObject, test: LeafTest): boolean {
  const pending: (Json | undefined)[] = [record];
  while (pending.length > 0) {
    const value = pending.pop();
    if (value === undefined || value === null) continue;
    if (typeof value !== 'object') {
      if (test(value)) return true;
    } else if (isJsonObject(value)) {
      for (const inner of Object.values(value)) pending.push(inner);
    } else {
      for (const inner of value) pending.push(inner);
    }
  }
  return false;
}
