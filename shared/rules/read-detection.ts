import type { Json, JsonObject } from '../json.ts';
import {
  COMPARISONS,
  type Detection,
  type Expression,
  type Pattern,
  type PatternPiece,
  type Search,
  TEXT_RELATIONS,
  TIME_PARTS,
  type ValueTest,
} from './detection.ts';
import { flag, list, number, object, oneOf, RuleLoadError, text } from './read-json.ts';

/** Narrows the detection of a compiled rule. The asset comes from outside the function, so it is parsed, not believed. */
export function readDetection(json: JsonObject): Detection {
  const searches = object(json.searches, 'searches');
  return {
    condition: readExpression(json.condition),
    searches: Object.fromEntries(Object.entries(searches).map(([name, value]) => [name, search(value)])),
  };
}

/** Exported for conditions over rules instead of selections. */
export function readExpression(json: Json | undefined): Expression {
  const node = object(json, 'condition');
  const { kind } = node;
  switch (kind) {
    case 'and':
    case 'or':
      return { kind, of: list(node.of, 'of').map(readExpression) };
    case 'not':
      return { kind, of: readExpression(node.of) };
    case 'search':
      return { kind, name: text(node.name, 'name') };
    default:
      throw unknownKind('condition', kind);
  }
}

function search(json: Json | undefined): Search {
  const node = object(json, 'search');
  const { kind } = node;
  switch (kind) {
    case 'all-of':
    case 'any-of':
      return { kind, of: list(node.of, 'of').map(search) };
    case 'item':
      return { kind, field: text(node.field, 'field'), quantifier: quantifier(node), tests: tests(node) };
    case 'keywords':
      return { kind, quantifier: quantifier(node), tests: tests(node) };
    default:
      throw unknownKind('search', kind);
  }
}

function quantifier(node: JsonObject): 'any' | 'all' {
  return oneOf(['any', 'all'] as const, node.quantifier, 'quantifier');
}

function tests(node: JsonObject): ValueTest[] {
  return list(node.tests, 'tests').map(test);
}

function test(json: Json | undefined): ValueTest {
  const node = object(json, 'test');
  const { kind } = node;
  switch (kind) {
    case 'text':
      return { kind, pattern: pattern(node.pattern), cased: flag(node.cased, 'cased') };
    case 'number':
      return { kind, value: number(node.value, 'value'), text: text(node.text, 'text') };
    case 'boolean':
      return { kind, value: flag(node.value, 'value') };
    case 'null':
      return { kind };
    case 'exists':
      return { kind, want: flag(node.want, 'want') };
    case 'regex':
      return { kind, source: text(node.source, 'source'), flags: text(node.flags, 'flags') };
    case 'cidr':
      return { kind, range: text(node.range, 'range') };
    case 'compare':
      return { kind, operator: oneOf(COMPARISONS, node.operator, 'operator'), value: number(node.value, 'value') };
    case 'time-part':
      return {
        kind,
        part: oneOf(TIME_PARTS, node.part, 'part'),
        operator: oneOf([...COMPARISONS, 'eq'] as const, node.operator, 'operator'),
        value: number(node.value, 'value'),
      };
    case 'field':
      return {
        kind,
        field: text(node.field, 'field'),
        how: oneOf(TEXT_RELATIONS, node.how, 'how'),
        cased: flag(node.cased, 'cased'),
      };
    case 'none':
      return { kind, test: test(node.test) };
    default:
      throw unknownKind('test', kind);
  }
}

function pattern(json: Json | undefined): Pattern {
  return list(json, 'pattern').map((item): PatternPiece => {
    const node = object(item, 'pattern');
    const { kind } = node;
    if (kind === 'any' || kind === 'one') return { kind };
    if (kind === 'text') return { kind, text: text(node.text, 'text') };
    throw unknownKind('pattern', kind);
  });
}

function unknownKind(what: string, kind: Json | undefined): RuleLoadError {
  return new RuleLoadError(`a ${what} of kind ${JSON.stringify(kind)} is not known to this version`);
}
