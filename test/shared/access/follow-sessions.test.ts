import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accessesThrough } from '../../../shared/access/accesses-through.ts';
import { followSessions } from '../../../shared/access/follow-sessions.ts';
import { reachOf } from '../../../shared/access/reach-of.ts';
import { recordedAccess as recorded } from '../../support/recorded-access.ts';
import { identityOf, issueOf, MALLORY, readIn, type Session, SIGN_IN } from './session-records.ts';

const SINCE = '2026-11-20T00:00:00.000Z';
const ALICE = { kind: 'principal', key: 'user:AIDAEXAMPLE1' } as const;

const deployer: Session = { role: 'deployer', name: 'alice', key: 'ASIADEPLOYER', minute: 0 };
const admin: Session = { role: 'admin', name: 'x', key: 'ASIAADMIN', minute: 5 };

/** The secrets that were read in the sessions of whoever is asked about. */
async function secretsBy({ reader }: Awaited<ReturnType<typeof recorded>>, key: string): Promise<readonly string[]> {
  const { sessions } = await followSessions(reader, (await reachOf(reader, key)).sessions, { since: SINCE });
  const accesses = await accessesThrough(
    reader,
    sessions.map(({ accessKeyId }) => accessKeyId),
    { since: SINCE, limit: 1_000 },
  );
  return accesses.flatMap(({ resource }) => /secret:(.+)-\?{6}$/.exec(resource?.arn ?? '')?.[1] ?? []).sort();
}

describe('the sessions of a person', () => {
  test('are those they asked for, and those asked for with these', async () => {
    const { reader } = await recorded([issueOf(deployer), issueOf(admin, { userIdentity: identityOf(deployer) })]);
    const { sessions, cut } = await followSessions(reader, [ALICE], { since: SINCE });
    expect(sessions.map(({ who, depth, from, by }) => ({ who, depth, from, by }))).toEqual([
      { who: 'deployer/alice', depth: 1, from: undefined, by: 'issue' },
      { who: 'admin/x', depth: 2, from: 'ASIADEPLOYER', by: 'issue' },
    ]);
    expect(cut).toBeUndefined();
  });

  test('are none of what was refused, and none of somebody else’s', async () => {
    const { reader } = await recorded([
      issueOf(deployer, { errorCode: 'AccessDenied', responseElements: null }),
      issueOf(admin, { userIdentity: MALLORY }),
    ]);
    expect((await followSessions(reader, [ALICE], { since: SINCE })).sessions).toEqual([]);
  });

  test('include the key ids that the console uses for one: same role and name, issued at the same time', async () => {
    const console = { ...deployer, key: 'ASIACONSOLE' };
    const later = { ...deployer, key: 'ASIALATER', minute: 30 };
    const access = await recorded([readIn(console, 'pay', 3), issueOf(deployer), readIn(later, 'wiki', 31)]);
    expect(await secretsBy(access, 'user:AIDAEXAMPLE1')).toEqual(['pay']);
  });

  test('are said to be perhaps somebody else’s where a key may be of a session of the same name that another opened', async () => {
    const mallorys = { ...deployer, key: 'ASIAMALLORY' };
    const console = { ...deployer, key: 'ASIACONSOLE' };
    const { reader } = await recorded([
      issueOf(deployer),
      issueOf(mallorys, { userIdentity: MALLORY }),
      readIn(console, 'loot', 4),
      issueOf(admin, { userIdentity: identityOf(console) }),
    ]);
    for (const key of [ALICE.key, 'user:AIDAMALLORY']) {
      const { sessions } = await followSessions(reader, [{ kind: 'principal', key }], { since: SINCE });
      expect(sessions.map(({ accessKeyId, shared }) => [accessKeyId, shared])).toEqual([
        [key === ALICE.key ? 'ASIADEPLOYER' : 'ASIAMALLORY', undefined],
        ['ASIACONSOLE', true],
        ['ASIAADMIN', true],
      ]);
    }
  });

  test('do not include a session of the same role, name and time that was issued to somebody else', async () => {
    const mallorys = { ...deployer, key: 'ASIAMALLORY' };
    const access = await recorded([
      issueOf(deployer),
      issueOf(mallorys, { userIdentity: MALLORY }),
      readIn(mallorys, 'loot', 4),
    ]);
    expect(await secretsBy(access, 'user:AIDAEXAMPLE1')).toEqual([]);
    expect(await secretsBy(access, 'user:AIDAMALLORY')).toEqual(['loot']);
  });

  test('include such a key id of both people who got a session of that role and name in the same second', async () => {
    const console = { ...deployer, key: 'ASIACONSOLE' };
    const mallorys = { ...deployer, key: 'ASIAMALLORY' };
    const access = await recorded([
      issueOf(deployer),
      issueOf(mallorys, { userIdentity: MALLORY }),
      readIn(console, 'pay', 3),
    ]);
    expect(await secretsBy(access, 'user:AIDAEXAMPLE1')).toEqual(['pay']);
    expect(await secretsBy(access, 'user:AIDAMALLORY')).toEqual(['pay']);
  });

  test('of Identity Center are those that bear their name, however they came by it', async () => {
    const session = {
      role: 'AWSReservedSSO_Admin_0123456789abcdef',
      name: 'Carol@example.com',
      key: 'ASIACAROL',
      minute: 2,
    };
    const access = await recorded([readIn(session, 'pay', 3), SIGN_IN]);
    expect(await secretsBy(access, 'idc:u-1')).toEqual(['pay']);
    expect(await secretsBy(access, 'idc-name:carol@example.com')).toEqual(['pay']);
    expect(await secretsBy(access, 'idc:u-2')).toEqual([]);
    expect((await reachOf(access.reader, 'idc-name:carol@example.com')).partitions).toEqual(['idc:u-1']);
  });

  test('of Identity Center are none of a role to which somebody gave a name like theirs', async () => {
    const forged = {
      role: 'AWSReservedSSO_Admin_0',
      name: 'carol@example.com',
      path: '',
      key: 'ASIAFORGED',
      minute: 2,
    };
    const access = await recorded([issueOf(forged, { userIdentity: MALLORY }), readIn(forged, 'pay', 3), SIGN_IN]);
    expect(await secretsBy(access, 'idc:u-1')).toEqual([]);
    expect(await secretsBy(access, 'user:AIDAMALLORY')).toEqual(['pay']);
  });

  test('are found by source identity, which stays from role to role', async () => {
    const access = await recorded([readIn({ ...admin, sourceIdentity: 'alice' }, 'pay', 6)]);
    expect(await secretsBy(access, 'source-identity:alice')).toEqual(['pay']);
    expect(await secretsBy(access, 'user:AIDAEXAMPLE1')).toEqual([]);
  });

  test('end where a circle of roles closes', async () => {
    const { reader } = await recorded([
      issueOf(deployer),
      issueOf(admin, { userIdentity: identityOf(deployer) }),
      issueOf({ ...deployer, minute: 9 }, { userIdentity: identityOf(admin), eventID: 'again' }),
    ]);
    const { sessions } = await followSessions(reader, [ALICE], { since: SINCE });
    expect(sessions.map(({ accessKeyId }) => accessKeyId)).toEqual(['ASIADEPLOYER', 'ASIAADMIN']);
  });
});

