import type { JsonObject } from '../../json.ts';

/** A rule's logic as a tree whose leaves read the record. */
export type Check =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'leaf'; readonly reads: readonly string[]; readonly run: RecordTest }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Check[] }
  | { readonly kind: 'not'; readonly of: Check };

export type RecordTest = (record: JsonObject) => boolean;

export const HOLDS: Check = { kind: 'constant', value: true };
export const FAILS: Check = { kind: 'constant', value: false };

/**
 * What is left of a check once some fields are known. This is the index: asked with the source and name of an event, a
 * rule for other events shrinks to `FAILS` and the rest lose the tests already answered, whatever the form of their logic.
 */
export function specialise(check: Check, facts: JsonObject): Check {
  switch (check.kind) {
    case 'constant':
      return check;
    case 'leaf':
      if (check.reads.length === 0 || !check.reads.every((field) => Object.hasOwn(facts, field))) return check;
      return check.run(facts) ? HOLDS : FAILS;
    case 'not': {
      const of = specialise(check.of, facts);
      if (of.kind === 'constant') return of.value ? FAILS : HOLDS;
      return of === check.of ? check : { kind: 'not', of };
    }
    case 'and':
    case 'or': {
      const absorbing = check.kind === 'or';
      const of: Check[] = [];
      let changed = false;
      for (const part of check.of) {
        const left = specialise(part, facts);
        if (left.kind === 'constant') {
          if (left.value === absorbing) return left;
          changed = true;
        } else {
          if (left !== part) changed = true;
          of.push(left);
        }
      }
      if (!changed) return check;
      const [only] = of;
      if (only === undefined) return absorbing ? FAILS : HOLDS;
      return of.length === 1 ? only : { kind: check.kind, of };
    }
  }
}

export function recordTest(check: Check): RecordTest {
  switch (check.kind) {
    case 'constant': {
      const { value } = check;
      return () => value;
    }
    case 'leaf':
      return check.run;
    case 'not': {
      const of = recordTest(check.of);
      return (record) => !of(record);
    }
    case 'and':
      return every(check.of.map(recordTest));
    case 'or':
      return some(check.of.map(recordTest));
  }
}

function every(tests: readonly RecordTest[]): RecordTest {
  const [first, second] = tests;
  if (tests.length === 2 && first !== undefined && second !== undefined)
    return (record) => first(record) && second(record);
  return (record) => {
    for (const test of tests) if (!test(record)) return false;
    return true;
  };
}

function some(tests: readonly RecordTest[]): RecordTest {
  const [first, second] = tests;
  if (tests.length === 2 && first !== undefined && second !== undefined)
    return (record) => first(record) || second(record);
  return (record) => {
    for (const test of tests) if (test(record)) return true;
    return false;
  };
}
