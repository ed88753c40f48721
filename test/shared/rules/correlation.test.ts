import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { compileRuleFile } from '../../../shared/rules/compile/compile-rule-file.ts';
import { correlateAll } from '../../../shared/rules/correlate/correlate-all.ts';
import { createCorrelator } from '../../../shared/rules/correlate/create-correlator.ts';
import { createEvaluator } from '../../../shared/rules/evaluate/create-evaluator.ts';

const logsource = 'logsource: {product: aws, service: cloudtrail}';
const base = (name: string, eventName: string): string =>
  `title: ${name}\nid: id-${name}\nname: ${name}\n${logsource}\ndetection: {a: {eventName: ${eventName}}, condition: a}\n`;
const failed = base('failed', 'Fail');
const worked = base('worked', 'Work');
const key = base('key', 'Key');

function correlation(body: string, name = 'c'): string {
  return `title: ${name}\nid: id-${name}\nname: ${name}\ncorrelation:\n  ${body.trim().split('\n').join('\n  ')}\nlevel: high\n`;
}

type Step = readonly [eventName: string, user: string, seconds: number, more?: JsonObject];

/** What the rules find in these events: the correlation, its group and its events by number. */
function run(text: string, steps: readonly Step[], order = steps.map((_, index) => index)): string[] {
  const { rules, problems } = compileRuleFile(text, 'r.yml');
  expect(problems).toEqual([]);
  const { evaluate } = createEvaluator(rules);
  const correlator = createCorrelator(JSON.parse(JSON.stringify(rules)));
  expect(correlator.faults).toEqual([]);
  const marks = order.flatMap((index) => {
    const [eventName, user, seconds, more] = steps[index] ?? ['', '', 0];
    const eventTime = new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
    const record = { eventID: String(index), eventName, eventSource: 's', eventTime, user, ...more };
    return correlator.marksOf(record, evaluate(record).matches);
  });
  return correlateAll(correlator, marks).map(
    ({ correlationId, group, events }) => `${correlationId} ${group} ${events.join()}`,
  );
}

const fails = (user: string, ...times: number[]): Step[] => times.map((time) => ['Fail', user, time]);

describe('event_count', () => {
  const text = [
    failed,
    correlation('type: event_count\nrules: [failed]\ngroup-by: [user]\ntimespan: 1m\ncondition: {gte: 3}'),
  ].join('---\n');

  test('comes true when enough events of one group lie in one span, wherever it begins', () => {
    expect(run(text, [...fails('eve', 50, 70, 110), ...fails('bob', 50, 51)])).toEqual(['id-c ["eve"] 0,1,2']);
  });

  test('does not when they lie further apart, or in different groups', () => {
    expect(run(text, [...fails('eve', 0, 30, 61), ...fails('bob', 1)])).toEqual([]);
  });

  test('counts the span to the second', () => {
    expect(run(text, fails('eve', 0, 30, 60))).toHaveLength(1);
  });

  test('counts an event once, however often it is delivered', () => {
    expect(run(text, fails('eve', 0, 1), [0, 1, 0, 1, 1])).toEqual([]);
  });

  test('is one finding for a burst', () => {
    const burst = Array.from({ length: 40 }, (_, index) => index);
    expect(run(text, fails('eve', ...burst))).toEqual(['id-c ["eve"] 0,1,2']);
  });

  test('leaves out events that lack the field of the group', () => {
    const steps = fails('eve', 0, 1, 2).map(([name, , time]): Step => [name, '', time, { user: null }]);
    expect(run(text, steps)).toEqual([]);
  });

  test('takes ranges', () => {
    const range = text.replace('{gte: 3}', '{gt: 1, lte: 2}');
    expect(run(range, fails('eve', 0, 100))).toEqual([]);
    expect(run(range, fails('eve', 0, 10))).toEqual(['id-c ["eve"] 0,1']);
  });
});

