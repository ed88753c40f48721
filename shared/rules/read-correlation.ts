import type { Json, JsonObject } from '../json.ts';
import {
  BOUND_OPERATORS,
  CORRELATION_TYPES,
  type Correlation,
  type CorrelationCondition,
  type GroupField,
} from './correlation.ts';
import { readExpression } from './read-detection.ts';
import { list, number, object, oneOf, RuleLoadError, text } from './read-json.ts';

/** Narrows the correlation of a compiled rule; undefined for a rule that looks at single events. */
export function readCorrelation(detection: JsonObject): Correlation | undefined {
  if (detection.correlation === undefined) return undefined;
  const node = object(detection.correlation, 'correlation');
  return {
    type: oneOf(CORRELATION_TYPES, node.type, 'type'),
    rules: list(node.rules, 'rules').map((rule) => text(rule, 'rule')),
    groupBy: list(node.groupBy, 'groupBy').map(groupField),
    seconds: number(node.seconds, 'seconds'),
    condition: condition(node.condition),
  };
}

function groupField(json: Json): GroupField {
  const node = object(json, 'groupBy');
  const name = text(node.name, 'name');
  if (node.paths === undefined) return { name };
  const paths = object(node.paths, 'paths');
  return { name, paths: Object.fromEntries(Object.entries(paths).map(([rule, path]) => [rule, text(path, 'path')])) };
}

function condition(json: Json | undefined): CorrelationCondition {
  const node = object(json, 'condition');
  switch (node.kind) {
    case 'every-rule':
      return { kind: 'every-rule' };
    case 'rules':
      return { kind: 'rules', expression: readExpression(node.expression) };
    case 'bounds':
      return {
        kind: 'bounds',
        bounds: list(node.bounds, 'bounds').map((each) => {
          const bound = object(each, 'bound');
          return { operator: oneOf(BOUND_OPERATORS, bound.operator, 'operator'), value: number(bound.value, 'value') };
        }),
        ...(node.field === undefined ? {} : { field: text(node.field, 'field') }),
        ...(node.percentile === undefined ? {} : { percentile: number(node.percentile, 'percentile') }),
      };
    default:
      throw new RuleLoadError(
        `a correlation condition of kind ${JSON.stringify(node.kind)} is not known to this version`,
      );
  }
}
