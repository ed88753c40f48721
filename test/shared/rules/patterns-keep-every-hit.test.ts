import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isReadEventName } from '../../../shared/cloudtrail/read-event-name.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts';
import { compileRuleFile } from '../../../shared/rules/compile/compile-rule-file.ts';
import { createEvaluator } from '../../../shared/rules/evaluate/create-evaluator.ts';
import { compileEventPatterns } from '../../../shared/rules/event-patterns.ts';
import { ruleText } from './rule-text.ts';

/** EventBridge's matching as its user guide tells it, for the operators that we use: written apart from the compiler. */
function delivers(pattern: Json | undefined, value: Json | undefined): boolean {
  if (isJsonObject(pattern)) {
    return isJsonObject(value) && Object.entries(pattern).every(([key, each]) => delivers(each, value[key]));
  }
  return Array.isArray(pattern) && pattern.some((matcher: Json) => typeof value === 'string' && meets(matcher, value));
}

function meets(matcher: Json | undefined, value: string): boolean {
  if (typeof matcher === 'string') return matcher === value;
  if (!isJsonObject(matcher)) return false;
  const [operator, operand] = Object.entries(matcher)[0] ?? [];
  const fold = isJsonObject(operand);
  const text = String(fold ? operand['equals-ignore-case'] : operand);
  const [left, right] =
    fold || operator === 'equals-ignore-case' ? [value.toLowerCase(), text.toLowerCase()] : [value, text];
  if (operator === 'prefix') return left.startsWith(right);
  if (operator === 'suffix') return left.endsWith(right);
  if (operator === 'equals-ignore-case') return left === right;
  throw new Error(`the test knows no operator ${operator}`);
}

const name = fc.constantFrom('CreateUser', 'DeleteUser', 'ListUsers', 'GetUser', 'PutX');
const source = fc.constantFrom('iam.amazonaws.com', 's3.amazonaws.com');
const cased = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(text, fc.constantFrom('as is', 'upper', 'lower'))
    .map(([each, how]) => (how === 'upper' ? each.toUpperCase() : how === 'lower' ? each.toLowerCase() : each));
const part = cased(fc.constantFrom('Create', 'List', 'User', 'X', 'iam', '.com', 'e*U', '?ist*'));
const item = fc.oneof(
  fc.tuple(fc.constant('eventName'), fc.array(cased(name), { minLength: 1, maxLength: 3 })),
  fc.tuple(fc.constant('eventSource'), fc.array(cased(source), { minLength: 1, maxLength: 2 })),
  fc.tuple(
    fc.constantFrom(
      'eventName|startswith',
      'eventName|endswith',
      'eventName|contains',
      'eventSource|contains',
      'eventName|neq',
      'eventName',
    ),
    fc.array(part, { minLength: 1, maxLength: 2 }),
  ),
  fc.tuple(fc.constant('errorCode'), fc.constantFrom(['AccessDenied'], ['accessdenied', null], [null])),
);
const selection = fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => Object.fromEntries(items));
const condition = fc.constantFrom(
  'a',
  'a and b',
  'a or b',
  'a and not b',
  'not a',
  'not (a and b)',
  '(a or b) and c',
  '1 of them',
  'all of them',
);
const event = fc.record({
  eventSource: cased(source),
  eventName: cased(name),
  errorCode: fc.constantFrom(undefined, 'AccessDenied', 'Throttling'),
});

describe('EventBridge patterns', () => {
  test('deliver every event that a rule would hit, and read events only where they are asked for', () => {
    let hits = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(selection, selection, selection, condition), { minLength: 1, maxLength: 3 }),
        fc.array(event, { maxLength: 10 }),
        (drafts, events) => {
          const rules = drafts.flatMap(([a, b, c, text], index) => {
            const detection = `  ${JSON.stringify({ a, b, c })
              .slice(1, -1)
              .replaceAll(/"([abc])":\{/g, '\n  $1: {')
              .replaceAll('},\n', '}\n')
              .trim()}\n  condition: ${text}`;
            const compiled = compileRuleFile(ruleText(detection).replace('00000001', `0000000${index}`), 'r.yml');
            expect(compiled.problems).toEqual([]);
            return compiled.rules;
          });
          const patterns = compileEventPatterns(rules);
          const { evaluate } = createEvaluator(rules);
          for (const { errorCode, ...rest } of events) {
            const detail: JsonObject = errorCode === undefined ? rest : { ...rest, errorCode };
            const envelope = { source: 'aws.iam', 'detail-type': 'AWS API Call via CloudTrail', detail };
            const open = patterns.filter((each) => delivers(each.pattern, envelope));
            const arrives = open.some((each) => each.readEvents || !isReadEventName(rest.eventName));
            for (const hit of evaluate(detail).hits) {
              hits += 1;
              expect(arrives).toBe(true);
              expect(open.some((each) => each.ruleIds.includes(hit.id))).toBe(true);
            }
            expect(patterns.some((each) => delivers(each.pattern, { ...envelope, source: 'my.app' }))).toBe(false);
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(hits).toBeGreaterThan(100);
  });
});
