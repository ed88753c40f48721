import { describe, expect, test } from 'vitest';
import { readSince } from '../../../cli/access/read-since.ts';
import { resolvePrincipal } from '../../../cli/access/resolve-principal.ts';
import { type AccessEntry, entriesOf } from '../../../shared/access/access-entry.ts';
import { collectAccesses } from '../../../shared/access/collect-accesses.ts';
import type { DayAsked } from '../../../shared/ports/access-reader.ts';
import { anEvent } from '../../shared/access/an-event.ts';

const NOW = new Date('2026-11-21T12:00:00Z');

describe('--since', () => {
  test.each([
    ['7d', '2026-11-14T12:00:00.000Z'],
    ['36 h', '2026-11-20T00:00:00.000Z'],
    ['90d', '2026-08-23T12:00:00.000Z'],
    ['2026-11-14', '2026-11-14T00:00:00.000Z'],
    ['2026-11-14T08:30:00Z', '2026-11-14T08:30:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(readSince(text, NOW).toISOString()).toBe(expected);
  });

  test.each([
    ['yesterday', '--since takes a time back'],
    ['', '--since takes a time back'],
    ['2026-02-30', '--since takes a time back'],
    ['2026-11-14T08:30:00+02:00', '--since takes a time back'],
    ['2026-11-22', '--since lies in the future.'],
    ['91d', 'Accesses are kept for 90 days'],
  ])('%s is wrong use, and says how: %s', (text, sentence) => {
    expect(() => readSince(text, NOW)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(sentence) }),
    );
  });
});

describe('a principal', () => {
  const lookup = {
    getUser: async (userName: string) =>
      userName === 'alice'
        ? { userName, userId: 'AIDAEXAMPLE1', arn: 'arn:aws:iam::111122223333:user/alice' }
        : undefined,
    getRole: async (roleName: string) =>
      roleName === 'deployer'
        ? { roleName, roleId: 'AROAEXAMPLE1', arn: 'arn:aws:iam::111122223333:role/team/deployer', path: '/team/' }
        : undefined,
  };
  const resolve = (text: string) => resolvePrincipal(text, '111122223333', lookup);

  test.each([
    ['AIDAEXAMPLE1', { key: 'user:AIDAEXAMPLE1' }],
    ['AROAEXAMPLE1', { key: 'role:AROAEXAMPLE1' }],
    ['service:ec2.amazonaws.com', { key: 'service:ec2.amazonaws.com' }],
    ['arn:aws:iam::111122223333:user/alice', { key: 'user:AIDAEXAMPLE1' }],
    ['arn:aws:iam::111122223333:role/team/deployer', { key: 'role:AROAEXAMPLE1' }],
    ['arn:aws:iam::111122223333:root', { key: 'root:111122223333' }],
    [
      'arn:aws:sts::111122223333:assumed-role/deployer/alice@example.com',
      { key: 'role:AROAEXAMPLE1', sessionName: 'alice@example.com' },
    ],
  ])('%s is found', async (text, expected) => {
    expect(await resolve(text)).toEqual(expected);
  });

  test.each([
    ['alice', '"alice" is no principal.'],
    ['arn:aws:iam::111122223333:user/nobody', 'IAM knows no arn:aws:iam::111122223333:user/nobody.'],
    ['arn:aws:s3:::pay', 'belongs to account'],
    ['arn:aws:iam::444455556666:user/alice', 'belongs to account 444455556666'],
  ])('%s is wrong use: %s', async (text, sentence) => {
    await expect(resolve(text)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(sentence) });
  });
});

describe('accesses', () => {
  const [template] = entriesOf(anEvent());
  const access = (at: string): AccessEntry => ({ ...(template ?? fail()), at });
  const table: Readonly<Record<string, readonly AccessEntry[]>> = {
    '2026-11-21': [access('2026-11-21T11:00:00.000Z'), access('2026-11-21T01:00:00.000Z')],
    '2026-11-19': [access('2026-11-19T23:00:00.000Z')],
  };
  function fail(): never {
    throw new Error('no entry');
  }
  const asking = () => {
    const asked: DayAsked[] = [];
    const ask = async (one: DayAsked) => {
      asked.push(one);
      return (table[one.day] ?? []).slice(0, one.limit);
    };
    return { asked, ask };
  };
  const since = new Date('2026-11-19T12:00:00Z');

  test('are asked for once a day, the newest day first', async () => {
    const { asked, ask } = asking();
    const { accesses, more } = await collectAccesses(ask, { since, now: NOW, limit: 10 });
    expect(asked.map(({ day }) => day)).toEqual(['2026-11-21', '2026-11-20', '2026-11-19']);
    expect(asked.every((one) => one.since === '2026-11-19T12:00:00.000Z')).toBe(true);
    expect(accesses.map(({ at }) => at)).toEqual([
      '2026-11-21T11:00:00.000Z',
      '2026-11-21T01:00:00.000Z',
      '2026-11-19T23:00:00.000Z',
    ]);
    expect(more).toBe(false);
  });

  test('are asked for no further than is shown, and it is said that there are more', async () => {
    const { asked, ask } = asking();
    const { accesses, more } = await collectAccesses(ask, { since, now: NOW, limit: 1 });
    expect([accesses.length, more, asked.length]).toEqual([1, true, 1]);
  });

  test('exactly as many as are shown are not said to be more', async () => {
    const { ask } = asking();
    expect((await collectAccesses(ask, { since, now: NOW, limit: 3 })).more).toBe(false);
  });
});
