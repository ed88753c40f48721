import { describe, expect, test } from 'vitest';
import { judgePrivilege } from '../../../shared/containment/privileged.ts';

const policy = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*') =>
  policy({ Effect: 'Allow', Action, Resource });

const PRIVILEGED: readonly (readonly [string, string, string])[] = [
  ['everything', allow('*'), 'allows * on *'],
  ['everything, with colon', allow('*:*'), 'allows * on *'],
  [
    'everything, as a single statement instead of a list',
    '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
    'allows * on *',
  ],
  [
    'everything but what a condition narrows',
    policy({
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    }),
    'allows * on *',
  ],
  [
    'everything, with a deny beside it',
    policy({ Effect: 'Deny', Action: 'iam:*', Resource: '*' }, { Effect: 'Allow', Action: '*', Resource: '*' }),
    'allows * on *',
  ],
  ['everything on a resource list that holds *', allow('*', ['arn:aws:s3:::a', '*']), 'allows * on *'],
  ['all of IAM', allow('iam:*'), 'allows iam:*'],
  ['all of IAM in another case', allow('IAM:*'), 'allows iam:*'],
  [
    'all of IAM on one user: it can attach to itself',
    allow('iam:*', 'arn:aws:iam::111122223333:user/alice'),
    'allows iam:*',
  ],
  ['everything on one role', allow('*', 'arn:aws:iam::111122223333:role/app'), 'allows iam:*'],
  ['one escalation action', allow('iam:AttachUserPolicy'), 'allows iam:AttachUserPolicy on *'],
  ['in another case', allow('IAM:attachuserPOLICY'), 'allows iam:AttachUserPolicy on *'],
  ['by wildcard', allow(['s3:GetObject', 'iam:Pass*']), 'allows iam:PassRole on *'],
  ['by question marks', allow('iam:PassRol?'), 'allows iam:PassRole on *'],
  [
    'on every role of the account',
    allow('iam:PassRole', 'arn:aws:iam::111122223333:role/*'),
    'allows iam:PassRole on *',
  ],
  ['on everything of the account', allow('iam:PassRole', 'arn:aws:iam::111122223333:*'), 'allows iam:PassRole on *'],
  [
    'on every function',
    allow('lambda:UpdateFunctionCode', 'arn:aws:lambda:*:*:function:*'),
    'allows lambda:UpdateFunctionCode on *',
  ],
  [
    'a shell on every instance',
    allow('ssm:StartSession', 'arn:aws:ec2:*:*:instance/*'),
    'allows ssm:StartSession on *',
  ],
  ['assuming any role', allow('sts:AssumeRole'), 'allows sts:AssumeRole on *'],
  [
    'everything that is not named',
    policy({ Effect: 'Allow', NotAction: ['s3:DeleteBucket'], Resource: '*' }),
    'allows * on *',
  ],
  [
    'a power user: not IAM, but code of every function',
    policy({ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' }),
    'allows sts:AssumeRole on *',
  ],
  [
    'everything outside one resource',
    policy({ Effect: 'Allow', Action: 'iam:PutUserPolicy', NotResource: 'arn:aws:iam::1:user/a' }),
    'allows iam:PutUserPolicy on *',
  ],
  ['element names in another case', '{"statement":[{"effect":"allow","action":"*","resource":"*"}]}', 'allows * on *'],
];

const ORDINARY: readonly (readonly [string, string])[] = [
  ['reading objects', allow(['s3:GetObject', 's3:ListBucket'])],
  ['everything in one bucket', allow('s3:*', 'arn:aws:s3:::bucket/*')],
  ['every action, on one bucket', allow('*', 'arn:aws:s3:::bucket/*')],
  ['reading IAM', allow(['iam:Get*', 'iam:List*'])],
  ['passing one role', allow('iam:PassRole', 'arn:aws:iam::111122223333:role/app')],
  ['passing the roles of one path', allow('iam:PassRole', 'arn:aws:iam::111122223333:role/app/*')],
  ['one’s own keys', allow('iam:CreateAccessKey', `arn:aws:iam::*:user/${'$'}{aws:username}`)],
  ['changing one function', allow('lambda:UpdateFunctionCode', 'arn:aws:lambda:eu-west-1:111122223333:function:one')],
  ['an escalation action on another service’s resources', allow('iam:PassRole', 'arn:aws:s3:::*')],
  ['a deny of everything', policy({ Effect: 'Deny', Action: '*', Resource: '*' })],
  ['not-actions that leave out all that escalates', policy({ Effect: 'Allow', NotAction: '*', Resource: '*' })],
  [
    'not-actions on one bucket',
    policy({ Effect: 'Allow', NotAction: 's3:Delete*', Resource: 'arn:aws:s3:::bucket/*' }),
  ],
];

describe('a policy that makes an administrator', () => {
  test.each(PRIVILEGED)('%s', (_, document, because) => {
    expect(judgePrivilege(document)).toEqual({ kind: 'privileged', because });
  });
});

describe('a policy that does not', () => {
  test.each(ORDINARY)('%s', (_, document) => {
    expect(judgePrivilege(document)).toEqual({ kind: 'ordinary' });
  });
});

describe('a document that cannot be judged is neither', () => {
  test.each([
    ['no JSON', '{'],
    ['no statement', '{"Version":"2012-10-17"}'],
    ['a statement of text', '{"Statement":["Allow"]}'],
    ['a list', '[]'],
  ])('%s', (_, document) => {
    expect(judgePrivilege(document).kind).toBe('unreadable');
  });
});

test('a hostile wildcard takes no time', () => {
  const started = performance.now();
  expect(judgePrivilege(allow(`${'*a'.repeat(2_000)}b`)).kind).toBe('ordinary');
  expect(performance.now() - started).toBeLessThan(1_000);
});
