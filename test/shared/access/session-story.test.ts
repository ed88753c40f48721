import { describe, expect, test } from 'vitest';
import { sessionLines } from '../../../cli/access/render-session.ts';
import { resolveSession } from '../../../cli/access/resolve-session.ts';
import { deedsOf } from '../../../shared/access/deeds-of.ts';
import { sessionStory } from '../../../shared/access/session-story.ts';
import { recordedAccess } from '../../support/recorded-access.ts';
import { aRecord } from './an-event.ts';
import { identityOf, issueOf, MALLORY, readIn, type Session, SIGN_IN } from './session-records.ts';

const SINCE = '2026-11-20T00:00:00.000Z';
const NOW = new Date('2026-11-20T12:00:00Z');
const deployer: Session = { role: 'deployer', name: 'alice', key: 'ASIADEPLOYER', minute: 0 };
const console: Session = { ...deployer, key: 'ASIACONSOLE' };
const admin: Session = { role: 'admin', name: 'x', key: 'ASIAADMIN', minute: 5 };
const audit: Session = { role: 'audit', name: 'x', key: 'ASIAAUDIT', minute: 7 };

/** Actions first: the calls that issued the sessions come last, as they may. */
const RECORDS = [
  readIn(audit, 'ledger', 8),
  readIn(admin, 'pay', 6),
  readIn(console, 'wiki', 3),
  issueOf(audit, { userIdentity: identityOf(admin) }),
  issueOf(admin, { userIdentity: identityOf(console), sourceIPAddress: '203.0.113.9' }),
  issueOf(deployer),
  aRecord({ eventID: 'own', requestParameters: { secretId: 'own' }, eventTime: '2026-11-20T01:00:00Z' }),
];

describe('everything that a person did', () => {
  const secrets = async (of: Parameters<typeof deedsOf>[1], limit = 100) => {
    const { reader } = await recordedAccess(RECORDS);
    const { accesses, more, followed } = await deedsOf(reader, of, { since: new Date(SINCE), now: NOW, limit });
    const names = accesses.flatMap(({ resource }) => /secret:(.+)-\?{6}$/.exec(resource?.arn ?? '')?.[1] ?? []);
    return { names, more, sessions: followed.sessions.map(({ accessKeyId }) => accessKeyId) };
  };

  test('is what they did themselves and in each session that leads back to them, the newest first', async () => {
    expect(await secrets({ key: 'user:AIDAEXAMPLE1' })).toEqual({
      names: ['ledger', 'pay', 'wiki', 'own'],
      more: false,
      sessions: ['ASIADEPLOYER', 'ASIACONSOLE', 'ASIAADMIN', 'ASIAAUDIT'],
    });
  });

  test('in one session of a role is that and what followed from it, and nothing from before', async () => {
    expect((await secrets({ key: 'role:AROAADMIN', sessionName: 'x' })).names).toEqual(['ledger', 'pay']);
    expect((await secrets({ key: 'role:AROADEPLOYER', sessionName: 'bob' })).names).toEqual([]);
  });

  test('is cut where more was asked for than is shown, and says so', async () => {
    // The newest two of all: the last is a call to assume a role.
    expect(await secrets({ key: 'user:AIDAEXAMPLE1' }, 2)).toMatchObject({ names: ['ledger'], more: true });
  });

  test('costs one query for each key and page', async () => {
    const { reader, queries } = await recordedAccess(RECORDS);
    await deedsOf(reader, { key: 'user:AIDAEXAMPLE1' }, { since: new Date(SINCE), now: NOW, limit: 100 });
    // A day; where the sessions begin; of four sessions what was asked for and what was done, of three issued their other keys.
    expect(queries()).toBe(1 + 1 + 4 + 4 + 3);
  });
});