describe('value correlations', () => {
  const of = (type: string, condition: string): string =>
    [
      failed,
      correlation(`type: ${type}\nrules: [failed]\ngroup-by: [user]\ntimespan: 1h\ncondition: ${condition}`),
    ].join('---\n');
  const sizes = (...values: (number | string)[]): Step[] =>
    values.map((size, index) => ['Fail', 'eve', index, { size }]);

  test.each([
    ['value_count', '{field: size, gte: 3}', ['a', 'b', 'a', 'c'], ['a', 'b', 'a', 'b']],
    ['value_sum', '{field: size, gt: 100}', [60, 41], [60, 40]],
    ['value_avg', '{field: size, gte: 50}', [10, 90, 50], [10, 20, 30]],
    ['value_percentile', '{field: size, percentile: 90, gt: 8}', [9], [1, 2, 3, 4, 5, 6, 7, 8]],
  ])('%s %s', (type, condition, hit, miss) => {
    expect(run(of(type, condition), sizes(...hit))).toHaveLength(1);
    expect(run(of(type, condition), sizes(...miss))).toEqual([]);
  });
});

describe('temporal correlations', () => {
  const of = (type: string, more = ''): string =>
    [
      failed,
      worked,
      key,
      correlation(`type: ${type}\nrules: [failed, worked, key]\ngroup-by: [user]\ntimespan: 5m${more}`),
    ].join('---\n');
  const steps = (...names: string[]): Step[] => names.map((name, index) => [name, 'eve', index * 10]);

  test('temporal needs every rule, in any order', () => {
    expect(run(of('temporal'), steps('Key', 'Fail', 'Work'))).toEqual(['id-c ["eve"] 0,1,2']);
    expect(run(of('temporal'), steps('Key', 'Fail', 'Fail'))).toEqual([]);
  });

  test('temporal_ordered needs them in order, with anything between', () => {
    expect(run(of('temporal_ordered'), steps('Fail', 'Key', 'Work', 'Key'))).toHaveLength(1);
    expect(run(of('temporal_ordered'), steps('Key', 'Work', 'Fail'))).toEqual([]);
  });

  test('a condition may count the rules or join them', () => {
    expect(run(of('temporal', '\ncondition: {gte: 2}'), steps('Key', 'Fail'))).toHaveLength(1);
    expect(run(of('temporal', '\ncondition: failed and not worked'), steps('Fail'))).toHaveLength(1);
    expect(run(of('temporal', '\ncondition: failed and worked'), steps('Fail', 'Key'))).toEqual([]);
  });

  test('correlations can be joined by correlations', () => {
    const text = [
      failed,
      worked,
      correlation('type: event_count\nrules: [failed]\ngroup-by: [user]\ntimespan: 1m\ncondition: {gte: 3}', 'many'),
      correlation('type: temporal_ordered\nrules: [many, worked]\ngroup-by: [user]\ntimespan: 10m', 'then'),
    ].join('---\n');
    const broken: Step[] = [...fails('eve', 0, 1), ['Work', 'eve', 20]];
    const entered: Step[] = [...fails('eve', 0, 1, 2), ['Work', 'eve', 20], ['Work', 'bob', 21]];
    expect(run(text, broken)).toEqual([]);
    expect(run(text, entered).map((line) => line.split(' ')[0])).toEqual(['id-many', 'id-then']);
  });

  test('an alias groups different fields of different rules', () => {
    const text = [
      worked,
      key,
      correlation(
        'type: temporal\nrules: [worked, key]\ngroup-by: [who]\ntimespan: 5m\naliases:\n  who:\n    worked: made\n    key: used',
      ),
    ].join('---\n');
    const made: Step = ['Work', 'x', 0, { made: 'AKIA1' }];
    expect(run(text, [made, ['Key', 'y', 1, { used: 'AKIA1' }]])).toEqual(['id-c ["AKIA1"] 0,1']);
    expect(run(text, [made, ['Key', 'y', 1, { used: 'AKIA2' }]])).toEqual([]);
  });
});

