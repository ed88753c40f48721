import { describe, expect, test } from 'vitest';
import { compileRuleFile } from '../../../shared/rules/compile/compile-rule-file.ts';
import { compileRuleFiles } from '../../../shared/rules/compile/compile-rule-files.ts';
import { ruleText } from './rule-text.ts';

function problemsOf(text: string): string[] {
  return compileRuleFile(text, 'r.yml').problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** Detection bodies begin on line 7. */
const cases: readonly { name: string; detection: string; problem: string }[] = [
  {
    name: 'an unknown modifier',
    detection: '  selection:\n    a|starts_with: x\n  condition: selection',
    problem: '8:5 there is no modifier `starts_with`: write `startswith`',
  },
  {
    name: 'bytes that no text can hold',
    detection: '  selection:\n    a|wide: x\n  condition: selection',
    problem: '8:5 `wide` gives bytes, which no JSON text holds: add `base64offset|contains` or leave it out',
  },
  {
    name: 'transformations in the wrong order',
    detection: '  selection:\n    a|base64|wide: x\n  condition: selection',
    problem: '8:5 write the modifiers in the order `wide|base64`',
  },
  {
    name: 'a wildcard to be encoded',
    detection: "  selection:\n    a|base64: 'x*'\n  condition: selection",
    problem: '8:15 `base64` cannot encode a wildcard: escape it with a backslash',
  },
  {
    name: 'a placeholder without a list',
    detection: "  selection:\n    a|expand: '%Servers%'\n  condition: selection",
    problem: '8:15 the placeholder `%Servers%` has no values: add the list `Servers` under `lists` in rescind.yaml',
  },
  {
    name: 'an hour that no day has',
    detection: '  selection:\n    a|hour: 24\n  condition: selection',
    problem: '8:13 `hour` takes a whole number from 0 to 23',
  },
  {
    name: 'more dashes than can be permuted',
    detection: "  selection:\n    a|windash: '-a -b -c -d -e'\n  condition: selection",
    problem: '8:16 `windash` makes more than 1000 texts of this value: write fewer dashes or shorter lists',
  },
  {
    name: 'a modifier that stands twice',
    detection: '  selection:\n    a|all|all: [x, y]\n  condition: selection',
    problem: '8:5 the modifier `all` stands twice',
  },
  {
    name: 'a negated presence',
    detection: '  selection:\n    a|exists|neq: true\n  condition: selection',
    problem: '8:5 `neq` has no meaning together with `exists`: leave it out',
  },
  {
    name: 'two relations at once',
    detection: '  selection:\n    a|startswith|endswith: x\n  condition: selection',
    problem: '8:5 `startswith` and `endswith` exclude each other: write one, or wildcards',
  },
  {
    name: 'a relation on a regular expression',
    detection: '  selection:\n    a|re|contains: x\n  condition: selection',
    problem: '8:5 `contains` has no meaning together with `re`: leave it out',
  },
  {
    name: 'regex flags without a regex',
    detection: '  selection:\n    a|i: x\n  condition: selection',
    problem: '8:5 `i` goes with `re` only: write `re|i`',
  },
  {
    name: 'a regular expression that needs backtracking',
    detection: "  selection:\n    a|re: '(a)\\1'\n  condition: selection",
    problem: '8:11 not a regular expression that RE2 takes: error parsing regexp: invalid escape sequence: `\\1`',
  },
  {
    name: 'a range that is none',
    detection: '  selection:\n    a|cidr: 10.0.0.0/33\n  condition: selection',
    problem: '8:13 `10.0.0.0/33` is no address range: write one such as 10.0.0.0/8',
  },
  {
    name: 'exists of something else',
    detection: '  selection:\n    a|exists: maybe\n  condition: selection',
    problem: '8:15 `exists` takes true or false',
  },
  {
    name: 'a map as a value',
    detection: '  selection:\n    a:\n      b: 1\n  condition: selection',
    problem:
      '9:7 a value is a text, a number, true, false or null: write what is deeper as a path, `outer.inner: value`',
  },
  {
    name: 'an empty list of values',
    detection: '  selection:\n    a: []\n  condition: selection',
    problem: '8:8 the list of `a` is empty: write at least one value',
  },
  {
    name: 'a path with an empty part',
    detection: '  selection:\n    a..b: 1\n  condition: selection',
    problem: '8:5 `a..b` has an empty part: write a path such as `userIdentity.type`',
  },
  {
    name: 'a condition that names no selection',
    detection: '  selection: {a: 1}\n  condition: selection and not filter',
    problem: '8:32 there is no selection `filter`: there are selection',
  },
  {
    name: 'a pattern that names no selection',
    detection: '  selection: {a: 1}\n  condition: 1 of sel_*',
    problem: '8:19 no selection matches `sel_*`: there are selection',
  },
  {
    name: 'two selections with nothing between them',
    detection: '  a: {a: 1}\n  b: {a: 1}\n  condition: a b',
    problem: '9:16 expected `and` or `or`, found `b`',
  },
  {
    name: 'an open parenthesis',
    detection: '  a: {a: 1}\n  condition: (a',
    problem: '8:16 expected `)`',
  },
  {
    name: 'a condition that ends early',
    detection: "  a: {a: 1}\n  condition: 'a and'",
    problem: '8:20 the condition ends where a selection is expected',
  },
  {
    name: 'a count that Sigma does not have',
    detection: '  a: {a: 1}\n  condition: 2 of them',
    problem: '8:14 `2 of` is not Sigma: write `1 of` or `all of`',
  },
  {
    name: 'a pattern without a quantifier',
    detection: '  a: {a: 1}\n  condition: a*',
    problem: '8:14 write `1 of a*` or `all of a*`',
  },
  {
    name: 'a missing condition',
    detection: '  selection: {a: 1}',
    problem: '7:3 `detection` has no `condition`: write for example `condition: selection`',
  },
  {
    name: 'the same selection twice',
    detection: '  a: {a: 1}\n  a: {b: 1}\n  condition: a',
    problem: '8:3 not valid YAML: this key stands twice in one map: leave one out, or join their values',
  },
];

describe('a rule that cannot mean what it says is refused by place, with what to write instead', () => {
  test.each(cases)('$name', ({ detection, problem }) => {
    const { rules, problems } = compileRuleFile(ruleText(detection), 'r.yml');
    expect(rules).toEqual([]);
    expect(problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([problem]);
  });

  const detection = '  a: {a: 1}\n  condition: a';
  test.each([
    [
      'rescind:\n  subjct: actor\n',
      '11:3 there is no `rescind.subjct`: there are subject, only, respond, needs, tests',
    ],
    ['rescind:\n  subject: boss\n', '11:12 `subject` is one of actor, session, target-user, target-role, resource'],
    ['rescind:\n  respond: Contain It\n', '11:12 `respond` is the name of a playbook such as `contain` or `alert`'],
    ['rescind:\n  needs: everything\n', '11:10 `needs` takes `read-events`'],
    ['rescind:\n  tests:\n    - {name: x, event: {}}\n', '12:7 a test says `match: true` or `match: false`'],
    ['rescind:\n  tests:\n    - {name: x, match: true}\n', '12:7 a test has either `event` or `events`'],
    ['rescind:\n  tests:\n    - {name: x, match: true, event: 1}\n', '12:37 an event is a CloudTrail record'],
  ])('%s', (more, problem) => {
    expect(problemsOf(ruleText(detection, more))).toEqual([problem]);
  });

  test('a rule for another product', () => {
    expect(problemsOf(ruleText(detection).replace('aws', 'windows'))).toEqual([
      '4:12 a rule for windows, and CloudTrail is all that is read here: write `logsource: {product: aws, service: cloudtrail}`',
    ]);
  });

  test('a rule for CloudTrail may leave out one of product and service', () => {
    expect(problemsOf(ruleText(detection).replace('  product: aws\n', ''))).toEqual([]);
    expect(problemsOf(ruleText(detection).replace('  service: cloudtrail\n', ''))).toEqual([]);
    expect(problemsOf(ruleText(detection).replace('  product: aws\n', '').replace('cloudtrail', 'sshd'))).toEqual([
      '4:12 a rule for sshd, and CloudTrail is all that is read here: write `logsource: {product: aws, service: cloudtrail}`',
    ]);
    expect(
      problemsOf(ruleText(detection).replace('product: aws\n  service: cloudtrail', 'category: process_creation')),
    ).toEqual([
      '3:1 a rule for another log, and CloudTrail is all that is read here: write `logsource: {product: aws, service: cloudtrail}`',
    ]);
  });

  test('an action document, by name', () => {
    expect(problemsOf('title: x\naction: global\n')).toEqual([
      '2:1 `action` documents are of the first Sigma: write each rule out, or a `filter` document',
    ]);
  });

  test('all problems of a file come at once, and its sound documents still give rules', () => {
    const sound = ruleText(detection);
    const broken = ruleText('  a:\n    x|foo: 1\n    y|foo: 2\n  condition: a and b', 'rescind:\n  only: 1\n');
    const { rules, problems } = compileRuleFile(`${broken}---\n${sound}`, 'r.yml');
    expect(rules.map((rule) => rule.header.id)).toEqual(['00000000-0000-4000-8000-000000000001']);
    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [13, 9],
      [8, 5],
      [9, 5],
      [10, 20],
    ]);
  });

  test('YAML that does not end is reported where it breaks', () => {
    const { rules, problems } = compileRuleFile('title: "open\nlevel: high', 'r.yml');
    expect(rules).toEqual([]);
    expect(problems[0]).toMatchObject({ file: 'r.yml', line: 2 });
  });

  test('aliases that grow without end are refused, not expanded', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let index = 1; index < 9; index += 1) {
      lines.push(`a${index}: &a${index} [${Array.from({ length: 10 }, () => `*a${index - 1}`).join(', ')}]`);
    }
    expect(problemsOf(lines.join('\n'))).toEqual([
      '1:1 the document is nested too deep or grows too large through its aliases',
    ]);
  });

  test('an alias of nothing is named', () => {
    expect(problemsOf(ruleText('  a: {a: *nobody}\n  condition: a'))).toEqual([
      '7:10 nothing before this bears the anchor `&nobody`: write the value itself',
    ]);
  });

  test('a file that is no YAML is one problem, and a tab is named', () => {
    expect(problemsOf('# A title\n\nSome prose, and `code`.\n\n* a: list\n* of: [things\n')).toHaveLength(1);
    expect(problemsOf('title: x\ndetection:\n\ta: {b: 1}\n')).toEqual([
      '3:1 not valid YAML: a tab as indentation: write spaces',
    ]);
  });

  test('what public rules write and everybody reads is taken: a level in capitals, an empty id', () => {
    const text = ruleText(detection)
      .replace('level: high', 'level: High')
      .replace(/^id: .*$/m, 'id:');
    const { rules, problems } = compileRuleFile(text, 'public/r.yml');
    expect(problems).toEqual([]);
    expect(rules[0]?.header).toMatchObject({ level: 'high', id: 'public/r.yml' });
  });

  test('an empty file says so', () => {
    expect(problemsOf('# nothing\n')).toEqual(['1:1 the file holds no rule']);
  });

  test('an id used twice is reported at the second rule, and both rules stay', () => {
    const { rules, problems } = compileRuleFiles([
      { file: 'a.yml', text: ruleText(detection) },
      { file: 'b.yml', text: ruleText(detection) },
    ]);
    expect(rules.map((rule) => rule.header.file)).toEqual(['a.yml', 'b.yml']);
    expect(problems).toEqual([
      {
        file: 'b.yml',
        line: 2,
        column: 1,
        message: 'the id 00000000-0000-4000-8000-000000000001 is also that of a rule in a.yml: write a new one',
      },
    ]);
  });
});