describe('what bounds them', () => {
  const chain = Array.from(
    { length: 4 },
    (_, i): Session => ({ role: `r${i}`, name: 'x', key: `ASIA${i}`, minute: i }),
  );
  const issued = chain.map((session, i) => {
    const asker = chain[i - 1];
    return issueOf(session, asker === undefined ? {} : { userIdentity: identityOf(asker) });
  });

  test.each([
    [{ depth: 3, sessions: 10 }, 3, 'depth'],
    [{ depth: 4, sessions: 10 }, 4, undefined],
    [{ depth: 9, sessions: 2 }, 2, 'number'],
    [{ depth: 9, sessions: 4 }, 4, undefined],
  ] as const)('%j gives %i of a chain of four, cut by %s', async (limits, count, cut) => {
    const { reader } = await recorded(issued);
    const followed = await followSessions(reader, [ALICE], { since: SINCE, limits });
    expect([followed.sessions.length, followed.cut]).toEqual([count, cut]);
  });

  test('asks two questions for each session, and one for where it begins', async () => {
    const { reader, queries } = await recorded(issued);
    await followSessions(reader, [ALICE], { since: SINCE });
    // The last one is also asked whom it led to.
    expect(queries()).toBe(1 + 2 * 4);
  });
});

test('everything a person did is the same in whatever order the records come, and however often', async () => {
  const plan = fc.array(fc.record({ parent: fc.nat({ max: 6 }), mallory: fc.boolean(), direct: fc.boolean() }), {
    minLength: 1,
    maxLength: 7,
  });
  await fc.assert(
    fc.asyncProperty(plan, fc.infiniteStream(fc.nat()), async (nodes, order) => {
      const sessions = nodes.map((_, i): Session => ({ role: `r${i}`, name: 'n', key: `ASIA${i}`, minute: i }));
      const alices = new Set<number>();
      const records = nodes.flatMap(({ parent, mallory, direct }, i) => {
        const own = sessions[i];
        const from = direct || parent >= i ? undefined : sessions[parent];
        if (own === undefined) return [];
        if (from === undefined ? !mallory : alices.has(parent)) alices.add(i);
        const asker =
          from === undefined ? (mallory ? { userIdentity: MALLORY } : {}) : { userIdentity: identityOf(from) };
        return [issueOf(own, asker), readIn(own, `s${i}`, i + 1)];
      });
      const shuffled = [...records, ...records.slice(0, 3)]
        .map((record) => ({ record, at: order.next().value ?? 0 }))
        .sort((a, b) => a.at - b.at)
        .map(({ record }) => record);
      const access = await recorded(shuffled);
      expect(await secretsBy(access, 'user:AIDAEXAMPLE1')).toEqual([...alices].map((i) => `s${i}`).sort());
    }),
    { numRuns: 60 },
  );
});
