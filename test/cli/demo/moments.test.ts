import { describe, expect, test } from 'vitest';
import { momentOfRecord, sinceText } from '../../../cli/demo/moments.ts';

const at = new Date('2026-11-21T09:00:00.250Z');
const user = { type: 'IAMUser', userName: 'dana', arn: 'arn:aws:iam::111122223333:user/dana' };
const session = { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/build/nightly' };

describe('a record in one line', () => {
  test.each([
    [user, 'ListUsers', null, 'dana', 'ListUsers'],
    [
      user,
      'AttachUserPolicy',
      { userName: 'dana', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      'dana',
      'AttachUserPolicy dana, AdministratorAccess',
    ],
    [session, 'StopLogging', { name: 'account-trail' }, 'build/nightly', 'StopLogging account-trail'],
  ])('%o calls %s', (userIdentity, eventName, requestParameters, who, text) => {
    expect(momentOfRecord({ userIdentity, eventName, requestParameters }, at)).toEqual({
      at: '2026-11-21T09:00:00.250Z',
      who,
      kind: 'record',
      text,
    });
  });
});

test('times are told from the zero, before and after', () => {
  const zero = Date.parse('2026-11-21T09:00:00.500Z');
  expect(sinceText('2026-11-21T09:00:00.250Z', zero)).toBe('-0.250');
  expect(sinceText('2026-11-21T09:00:00.500Z', zero)).toBe('+0.000');
  expect(sinceText('2026-11-21T09:00:12.504Z', zero)).toBe('+12.004');
});
