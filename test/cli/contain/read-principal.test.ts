import { describe, expect, it } from 'vitest';
import { readPrincipal } from '../../../cli/contain/read-principal.ts';

const IAM = 'arn:aws:iam::111122223333';
const STS = 'arn:aws:sts::111122223333';
const account = '111122223333';

describe('whom a person names', () => {
  it.each([
    ['mallory', { kind: 'named', named: { kind: 'user', name: 'mallory' } }],
    ['AIDAN', { kind: 'named', named: { kind: 'user', name: 'AIDAN' } }],
    ['m.o+x@example.com', { kind: 'named', named: { kind: 'user', name: 'm.o+x@example.com' } }],
    [`${IAM}:user/mallory`, { kind: 'named', named: { kind: 'user', name: 'mallory' }, account }],
    [`${IAM}:user/ops/eu/mallory`, { kind: 'named', named: { kind: 'user', name: 'mallory' }, account }],
    [`${IAM}:role/service-role/Build`, { kind: 'named', named: { kind: 'role', name: 'Build' }, account }],
    [
      `${STS}:assumed-role/Build/i-0abc`,
      { kind: 'named', named: { kind: 'session', name: 'Build', sessionName: 'i-0abc' }, account },
    ],
    ['arn:aws-cn:iam::111122223333:user/mallory', { kind: 'named', named: { kind: 'user', name: 'mallory' }, account }],
    ['AKIAIOSFODNN7EXAMPLE', { kind: 'access-key', accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }],
    ['AIDACKCEVSQ6C2EXAMPLE', { kind: 'unique-id', of: 'user', id: 'AIDACKCEVSQ6C2EXAMPLE' }],
    ['AROADBQP57FF2AEXAMPLE', { kind: 'unique-id', of: 'role', id: 'AROADBQP57FF2AEXAMPLE' }],
    [
      'AROADBQP57FF2AEXAMPLE:i-0abc',
      { kind: 'unique-id', of: 'role', id: 'AROADBQP57FF2AEXAMPLE', sessionName: 'i-0abc' },
    ],
    [`${IAM}:root`, { kind: 'root', account }],
  ])('%s', (text, expected) => {
    expect(readPrincipal(text)).toEqual(expected);
  });

  it.each([
    ['ASIAIOSFODNN7EXAMPLE', 'CloudTrail record'],
    [`${STS}:federated-user/eve`, 'name that user'],
    [`${IAM}:group/admins`, 'names nobody'],
    [`${STS}:assumed-role/Build`, 'names nobody'],
    ['arn:aws:iam::1:user/mallory', 'names nobody'],
    ['arn:aws:iam:us-east-1:111122223333:user/mallory', 'names nobody'],
    ['AIDACKCEVSQ6C2EXAMPLE:session', 'names nobody'],
    ['*', 'names nobody'],
    ['', 'names nobody'],
    ['mallory\nroot', 'names nobody'],
  ])('%j names nobody, and it is said what would', (text, why) => {
    expect(readPrincipal(text)).toEqual({ kind: 'wrong', why: expect.stringContaining(why) });
  });
});
