import { describe, expect, test } from 'vitest';
import { compileRuleFile } from '../../../shared/rules/compile/compile-rule-file.ts';
import { compileEventPatterns } from '../../../shared/rules/event-patterns.ts';
import type { CompiledRule } from '../../../shared/rules/rule.ts';
import { ruleText } from './rule-text.ts';

function rulesOf(...detections: string[]): CompiledRule[] {
  return detections.flatMap((detection, index) => {
    const id = `rule-${index + 1}`;
    const { rules, problems } = compileRuleFile(
      ruleText(detection).replace('00000000-0000-4000-8000-000000000001', id),
      `${id}.yml`,
    );
    expect(problems).toEqual([]);
    return rules;
  });
}

const iam = { 'equals-ignore-case': 'iam.amazonaws.com' };
const called = (name: string) => ({ 'equals-ignore-case': name });
const summary = (rules: readonly CompiledRule[]) =>
  compileEventPatterns(rules).map(({ name, pattern, readEvents, ruleIds }) => ({
    name,
    detail: pattern.detail,
    readEvents,
    ruleIds,
  }));

describe('EventBridge patterns', () => {
  test('pin the source to AWS and the detail-type to CloudTrail', () => {
    const [pattern] = compileEventPatterns(rulesOf('  a: {eventName: CreateUser}\n  condition: a'));
    expect(pattern?.pattern).toEqual({
      source: [{ prefix: 'aws.' }],
      'detail-type': [
        'AWS API Call via CloudTrail',
        'AWS Console Sign In via CloudTrail',
        'AWS Service Event via CloudTrail',
        'AWS Console Action via CloudTrail',
      ],
      detail: { eventName: [{ 'equals-ignore-case': 'createuser' }] },
    });
  });

  test('are grouped by service, reads apart, whatever the case in the rules', () => {
    const rules = rulesOf(
      '  a: {eventSource: iam.amazonaws.com, eventName: [CreateUser, ListUsers]}\n  condition: a',
      '  a: {eventSource: IAM.amazonaws.com, eventName: createuser}\n  condition: a',
      '  a: {eventSource: sts.amazonaws.com, eventName: GetFederationToken}\n  condition: a',
    );
    expect(summary(rules)).toEqual([
      {
        name: 'iam',
        detail: { eventSource: [iam], eventName: [called('createuser')] },
        readEvents: false,
        ruleIds: ['rule-1', 'rule-2'],
      },
      {
        name: 'iam-reads',
        detail: { eventSource: [iam], eventName: [called('listusers')] },
        readEvents: true,
        ruleIds: ['rule-1'],
      },
      {
        name: 'sts',
        detail: {
          eventSource: [{ 'equals-ignore-case': 'sts.amazonaws.com' }],
          eventName: [called('getfederationtoken')],
        },
        readEvents: false,
        ruleIds: ['rule-3'],
      },
    ]);
  });

  test('narrow on what every branch of the condition implies', () => {
    const rules = rulesOf(
      '  src: {eventSource: iam.amazonaws.com}\n  x: {eventName: CreateUser}\n  y: {eventName: DeleteUser}\n  no: {eventName: CreateUser}\n  condition: src and (x or y) and not no',
    );
    expect(summary(rules)).toEqual([
      {
        name: 'iam',
        detail: { eventSource: [iam], eventName: [called('createuser'), called('deleteuser')] },
        readEvents: false,
        ruleIds: ['rule-1'],
      },
    ]);
  });

  test('stay open where one branch implies nothing, and then swallow the narrower ones of the service', () => {
    const rules = rulesOf(
      '  a: {eventSource: iam.amazonaws.com, eventName: CreateUser}\n  condition: a',
      '  a: {eventSource: iam.amazonaws.com}\n  x: {eventName: CreateUser}\n  y: {sourceIPAddress: 198.51.100.1}\n  condition: a and (x or y)',
    );
    expect(summary(rules)).toEqual([
      { name: 'iam-reads', detail: { eventSource: [iam] }, readEvents: true, ruleIds: ['rule-2', 'rule-1'] },
    ]);
  });

  test('become one for everything, with reads, when a rule names no event at all', () => {
    const rules = rulesOf(
      '  a: {eventSource: iam.amazonaws.com, eventName: CreateUser}\n  condition: a',
      '  a: {sourceIPAddress: 198.51.100.1}\n  condition: a',
    );
    expect(summary(rules)).toEqual([
      { name: 'any-reads', detail: undefined, readEvents: true, ruleIds: ['rule-2', 'rule-1'] },
    ]);
  });

  test('use prefix and suffix for wildcards, and leave open what EventBridge cannot say without regard to case', () => {
    const rules = rulesOf(
      '  a: {eventSource: iam.amazonaws.com, eventName|startswith: Put}\n  condition: a',
      '  a: {eventSource: s3.amazonaws.com, eventName|endswith: Policy}\n  condition: a',
      "  a: {eventSource: ec2.amazonaws.com, eventName: 'Describe*Data'}\n  condition: a",
      '  a: {eventSource: kms.amazonaws.com, eventName|contains: Key}\n  condition: a',
      "  a: {eventSource: sns.amazonaws.com, eventName|re: '^Pub'}\n  condition: a",
    );
    expect(summary(rules).map(({ name, detail, readEvents }) => [name, detail, readEvents])).toEqual([
      ['iam', { eventSource: [iam], eventName: [{ prefix: called('put') }] }, false],
      ['s3-reads', { eventSource: [called('s3.amazonaws.com')], eventName: [{ suffix: called('policy') }] }, true],
      ['ec2-reads', { eventSource: [called('ec2.amazonaws.com')], eventName: [{ prefix: called('describe') }] }, true],
      ['kms-reads', { eventSource: [called('kms.amazonaws.com')] }, true],
      ['sns-reads', { eventSource: [called('sns.amazonaws.com')] }, true],
    ]);
  });

  test('of rules about refused calls let only those through', () => {
    const rules = rulesOf(
      "  a: {eventName|startswith: List, errorCode: [AccessDenied, '*Unauthorized*']}\n  b: {errorCode: AccessDenied}\n  condition: a and b",
    );
    expect(summary(rules)).toEqual([
      {
        name: 'any-reads-errors',
        detail: { eventName: [{ prefix: called('list') }], errorCode: [called('accessdenied')] },
        readEvents: true,
        ruleIds: ['rule-1'],
      },
    ]);
    const absent = rulesOf('  a: {eventName: CreateUser, errorCode: [AccessDenied, null]}\n  condition: a');
    expect(summary(absent).map(({ detail }) => detail)).toEqual([{ eventName: [called('createuser')] }]);
  });

  test('are split before 2,048 characters, without losing a name', () => {
    const names = Array.from({ length: 150 }, (_, index) => `CreateSomethingNumber${index}`);
    const patterns = compileEventPatterns(
      rulesOf(`  a: {eventSource: iam.amazonaws.com, eventName: [${names.join(', ')}]}\n  condition: a`),
    );
    expect(patterns.map((pattern) => pattern.name)).toEqual(
      patterns.map((_, index) => (index === 0 ? 'iam' : `iam-${index + 1}`)),
    );
    expect(patterns.length).toBeGreaterThan(3);
    for (const { pattern } of patterns) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048);
    const all = patterns.map(({ pattern }) => JSON.stringify(pattern)).join();
    for (const name of names) expect(all).toContain(`"${name.toLowerCase()}"`);
  });

  test('are at most 80: the service that names the most calls is delivered whole, and said to be', () => {
    const many = (service: string, count: number) => {
      const names = Array.from({ length: count }, (_, index) => `CreateSomethingNumber${index}`);
      return `  a: {eventSource: ${service}.amazonaws.com, eventName: [${names.join(', ')}]}\n  condition: a`;
    };
    const patterns = compileEventPatterns(rulesOf(many('iam', 4_000), many('ec2', 300)));
    expect(patterns.length).toBeLessThanOrEqual(80);
    expect(patterns[0]).toMatchObject({
      name: 'iam',
      pattern: { detail: { eventSource: [iam] } },
      narrowed: false,
      openFor: ['A rule'],
      ruleIds: ['rule-1'],
    });
    expect(patterns.slice(1).every(({ name, narrowed }) => name.startsWith('ec2') && narrowed)).toBe(true);
    expect(patterns.length).toBeGreaterThan(5);
  });

  test('are one for everything where more services are named than patterns may be made', () => {
    const services = Array.from(
      { length: 81 },
      (_, index) => `  a: {eventSource: s${index}.amazonaws.com, eventName: A}`,
    );
    const patterns = compileEventPatterns(rulesOf(...services.map((text) => `${text}\n  condition: a`)));
    expect(patterns).toHaveLength(1);
    expect(patterns[0]).toMatchObject({ name: 'any', narrowed: false, readEvents: false });
    expect(patterns[0]?.pattern.detail).toBeUndefined();
    expect(patterns[0]?.ruleIds).toHaveLength(81);
    expect(compileEventPatterns(rulesOf(...services.slice(1).map((text) => `${text}\n  condition: a`)))).toHaveLength(
      80,
    );
  });

  test('leave out a rule that contradicts itself', () => {
    expect(compileEventPatterns(rulesOf('  a: {eventName: A}\n  b: {eventName: B}\n  condition: a and b'))).toEqual([]);
  });
});

describe('the header of a rule', () => {
  test.each([
    ['eventName: CreateUser', false],
    ['eventName: [CreateUser, GetSecretValue]', true],
    ['eventName: GetSessionToken', false],
    ['eventName|startswith: Desc', true],
    ['eventName|startswith: Del', false],
    ['errorCode: AccessDenied', true],
  ])('%s needs read events: %s', (item, expected) => {
    expect(rulesOf(`  a: {${item}}\n  condition: a`)[0]?.header.needsReadEvents).toBe(expected);
  });
});
