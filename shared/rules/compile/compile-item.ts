import type { Pattern, Quantifier, Search, TextRelation, TimePart, ValueTest } from '../detection.ts';
import { checkCidr } from '../engines/ipaddr-cidr.ts';
import { checkRegex } from '../engines/re2-regex.ts';
import type { Located, LocatedEntry, LocatedScalar, Position } from './located.ts';
import { type Modifiers, type ModifierType, readModifiers } from './modifiers.ts';
import type { Report } from './problems.ts';
import { containing, endingWith, readPattern, startingWith } from './read-pattern.ts';
import { NO_CONTEXT, type RuleContext } from './rule-context.ts';
import { transformText } from './transform-text.ts';

/** One `field|modifier: values` entry; an empty field name makes it a keyword search. */
export function compileItem(entry: LocatedEntry, context: RuleContext, report: Report): Search | undefined {
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
  const alternatives = values.map((value) => compileValue(value, modifiers, context, report));
  const known = alternatives.filter((tests) => tests !== undefined);
  if (known.length < alternatives.length) return undefined;
  const search = (quantifier: Quantifier, tests: readonly ValueTest[]): Search | undefined =>
    field === ''
      ? keywords(tests, quantifier, entry.at, modifiers, report)
      : { kind: 'item', field, quantifier, tests };
  // "Different from the specified values" means from each of them, so the negated tests are joined by AND.
  if (modifiers.neq) return search('all', known.flat());
  if (!modifiers.all) return search('any', known.flat());
  if (known.every((tests) => tests.length === 1)) return search('all', known.flat());
  // A value that a transformation made several of is met by any of them, and each value must be met.
  const of = known.map((tests) => search('any', tests)).filter((part) => part !== undefined);
  return of.length < known.length ? undefined : { kind: 'all-of', of };
}

/** A bare list under a selection: texts looked for anywhere in the record. */
export function compileKeyword(value: Located, report: Report): Search | undefined {
  const tests = compileValue(value, { ...NO_MODIFIERS, relation: 'contains' }, NO_CONTEXT, report);
  return tests === undefined ? undefined : { kind: 'keywords', quantifier: 'any', tests };
}

const NO_MODIFIERS: Modifiers = {
  all: false,
  neq: false,
  cased: false,
  relation: 'equals',
  transforms: [],
  type: { kind: 'plain' },
};

function keywords(
  tests: readonly ValueTest[],
  quantifier: Quantifier,
  at: Position,
  modifiers: Modifiers,
  report: Report,
): Search | undefined {
  if ((modifiers.type.kind !== 'plain' && modifiers.type.kind !== 're') || modifiers.neq) {
    report(at, 'a search without a field takes texts and `re` only: name the field');
    return undefined;
  }
  if (tests.some((test) => test.kind === 'null')) {
    report(at, 'a search without a field cannot look for null: name the field');
    return undefined;
  }
  const widened = tests.map((test): ValueTest => {
    if (test.kind === 'number') return { kind: 'text', pattern: containing(readPattern(test.text)), cased: false };
    if (test.kind === 'boolean')
      return { kind: 'text', pattern: containing(readPattern(String(test.value))), cased: false };
    return test.kind === 'text' && modifiers.relation === 'equals'
      ? { ...test, pattern: containing(test.pattern) }
      : test;
  });
  return { kind: 'keywords', quantifier, tests: widened };
}

/** The tests one value stands for, any of which meets it: one, unless a transformation made several. */
function compileValue(
  value: Located,
  modifiers: Modifiers,
  context: RuleContext,
  report: Report,
): ValueTest[] | undefined {
  if (value.kind !== 'scalar') {
    report(
      value.at,
      value.kind === 'map'
        ? 'a value is a text, a number, true, false or null: write what is deeper as a path, `outer.inner: value`'
        : 'a value is a text, a number, true, false or null, not a list in a list',
    );
    return undefined;
  }
  const variants = transformed(value, modifiers, context, report);
  if (variants === undefined) return undefined;
  const tests = variants.map((variant) => compileScalar(variant, modifiers, report));
  const known = tests.filter((test) => test !== undefined);
  if (known.length < tests.length) return undefined;
  return modifiers.neq ? known.map((test) => ({ kind: 'none', test })) : known;
}

function transformed(
  value: LocatedScalar,
  modifiers: Modifiers,
  context: RuleContext,
  report: Report,
): readonly LocatedScalar[] | undefined {
  if (modifiers.transforms.length === 0) return [value];
  const text = textOf(value, `\`${modifiers.transforms[0]}\` takes a text`, report);
  if (text === undefined) return undefined;
  const result = transformText(text, modifiers.transforms, context.lists);
  if (result.kind === 'transformed') return result.texts.map((each) => ({ ...value, value: each, source: each }));
  report(value.at, result.reason);
  return undefined;
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
    case 'time-part':
      return compileTimePart(value, type, report);
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

const TIME_RANGES: Readonly<Record<TimePart, readonly [number, number]>> = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  week: [1, 53],
  month: [1, 12],
  year: [1970, 9999],
};

function compileTimePart(
  value: LocatedScalar,
  type: Extract<ModifierType, { readonly kind: 'time-part' }>,
  report: Report,
): ValueTest | undefined {
  const [from, to] = TIME_RANGES[type.part];
  const wanted = `\`${type.part}\` takes a whole number from ${from} to ${to}`;
  const number = numberOf(value, wanted, report);
  if (number === undefined) return undefined;
  if (Number.isInteger(number) && number >= from && number <= to) return { ...type, value: number };
  report(value.at, wanted);
  return undefined;
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