describe('the same events', () => {
  const text = [
    failed,
    worked,
    correlation('type: event_count\nrules: [failed]\ngroup-by: [user]\ntimespan: 10s\ncondition: {gte: 3}', 'many'),
    correlation(
      'type: value_count\nrules: [failed]\ngroup-by: [user]\ntimespan: 20s\ncondition: {field: size, gte: 2}',
      'values',
    ),
    correlation('type: temporal_ordered\nrules: [many, worked]\ngroup-by: [user]\ntimespan: 30s', 'then'),
  ].join('---\n');

  test('in any order and any number of times give the same findings', () => {
    const step = fc.tuple(
      fc.constantFrom('Fail', 'Fail', 'Work'),
      fc.constantFrom('eve', 'bob'),
      fc.integer({ min: 0, max: 60 }),
      fc.record({ size: fc.integer({ min: 0, max: 3 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), fc.infiniteStream(fc.nat()), (steps, random) => {
        const straight = run(text, steps);
        const shuffled = steps
          .flatMap((_, index) => [index, index])
          .map((index) => ({ index, at: random.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ index }) => index);
        expect(run(text, steps, shuffled)).toEqual(straight);
      }),
      { numRuns: 200 },
    );
  });
});

describe('rules that a correlation is made of', () => {
  const text = (generate: string): string =>
    [
      failed,
      correlation(`type: event_count\nrules: [failed]\ngroup-by: [user]\ntimespan: 1m\ncondition: {gte: 3}${generate}`),
    ].join('---\n');
  const record = { eventID: '1', eventName: 'Fail', eventSource: 's' };

  test('raise nothing of their own', () => {
    const { evaluate, faults } = createEvaluator(compileRuleFile(text(''), 'r.yml').rules);
    expect(faults).toEqual([]);
    expect(evaluate(record)).toMatchObject({ hits: [], matches: [{ id: 'id-failed' }] });
  });

  test('do so where it says generate', () => {
    const { evaluate } = createEvaluator(compileRuleFile(text('\ngenerate: true'), 'r.yml').rules);
    expect(evaluate(record)).toMatchObject({ hits: [{ id: 'id-failed' }] });
  });
});

describe('a correlation that cannot mean what it says is refused', () => {
  const problems = (text: string): string[] =>
    compileRuleFile(text, 'r.yml').problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  const count = (more: string): string =>
    `type: event_count\nrules: [failed]\ntimespan: 1m\ncondition: {gte: 3}\n${more}`;

  test.each([
    [
      'an unknown type',
      correlation('type: count\nrules: [failed]'),
      '5:9 `type` is one of event_count, value_count, temporal, temporal_ordered, value_sum, value_avg, value_percentile',
    ],
    [
      'an unknown rule',
      correlation(count('').replace('failed', 'nobody')),
      '6:11 there is no rule `nobody` here: write the id or name of one that compiles',
    ],
    [
      'a span without a unit',
      correlation(count('').replace('1m', '60')),
      '7:13 `timespan` is a number and one of s, m, h, d, such as 90m',
    ],
    [
      'a bound that is none',
      correlation(count('').replace('gte', 'min')),
      '8:15 `min` is not understood here: there are field (a name), percentile (0 to 100) and gt, gte, lt, lte, eq, neq (numbers)',
    ],
    [
      'an unknown key',
      correlation(count('window: 5')),
      '9:3 there is no `correlation.window`: there are type, rules, group-by, timespan, condition, aliases, generate',
    ],
    [
      'a value without a field',
      correlation(count('').replace('event', 'value')),
      '8:14 `value_count` needs `field` in its condition',
    ],
    [
      'an alias of a strange rule',
      correlation(count('group-by: [who]\naliases: {who: {other: x, failed: y}}')),
      '10:19 `other` is none of the rules of this correlation',
    ],
    [
      'the same of an alias that nothing uses',
      correlation(count('aliases: {who: {other: x}}')),
      '9:19 `other` is none of the rules of this correlation',
    ],
    [
      'an alias that is counted',
      correlation(
        'type: value_count\nrules: [failed]\ntimespan: 1m\ncondition: {field: who, gte: 2}\naliases: {who: {failed: user}}',
      ),
      '5:3 `field: who` is an alias, which only `group-by` takes: write a field of the events',
    ],
    [
      'a rule that stands twice',
      correlation('type: temporal_ordered\nrules: [failed, failed]\ntimespan: 1m'),
      '6:19 `failed` stands twice among the rules: one event would be both of them',
    ],
  ])('%s', (_, text, problem) => {
    expect(problems(`${text}---\n${failed}`)).toContain(problem);
  });

  test('a circle', () => {
    const a = correlation('type: temporal\nrules: [b]\ntimespan: 1m', 'a');
    const b = correlation('type: temporal\nrules: [a]\ntimespan: 1m', 'b');
    expect(problems(`${a}---\n${b}`)[0]).toBe('6:11 `b` correlates this rule in turn: a circle never comes true');
  });

  test('a group that a joined correlation does not have', () => {
    const many = correlation(
      'type: event_count\nrules: [failed]\ngroup-by: [user]\ntimespan: 1m\ncondition: {gte: 3}',
      'many',
    );
    const then = correlation('type: temporal\nrules: [many]\ngroup-by: [ip]\ntimespan: 1m', 'then');
    expect(problems(`${failed}---\n${many}---\n${then}`)[0]).toContain(
      '`many` is not grouped by `ip`: add it to its `group-by`',
    );
  });

  test('while a title is taken, with a warning', () => {
    const { rules, problems, warnings } = compileRuleFile(
      `${failed.replace('title: failed', 'title: A failure').replace('name: failed\n', '')}---\n${correlation(count('').replace('failed', 'A failure'))}`,
      'r.yml',
    );
    expect(problems).toEqual([]);
    expect(rules).toHaveLength(2);
    expect(warnings.map(({ message }) => message)).toEqual([
      'a rule is referred to by its title: write its id id-failed',
    ]);
    const nameless = failed.replace(/id: .*\nname: .*\n/, '');
    expect(compileRuleFile(`${nameless}---\n${correlation(count(''))}`, 'r.yml').warnings).toMatchObject([
      { message: 'a rule is referred to by its title: give it an `id` and write that' },
    ]);
  });
});

describe('a filter', () => {
  const filter = (condition: string, rules = 'failed'): string =>
    `title: f\nid: f\n${logsource}\nfilter:\n  rules: [${rules}]\n  selection: {user: robot}\n  condition: ${condition}\n`;

  test.each([
    ['selects what to leave out', 'selection'],
    ['selects what to keep', 'not selection'],
  ])('%s', (_, condition) => {
    const { rules, problems } = compileRuleFile(`${failed}---\n${filter(condition)}`, 'r.yml');
    expect(problems).toEqual([]);
    const { evaluate } = createEvaluator(rules);
    expect(evaluate({ eventName: 'Fail', user: 'eve' }).hits).toHaveLength(1);
    expect(evaluate({ eventName: 'Fail' }).hits).toHaveLength(1);
    expect(evaluate({ eventName: 'Fail', user: 'robot' }).hits).toHaveLength(0);
  });

  test('counts as well as another of the same id, which a copied file has', () => {
    const person = (user: string): string => filter('selection').replace('robot', user);
    const { rules, problems } = compileRuleFile([failed, person('alice'), person('bob')].join('---\n'), 'r.yml');
    expect(problems).toEqual([]);
    const { evaluate } = createEvaluator(rules);
    const fired = ['alice', 'bob', 'eve'].filter((user) => evaluate({ eventName: 'Fail', user }).hits.length > 0);
    expect(fired).toEqual(['eve']);
  });

  test('may be for every rule', () => {
    const { rules } = compileRuleFile(`${failed}---\n${worked}---\n${filter('selection', 'any')}`, 'r.yml');
    expect(createEvaluator(rules).evaluate({ eventName: 'Work', user: 'robot' }).hits).toEqual([]);
  });

  test('names rules, not the correlation of them', () => {
    const many = correlation('type: event_count\nrules: [failed]\ntimespan: 1m\ncondition: {gte: 3}', 'many');
    const { problems } = compileRuleFile(`${failed}---\n${many}---\n${filter('selection', 'many')}`, 'r.yml');
    expect(problems.map(({ message }) => message)).toEqual([
      '`many` correlates others: a filter names the rules it is made of',
    ]);
  });

  test('for a rule that is not there is a problem', () => {
    const { problems, rules } = compileRuleFile(`${failed}---\n${filter('selection', 'nobody')}`, 'r.yml');
    expect(problems.map(({ message }) => message)).toEqual([
      'there is no rule `nobody` here: write the id or name of one that compiles',
    ]);
    expect(rules).toHaveLength(1);
  });
});