describe('the story of a session', () => {
  const story = async (key: string) => sessionStory((await recordedAccess(RECORDS)).reader, key, { since: SINCE });

  test('goes from the person over each session to the last one, with times, addresses and factors', async () => {
    const told = await story('ASIAADMIN');
    expect(told && sessionLines(told)).toEqual([
      'alice (user:AIDAEXAMPLE1)',
      '  deployer/alice  ASIACONSOLE',
      '      issued 2026-11-20 02:00:00 UTC, asked from 198.51.100.24, until Nov 20, 2026, 3:14:07 AM',
      '      2 recorded calls 2026-11-20 02:03:00 to 2026-11-20 02:05:00 UTC from 203.0.113.9, 198.51.100.24, with MFA',
      '    admin/x  ASIAADMIN  <- asked',
      '        issued 2026-11-20 02:05:00 UTC, asked from 203.0.113.9, with MFA, until Nov 20, 2026, 3:14:07 AM',
      '        2 recorded calls 2026-11-20 02:06:00 to 2026-11-20 02:07:00 UTC from 198.51.100.24, with MFA',
      '      audit/x  ASIAAUDIT',
      '          issued 2026-11-20 02:07:00 UTC, asked from 198.51.100.24, with MFA, until Nov 20, 2026, 3:14:07 AM',
      '          1 recorded call 2026-11-20 02:08:00 to 2026-11-20 02:08:00 UTC from 198.51.100.24',
    ]);
  });

  test('of a key that the console uses tells the session that it belongs to, and what both led to', async () => {
    const told = await story('ASIACONSOLE');
    expect(told?.sessions.map(({ accessKeyId, part, depth }) => [accessKeyId, part, depth])).toEqual([
      ['ASIACONSOLE', 'asked', 0],
      ['ASIADEPLOYER', 'same session', 0],
      ['ASIAADMIN', 'after', 1],
      ['ASIAAUDIT', 'after', 2],
    ]);
  });

  test('of a long-term key tells whose it is and which sessions were asked for with it', async () => {
    const told = await story('AKIAEXAMPLE1');
    expect(told?.beginning).toEqual({ kind: 'principal', key: 'user:AIDAEXAMPLE1', who: 'alice' });
    expect(told?.sessions.map(({ accessKeyId }) => accessKeyId)).toEqual([
      'AKIAEXAMPLE1',
      'ASIADEPLOYER',
      'ASIACONSOLE',
      'ASIAADMIN',
      'ASIAAUDIT',
    ]);
  });

  test('claims no key, and nothing asked for with it, that may be of a session of the same name which another opened', async () => {
    const mallorys = { ...deployer, key: 'ASIAMALLORY' };
    const { reader } = await recordedAccess([...RECORDS, issueOf(mallorys, { userIdentity: MALLORY })]);
    const told = await sessionStory(reader, 'ASIADEPLOYER', { since: SINCE });
    expect(told?.sessions.map(({ accessKeyId, part }) => [accessKeyId, part])).toEqual([
      ['ASIADEPLOYER', 'asked'],
      ['ASIACONSOLE', 'perhaps the same session'],
    ]);
  });

  test('of Identity Center begins with who signed in there, by name and by id', async () => {
    const session = {
      role: 'AWSReservedSSO_Admin_0123456789abcdef',
      name: 'carol@example.com',
      key: 'ASIACAROL',
      minute: 2,
    };
    const { reader } = await recordedAccess([
      readIn({ ...session, key: 'ASIAPORTAL' }, 'pay', 3),
      issueOf(session, {
        eventName: 'AssumeRoleWithSAML',
        userIdentity: { type: 'SAMLUser', userName: 'carol@example.com', identityProvider: 'AWSSSO_1_DO_NOT_DELETE' },
      }),
      SIGN_IN,
    ]);
    const told = await sessionStory(reader, 'ASIAPORTAL', { since: SINCE });
    expect(told?.beginning).toMatchObject({ kind: 'principal', who: 'carol@example.com' });
    expect(told?.persons).toEqual(['idc:u-1']);
    const { accesses } = await deedsOf(reader, { key: 'idc:u-1' }, { since: new Date(SINCE), now: NOW, limit: 100 });
    expect(accesses.map(({ eventId }) => eventId)).toEqual(['sign-in', 'read-ASIAPORTAL-pay']);
  });

  test('is none of a key that nothing is recorded of', async () => {
    expect(await story('ASIANOBODY1')).toBeUndefined();
  });

  test('shows no control character that a record brought', async () => {
    const name = 'x\u001b[2J\nroot';
    const { reader } = await recordedAccess([readIn({ ...admin, name }, 'pay', 6)]);
    const told = await sessionStory(reader, 'ASIAADMIN', { since: SINCE });
    const lines = told === undefined ? [] : sessionLines(told);
    expect(lines.join('\n')).toContain('admin/x\\u{1b}[2J\\u{a}root');
    expect(lines.every((line) => !/\p{Cc}/u.test(line))).toBe(true);
  });
});

describe('a session asked about', () => {
  const lookup = {
    getUser: async () => undefined,
    getRole: async (roleName: string) =>
      roleName === 'deployer'
        ? { roleName, roleId: 'AROADEPLOYER', arn: 'arn:aws:iam::111122223333:role/deployer', path: '/' }
        : undefined,
  };
  const resolve = async (text: string) => {
    const { reader } = await recordedAccess([...RECORDS, issueOf({ ...deployer, key: 'ASIALATER', minute: 30 })]);
    return resolveSession(text, '111122223333', { lookup, sessions: reader, since: SINCE });
  };

  test.each([
    ['ASIAEXAMPLE2', ['ASIAEXAMPLE2']],
    ['arn:aws:sts::111122223333:assumed-role/deployer/alice', ['ASIALATER', 'ASIADEPLOYER']],
    ['AROADEPLOYER:alice', ['ASIALATER', 'ASIADEPLOYER']],
    ['AROADEPLOYER:bob', []],
  ])('%s is %j', async (text, keys) => {
    expect(await resolve(text)).toEqual(keys);
  });

  test('a name is every session of it, also where another was opened in the same second', async () => {
    const mallorys = issueOf({ ...deployer, key: 'ASIAMALLORY' }, { userIdentity: MALLORY });
    const { reader } = await recordedAccess([...RECORDS, mallorys]);
    const keys = await resolveSession('AROADEPLOYER:alice', '111122223333', { lookup, sessions: reader, since: SINCE });
    expect([...keys].sort()).toEqual(['ASIADEPLOYER', 'ASIAMALLORY']);
  });

  test.each([
    ['deployer', '"deployer" is no session. Give an access key id'],
    ['arn:aws:iam::111122223333:role/deployer', 'is no session'],
    ['arn:aws:sts::111122223333:assumed-role/nobody/alice', 'IAM knows no arn'],
    ['arn:aws:sts::444455556666:assumed-role/deployer/alice', 'belongs to account 444455556666'],
  ])('%s is wrong use: %s', async (text, sentence) => {
    await expect(resolve(text)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(sentence) });
  });
});
