import { describe, expect, test } from 'vitest';
import { runRuleTests } from '../../../cli/rules/run-rule-tests.ts';
import { compileRuleFile } from '../../../shared/rules/compile/compile-rule-file.ts';
import { NO_POLICY } from '../../../shared/rules/only/no-policy.ts';
import type { OnlyPolicy } from '../../../shared/rules/only/only.ts';

const FINANCE = 'arn:aws:secretsmanager:*:*:secret:finance/*';
const event = (eventTime: string, eventID = 'e-1'): string =>
  JSON.stringify({
    eventID,
    eventTime,
    eventSource: 'secretsmanager.amazonaws.com',
    eventName: 'GetSecretValue',
    awsRegion: 'eu-central-1',
    recipientAccountId: '111122223333',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEVE',
      arn: 'arn:aws:iam::111122223333:user/eve',
      accountId: '111122223333',
      userName: 'eve',
    },
    requestParameters: { secretId: 'finance/ledger' },
  });
const NIGHT = event('2026-11-20T02:00:00Z');

function judged(only: string, tests: readonly string[], policy: OnlyPolicy = NO_POLICY): readonly string[] {
  const {
    rules,
    tests: compiled,
    problems,
  } = compileRuleFile(
    `title: Secret read
id: read
logsource: { product: aws, service: cloudtrail }
detection: { a: { eventSource: secretsmanager.amazonaws.com }, condition: a }
rescind:
  only: ${only}
  tests:
${tests.map((each) => `    - ${each}\n`).join('')}`,
    'r.yml',
  );
  expect(problems).toEqual([]);
  return runRuleTests(rules, compiled, policy).map(({ passed, got }) => `${passed ? 'passed' : 'failed'}: ${got}`);
}

describe('a test of a rule that asks more than its detection', () => {
  test('goes by what it is given, and by nothing of the policy then', () => {
    const policy = { ...NO_POLICY, sensitive: [FINANCE] };
    expect(
      judged(
        '{ outside: business-hours, sensitive: true }',
        [
          `{ name: given, match: true, given: { sensitive: ['${FINANCE}'] }, event: ${NIGHT} }`,
          `{ name: given nothing, match: false, given: {}, event: ${NIGHT} }`,
          `{ name: not given, match: true, event: ${NIGHT} }`,
          `{ name: at noon, match: false, event: ${event('2026-11-20T12:00:00Z')} }`,
          `{ name: at noon in Tokyo, match: true, given: { sensitive: ['${FINANCE}'], schedules: { business-hours: { zone: Asia/Tokyo, days: [fri], hours: '08:00-18:00' } } }, event: ${event('2026-11-20T12:00:00Z')} }`,
        ],
        policy,
      ),
    ).toEqual(['passed: fired', 'passed: stayed silent', 'passed: fired', 'passed: stayed silent', 'passed: fired']);
  });

  test('sees first what no other event of the test brought together before, unless it is given that all was seen', () => {
    const later = event('2026-11-20T03:00:00Z', 'e-2');
    expect(
      judged('{ first-seen: [actor, resource] }', [
        `{ name: new, match: true, event: ${NIGHT} }`,
        `{ name: twice, match: true, events: [${NIGHT}, ${NIGHT}] }`,
        `{ name: in the other order, match: true, events: [${later}, ${NIGHT}] }`,
        `{ name: seen, match: false, given: { seen: true }, event: ${NIGHT} }`,
      ]),
    ).toEqual(['passed: fired', 'passed: fired', 'passed: fired', 'passed: stayed silent']);
  });

  test('says why its rule stayed silent when a change was announced', () => {
    const window = "{ name: release, ticket: CHG-1, from: '2026-11-20T01:00Z', to: '2026-11-20T03:00Z' }";
    expect(
      judged('{ outside-change-window: true }', [
        `{ name: in the release, match: true, given: { change-windows: [${window}] }, event: ${NIGHT} }`,
      ]),
    ).toEqual(['failed: stayed silent: change window release (CHG-1)']);
  });

  test('fails by name where its rule could not be loaded', () => {
    expect(judged('{ outside: night-shift }', [`{ name: x, match: false, event: ${NIGHT} }`])).toEqual([
      'failed: could not be loaded: there is no schedule night-shift in the policy',
    ]);
  });
});

test('what a test is given is checked as rescind.yaml is, at its place', () => {
  const text = (given: string): string =>
    `title: t\nid: t\nlogsource: {product: aws, service: cloudtrail}\ndetection: {a: {b: c}, condition: a}\nrescind:\n  tests:\n    - {name: n, match: true, event: {}, given: ${given}}\n`;
  const problemsOf = (given: string): readonly string[] =>
    compileRuleFile(text(given), 'r.yml').problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  expect(problemsOf('{schedules: {s: {zone: Zurich, days: [mon], hours: "08:00-18:00"}}}')).toEqual([
    '7:71 `given`: "Zurich" is not a time zone: did you mean Europe/Zurich?',
  ]);
  expect(problemsOf('{sensitiv: []}')).toEqual(['7:48 `given`: unknown key: did you mean sensitive?']);
});
