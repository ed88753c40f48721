import type { Json, JsonObject } from '../../json.ts';
import type { Detection, Expression, Search, ValueTest } from '../detection.ts';
import type { Engines } from '../engines/engine.ts';
import { recordTest } from './check.ts';
import { searchCheck } from './detection-check.ts';
import { valuesUnder } from './record-path.ts';

/** Why a rule fired on a record or did not: the condition, part by part, down to each field and what the record has there. */
export type Explanation = {
  readonly holds: boolean;
  /** The condition's operator, the name of a selection, or a test of a field as a person would write it. */
  readonly text: string;
  /** The values that the record has under the field tested; at most five. */
  readonly found?: readonly Json[];
  readonly parts: readonly Explanation[];
};

export function explain(detection: Detection, record: JsonObject, engines: Engines): Explanation {
  return explainExpression(detection.condition, detection, record, engines);
}

function explainExpression(
  expression: Expression,
  detection: Detection,
  record: JsonObject,
  engines: Engines,
): Explanation {
  switch (expression.kind) {
    case 'search': {
      const search = detection.searches[expression.name];
      if (search === undefined)
        return { holds: false, text: `${expression.name}, which the rule does not have`, parts: [] };
      const inner = explainSearch(search, record, engines);
      return {
        holds: inner.holds,
        text: expression.name,
        parts: inner.parts.length > 0 && inner.found === undefined ? inner.parts : [inner],
      };
    }
    case 'not': {
      const inner = explainExpression(expression.of, detection, record, engines);
      return { holds: !inner.holds, text: 'not', parts: [inner] };
    }
    case 'and':
    case 'or': {
      const parts = expression.of.map((part) => explainExpression(part, detection, record, engines));
      const holds = expression.kind === 'and' ? parts.every((part) => part.holds) : parts.some((part) => part.holds);
      return { holds, text: expression.kind === 'and' ? 'all of' : 'any of', parts };
    }
  }
}

function explainSearch(search: Search, record: JsonObject, engines: Engines): Explanation {
  const holds = recordTest(searchCheck(search, engines))(record);
  switch (search.kind) {
    case 'all-of':
    case 'any-of':
      return {
        holds,
        text: search.kind === 'all-of' ? 'all of' : 'any of',
        parts: search.of.map((part) => explainSearch(part, record, engines)),
      };
    case 'item':
      return {
        holds,
        text: `${search.field} ${search.tests.map(wording).join(search.quantifier === 'all' ? ' and ' : ' or ')}`,
        found: valuesUnder(search.field, record),
        parts: [],
      };
    case 'keywords':
      return {
        holds,
        text: `any value ${search.tests.map(wording).join(search.quantifier === 'all' ? ' and another ' : ' or ')}`,
        parts: [],
      };
  }
}

function wording(test: ValueTest): string {
  switch (test.kind) {
    case 'text': {
      const text = test.pattern
        .map((piece) => (piece.kind === 'text' ? piece.text : piece.kind === 'any' ? '*' : '?'))
        .join('');
      return `is ${JSON.stringify(text)}${test.cased ? ' in this case' : ''}`;
    }
    case 'number':
      return `is ${test.text}`;
    case 'boolean':
      return `is ${test.value}`;
    case 'null':
      return 'is absent or null';
    case 'exists':
      return test.want ? 'is present' : 'is absent';
    case 'regex':
      return `matches /${test.source}/${test.flags}`;
    case 'cidr':
      return `is in ${test.range}`;
    case 'compare':
      return `is ${test.operator} ${test.value}`;
    case 'time-part':
      return `has a ${test.part} that is ${test.operator} ${test.value}`;
    case 'field':
      return `${test.how} the field ${test.field}`;
    case 'none':
      return `is present and not one that ${wording(test.test)}`;
  }
}
