import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { compileRuleFile } from '../../../shared/rules/compile/compile-rule-file.ts';
import { correlateAll } from '../../../shared/rules/correlate/correlate-all.ts';
import { createCorrelator } from '../../../shared/rules/correlate/create-correlator.ts';
import { createEvaluator } from '../../../shared/rules/evaluate/create-evaluator.ts';
import { ruleText } from './rule-text.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const counting = (condition: string, timeframe = '\n  timeframe: 10m'): string =>
  ruleText(`  a: {eventName|startswith: List}${timeframe}\n  condition: ${condition}`);
const problemsOf = (text: string): string[] =>
  compileRuleFile(text, 'r.yml').problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

type Step = readonly [minute: number, more: JsonObject];

function found(text: string, steps: readonly Step[]): string[] {
  const { rules, problems } = compileRuleFile(text, 'r.yml');
  expect(problems).toEqual([]);
  const { evaluate } = createEvaluator(rules);
  const correlator = createCorrelator(rules);
  const marks = steps.flatMap(([minute, more], index) => {
    const eventTime = new Date(Date.UTC(2026, 10, 21, 12, minute)).toISOString();
    const record = {
      eventID: `e-${index}`,
      eventTime,
      eventSource: 'iam.amazonaws.com',
      eventName: 'ListUsers',
      ...more,
    };
    const { hits, matches } = evaluate(record);
    expect(hits).toEqual([]);
    return correlator.marksOf(record, matches);
  });
  return correlateAll(correlator, marks).map(({ correlationId, events }) => `${correlationId} ${events.join()}`);
}

const eve = { userIdentity: { arn: 'eve' } };
const bob = { userIdentity: { arn: 'bob' } };

describe('an old count', () => {
  test('is a correlation under the id of the rule: more than so many, of one group, in the time', () => {
    const text = counting('a | count() by userIdentity.arn > 2');
    expect(
      found(text, [
        [0, eve],
        [1, eve],
        [2, bob],
        [3, eve],
      ]),
    ).toEqual([`${ID} e-0,e-1,e-3`]);
    expect(
      found(text, [
        [0, eve],
        [1, eve],
        [2, bob],
      ]),
    ).toEqual([]);
    expect(
      found(text, [
        [0, eve],
        [1, eve],
        [11, eve],
      ]),
    ).toEqual([]);
  });

  test('without a group counts everybody together', () => {
    const steps: Step[] = [
      [0, eve],
      [1, bob],
      [2, eve],
    ];
    expect(found(counting('a | count() >= 3'), steps)).toHaveLength(1);
    expect(found(counting('a | count() > 3'), steps)).toEqual([]);
  });

  test('of a field counts its different values', () => {
    const text = counting('a | count(eventName) by userIdentity.arn > 1');
    expect(
      found(text, [
        [0, eve],
        [1, eve],
      ]),
    ).toEqual([]);
    expect(
      found(text, [
        [0, eve],
        [1, { ...eve, eventName: 'ListRoles' }],
      ]),
    ).toHaveLength(1);
  });

  test('keeps the rest of its condition, and takes a timeframe that stands beside the detection', () => {
    const text = ruleText(
      '  a: {eventName|startswith: List}\n  b: {userIdentity.arn: bob}\n  condition: (a and not b) | count() > 1',
      'timeframe: 5m\n',
    );
    expect(
      found(text, [
        [0, eve],
        [1, bob],
      ]),
    ).toEqual([]);
    expect(
      found(text, [
        [0, eve],
        [1, eve],
      ]),
    ).toHaveLength(1);
  });

  test('is told to be old, and where', () => {
    const { warnings } = compileRuleFile(counting('a | count() > 3'), 'r.yml');
    expect(warnings).toEqual([
      {
        file: 'r.yml',
        line: 9,
        column: 16,
        message: 'an old `| count` is read as a correlation: a `correlation` document says the same to every tool',
      },
    ]);
  });

  test('is narrowed by a filter that names it', () => {
    const text = counting('a | count() > 1');
    const filter =
      'title: f\nid: f\nlogsource: {product: aws, service: cloudtrail}\n' +
      `filter: {rules: [${ID}], s: {userIdentity.arn: bob}, condition: not s}\n`;
    const steps: Step[] = [
      [0, eve],
      [1, bob],
    ];
    expect(found(text, steps)).toHaveLength(1);
    expect(found(`${text}---\n${filter}`, steps)).toEqual([]);
  });

  test.each([
    [
      'a | count() > 5',
      '',
      '8:16 `| count` needs a `timeframe` in `detection`, such as `timeframe: 10m`: without one it counts for ever',
    ],
    ['a | count() > 5', '\n  timeframe: soon', '8:14 `timeframe` is a number and one of s, m, h, d, such as 90m'],
  ])('%s with the timeframe "%s" is refused', (condition, timeframe, problem) => {
    expect(problemsOf(counting(condition, timeframe))).toEqual([problem]);
  });

  test.each([
    [
      'a | count() < 5',
      '`count` with `<` is true of some part of every stream: write a `correlation` document with the bounds you mean',
    ],
    [
      'a | near b',
      '`| near` is not understood: give each selection a rule of its own, and join them by a `correlation` document of type temporal',
    ],
    [
      'a | min(size) > 5',
      '`| min` is not understood: write a `correlation` document of type value_percentile with `percentile: 0`',
    ],
    [
      'a | max(size) by user > 5',
      '`| max` is not understood: write a `correlation` document of type value_percentile with `percentile: 100`',
    ],
    ['a | avg(size) > 5', '`| avg` is not understood: write a `correlation` document of type value_avg'],
    ['a | sum(size) > 5', '`| sum` is not understood: write a `correlation` document of type value_sum'],
    [
      'a | count() by user, size > 5',
      'after `|` there is `count() by FIELD > NUMBER` or `count(FIELD) by FIELD > NUMBER`: anything else is a `correlation` document',
    ],
    [
      'a | sort',
      'after `|` there is `count() by FIELD > NUMBER` or `count(FIELD) by FIELD > NUMBER`: anything else is a `correlation` document',
    ],
  ])('%s is refused by name, with what to write', (condition, message) => {
    expect(problemsOf(counting(condition))).toEqual([`9:16 ${message}`]);
  });

  test('is no alternative among others', () => {
    expect(problemsOf(counting('[a, a | count() > 5]', ''))).toEqual([
      '8:20 an aggregation after `|` can only follow the one condition of a rule: write a `correlation` document',
    ]);
  });
});

test('count(*) counts events, as count() does', () => {
  const steps = [1, 2, 3].map((minute): Step => [minute, eve]);
  expect(found(counting('a | count(*) by userIdentity.arn > 2'), steps)).toEqual([`${ID} e-0,e-1,e-2`]);
});
