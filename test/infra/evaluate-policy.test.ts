import { describe, expect, test } from 'vitest';
import { type Condition, type Context, judgeCondition, type Truth } from '../../infra/checks/condition.ts';
import { evaluatePolicy, type PolicyStatement } from '../../infra/checks/evaluate-policy.ts';

const whole = (values: Context['values']): Context => ({ values, isWhole: true });
const partly = (values: Context['values']): Context => ({ values, isWhole: false });
const ALICE = 'arn:aws:iam::111122223333:user/alice';
const BREAK_GLASS = 'arn:aws:iam::111122223333:role/BreakGlass';

describe('a condition', () => {
  test.each<[string, Condition, Context, Truth]>([
    ['holds for the same text', { StringEquals: { k: ['a'] } }, whole({ k: ['a'] }), 'true'],
    ['fails for another text', { StringEquals: { k: ['a'] } }, whole({ k: ['A'] }), 'false'],
    ['holds for one of several', { StringEquals: { k: ['a', 'b'] } }, whole({ k: ['b'] }), 'true'],
    [
      'finds its key in any case',
      { StringEquals: { 'AWS:PrincipalArn': ['a'] } },
      whole({ 'aws:principalarn': ['a'] }),
      'true',
    ],
    ['fails without its key', { StringEquals: { k: ['a'] } }, whole({}), 'false'],
    ['holds without its key when negated', { StringNotEquals: { k: ['a'] } }, whole({}), 'true'],
    ['negated, fails if any value matches', { StringNotLike: { k: ['a*', 'b*'] } }, whole({ k: ['bee'] }), 'false'],
    ['holds without its key if it need not exist', { StringEqualsIfExists: { k: ['a'] } }, whole({}), 'true'],
    ['is unknown where the key is', { StringEquals: { k: ['a'] } }, partly({}), 'unknown'],
    ['is unknown where the key is, negated', { ArnNotLike: { k: [ALICE] } }, partly({}), 'unknown'],
    ['fails as a whole if one part does', { StringEquals: { k: ['a'], other: ['x'] } }, partly({ k: ['b'] }), 'false'],
    [
      'is unknown as a whole if one part is',
      { StringEquals: { k: ['a'], other: ['x'] } },
      partly({ k: ['a'] }),
      'unknown',
    ],
    ['asks for a key that is there', { Null: { k: ['false'] } }, whole({ k: ['x'] }), 'true'],
    ['asks for a key that is not there', { Null: { k: ['false'] } }, whole({}), 'false'],
    [
      'ARN: a star stays within its part',
      { ArnLike: { k: ['arn:aws:iam::*:role/B*'] } },
      whole({ k: [BREAK_GLASS] }),
      'true',
    ],
    [
      'ARN: a star reaches over no colon',
      { ArnLike: { k: ['arn:aws:*:role/B*'] } },
      whole({ k: [BREAK_GLASS] }),
      'false',
    ],
    [
      'text: a star reaches over colons',
      { StringLike: { k: ['arn:aws:*:role/B*'] } },
      whole({ k: [BREAK_GLASS] }),
      'true',
    ],
    [
      'ARN: a question mark is one letter',
      { ArnLike: { k: ['arn:aws:iam::????????????:user/alice'] } },
      whole({ k: [ALICE] }),
      'true',
    ],
    ['any of a set', { 'ForAnyValue:StringEquals': { k: ['b'] } }, whole({ k: ['a', 'b'] }), 'true'],
    ['any of a set that is not there', { 'ForAnyValue:StringEquals': { k: ['b'] } }, whole({}), 'false'],
    ['all of a set', { 'ForAllValues:StringEquals': { k: ['a', 'b'] } }, whole({ k: ['a', 'c'] }), 'false'],
    ['all of a set that is not there', { 'ForAllValues:StringEquals': { k: ['a'] } }, whole({}), 'true'],
    ['a truth', { Bool: { k: ['true'] } }, whole({ k: ['True'] }), 'true'],
    ['an operator that is not known here', { NumericLessThan: { k: ['3'] } }, whole({ k: ['2'] }), 'unknown'],
    ['a variable in the policy', { StringEquals: { k: [`\${aws:username}`] } }, whole({ k: ['alice'] }), 'unknown'],
  ])('%s', (_, condition, context, truth) => {
    expect(judgeCondition(condition, context)).toBe(truth);
  });
});

describe('a policy', () => {
  const request = (action: string, resource: string, context: Context = partly({})) => ({ action, resource, context });
  const decided = (statements: readonly PolicyStatement[], action: string, resource: string, context?: Context) =>
    evaluatePolicy(statements, request(action, resource, context)).kind;
  const allow: PolicyStatement = { Effect: 'Allow', Action: ['iam:Put*'], Resource: ['arn:aws:iam::*:user/*'] };
  const deny: PolicyStatement = { Effect: 'Deny', NotAction: ['iam:Get*'], Resource: [ALICE] };

  test('allows what a statement names, in any case of the action and only in this case of the resource', () => {
    expect(decided([allow], 'IAM:putuserpolicy', ALICE)).toBe('allowed');
    expect(decided([allow], 'iam:DeleteUser', ALICE)).toBe('not-allowed');
    expect(decided([allow], 'iam:PutUserPolicy', ALICE.replace('user/', 'USER/'))).toBe('not-allowed');
  });

  test('denies before it allows, in any order', () => {
    for (const statements of [
      [allow, deny],
      [deny, allow],
    ]) {
      expect(decided(statements, 'iam:PutUserPolicy', ALICE)).toBe('denied');
      expect(decided(statements, 'iam:PutUserPolicy', `${ALICE}x`)).toBe('allowed');
    }
  });

  test('spares what NotAction and NotResource name', () => {
    expect(decided([deny], 'iam:GetUser', ALICE)).toBe('not-allowed');
    const others: PolicyStatement = { Effect: 'Deny', Action: ['*'], NotResource: [ALICE] };
    expect(decided([others], 'iam:GetUser', ALICE)).toBe('not-allowed');
    expect(decided([others], 'iam:GetUser', BREAK_GLASS)).toBe('denied');
  });

  test('allows where it cannot tell, and denies only where it can', () => {
    const Condition = { StringEquals: { 'aws:SourceVpc': ['vpc-1'] } };
    expect(decided([{ ...allow, Condition }], 'iam:PutUserPolicy', ALICE)).toBe('allowed');
    expect(decided([allow, { ...deny, Condition }], 'iam:PutUserPolicy', ALICE)).toBe('allowed');
    const known = whole({ 'aws:SourceVpc': ['vpc-2'] });
    expect(decided([{ ...allow, Condition }], 'iam:PutUserPolicy', ALICE, known)).toBe('not-allowed');
    expect(
      decided([allow, { ...deny, Condition }], 'iam:PutUserPolicy', ALICE, whole({ 'aws:SourceVpc': ['vpc-1'] })),
    ).toBe('denied');
  });
});
