import type { Pattern, Quantifier, Search, TextRelation, ValueTest } from '../detection.ts';
import { checkCidr } from '../engines/ipaddr-cidr.ts';
import { checkRegex } from '../engines/re2-regex.ts';
import type { Located, LocatedEntry, LocatedScalar, Position } from './located.ts';
import { type Modifiers, readModifiers } from './modifiers.ts';
import type { Report } from './problems.ts';
import { containing, endingWith, readPattern, startingWith } from './read-pattern.ts';

/** One `field|modifier: values` entry; an empty field name makes it a keyword search. */
export function compileItem(entry: LocatedEntry, report: Report): Search | undefined {
  const [field = '', ...names] = entry.key.split('|');
  const modifiers = readModifiers(names, entry.at, report);
  if (modifiers === undefined) return undefined;
  if (field !== '' && field.split('.').some((part) => part === '')) {
    report(entry.at, `\`${field}\` has an empty part: write a path such as \`userIdentity.type\``);
    return undefined;
  }
  const values = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  if (values.length === 0) {
    report(entry.value.at, `the list of \`${entry.key}\` is empty: write at least one value`);
    return undefined;
  }
  const tests = values.map((value) => compileValue(value, modifiers, report));
  const known = tests.filter((test) => test !== undefined);
  if (known.length < tests.length) return undefined;
  // "Different from the specified values" means from each of them, so the negated tests are joined by AND.
  const quantifier: Quantifier = modifiers.all || modifiers.neq ? 'all' : 'any';
  if (field === '') return keywords(known, quantifier, entry.at, modifiers, report);
  return { kind: 'item', field, quantifier, tests: known };
}

/** A bare list under a selection: texts looked for anywhere in the record. */
export function compileKeyword(value: Located, report: Report): Search | undefined {
  const test = compileValue(value, { ...NO_MODIFIERS, relation: 'contains' }, report);
  return test === undefined ? undefined : { kind: 'keywords', quantifier: 'any', tests: [test] };
}

const NO_MODIFIERS: Modifiers = { all: false, neq: false, cased: false, relation: 'equals', type: { kind: 'plain' } };

function keywords(
  tests: readonly ValueTest[],
  quantifier: Quantifier,
  at: Position,
  modifiers: Modifiers,
  report: Report,
): Search | undefined {
  if (modifiers.type.kind !== 'plain' && modifiers.type.kind !== 're') {
    report(at, 'a search without a field takes texts and `re` only: name the field');
    return undefined;
  }
  const widened = tests.map(
    (test): ValueTest =>
      test.kind === 'text' && modifiers.relation === 'equals' ? { ...test, pattern: containing(test.pattern) } : test,
  );
  return { kind: 'keywords', quantifier, tests: widened };
}

function compileValue(value: Located, modifiers: Modifiers, report: Report): ValueTest | undefined {
  if (value.kind !== 'scalar') {
    report(value.at, 'a value is a text, a number, true, false or null, not a map or a list in a list');
    return undefined;
  }
  const test = compileScalar(value, modifiers, report);
  if (test === undefined) return undefined;
  return modifiers.neq ? { kind: 'none', test } : test;
}

function compileScalar(value: LocatedScalar, modifiers: Modifiers, report: Report): ValueTest | undefined {
  const { type } = modifiers;
  switch (type.kind) {
    case 'plain':
      return compilePlain(value, modifiers, report);
    case 'exists':
      if (typeof value.value === 'boolean') return { kind: 'exists', want: value.value };
      report(value.at, '`exists` takes true or false');
      return undefined;
    case 're': {
      const source = textOf(value, '`re` takes a text', report);
      const flaw = source === undefined ? undefined : checkRegex(source, type.flags);
      if (flaw !== undefined) report(value.at, `not a regular expression that RE2 takes: ${flaw}`);
      return source === undefined || flaw !== undefined ? undefined : { kind: 'regex', source, flags: type.flags };
    }
    case 'cidr': {
      const range = textOf(value, '`cidr` takes a range such as 10.0.0.0/8', report);
      const flaw = range === undefined ? undefined : checkCidr(range);
      if (flaw !== undefined) report(value.at, `\`${range}\` is no address range: write one such as 10.0.0.0/8`);
      return range === undefined || flaw !== undefined ? undefined : { kind: 'cidr', range };
    }
    case 'compare': {
      const number = numberOf(value, `\`${type.operator}\` takes a number`, report);
      return number === undefined ? undefined : { kind: 'compare', operator: type.operator, value: number };
    }
    case 'fieldref': {
      const field = textOf(value, '`fieldref` takes the name of a field', report);
      if (field === undefined) return undefined;
      if (field.split('.').some((part) => part === '')) {
        report(value.at, `\`${field}\` is no field: write a path such as \`userIdentity.userName\``);
        return undefined;
      }
      return { kind: 'field', field, how: modifiers.relation, cased: modifiers.cased };
    }
  }
}

function compilePlain(value: LocatedScalar, modifiers: Modifiers, report: Report): ValueTest | undefined {
  const { relation, cased } = modifiers;
  if (value.value === null) {
    if (relation === 'equals') return { kind: 'null' };
    report(value.at, `\`${relation}\` takes a text, not null`);
    return undefined;
  }
  if (relation === 'equals' && typeof value.value === 'number') {
    return { kind: 'number', value: value.value, text: value.source };
  }
  if (relation === 'equals' && typeof value.value === 'boolean') return { kind: 'boolean', value: value.value };
  const text = typeof value.value === 'string' ? value.value : value.source;
  return { kind: 'text', pattern: related(readPattern(text), relation), cased };
}

function related(pattern: Pattern, relation: TextRelation): Pattern {
  switch (relation) {
    case 'equals':
      return pattern;
    case 'contains':
      return containing(pattern);
    case 'startswith':
      return startingWith(pattern);
    case 'endswith':
      return endingWith(pattern);
  }
}

function textOf(value: LocatedScalar, otherwise: string, report: Report): string | undefined {
  if (typeof value.value === 'string') return value.value;
  if (typeof value.value === 'number') return value.source;
  report(value.at, otherwise);
  return undefined;
}

function numberOf(value: LocatedScalar, otherwise: string, report: Report): number | undefined {
  const number = typeof value.value === 'string' && value.value.trim() !== '' ? Number(value.value) : value.value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  report(value.at, otherwise);
  return undefined;
}
