import type { Detection, Expression, Search, ValueTest } from '../../../shared/rules/detection.ts';
import { patternRegex } from './pattern-regex.ts';

export type MongoQuery = Record<string, unknown>;

/** A detection in the query language of MongoDB, which mingo and sift share; `undefined` if it cannot say that. */
export function mongoQuery({ condition, searches }: Detection): MongoQuery | undefined {
  return expressionQuery(condition, searches);
}

function expressionQuery(expression: Expression, searches: Detection['searches']): MongoQuery | undefined {
  switch (expression.kind) {
    case 'search': {
      const search = searches[expression.name];
      return search === undefined ? undefined : searchQuery(search);
    }
    case 'not':
      return negated(expressionQuery(expression.of, searches));
    case 'and':
    case 'or':
      return joined(
        expression.kind,
        expression.of.map((part) => expressionQuery(part, searches)),
      );
  }
}

function searchQuery(search: Search): MongoQuery | undefined {
  switch (search.kind) {
    case 'all-of':
    case 'any-of':
      return joined(search.kind === 'all-of' ? 'and' : 'or', search.of.map(searchQuery));
    case 'item': {
      const { field, quantifier, tests } = search;
      const values = tests.map(valuesOf);
      // The form that a person would write, and the fastest.
      if (quantifier === 'any' && values.every((each) => each !== undefined))
        return { [field]: { $in: values.flat() } };
      return joined(
        quantifier === 'any' ? 'or' : 'and',
        tests.map((test) => testQuery(field, test)),
      );
    }
    case 'keywords':
      return undefined;
  }
}

function testQuery(field: string, test: ValueTest): MongoQuery | undefined {
  switch (test.kind) {
    case 'null':
      return { $or: [{ [field]: null }, { [field]: { $size: 0 } }] };
    case 'exists':
      return { [field]: { $exists: test.want } };
    case 'none': {
      const none = negated(testQuery(field, test.test));
      return none === undefined ? undefined : { $and: [{ [field]: { $exists: true } }, none] };
    }
    default: {
      const values = valuesOf(test);
      return values === undefined ? undefined : { [field]: { $in: values } };
    }
  }
}

/** What `$in` takes. */
function valuesOf(test: ValueTest): readonly unknown[] | undefined {
  switch (test.kind) {
    case 'text':
      return [patternRegex(test.pattern, test.cased)];
    case 'number':
      return [test.value, test.text];
    case 'boolean':
      return [test.value, new RegExp(`^${test.value}$`, 'i')];
    default:
      return undefined;
  }
}

function negated(query: MongoQuery | undefined): MongoQuery | undefined {
  return query === undefined ? undefined : { $nor: [query] };
}

function joined(kind: 'and' | 'or', parts: readonly (MongoQuery | undefined)[]): MongoQuery | undefined {
  const [only] = parts;
  if (parts.length === 1) return only;
  return parts.includes(undefined) ? undefined : { [`$${kind}`]: parts };
}
