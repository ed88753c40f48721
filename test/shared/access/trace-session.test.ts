import { describe, expect, test } from 'vitest';
import { sessionFacts } from '../../../shared/access/session-fact.ts';
import { traceSession } from '../../../shared/access/trace-session.ts';
import { decodeRecord } from '../../../shared/cloudtrail/decode-record.ts';
import { createMemoryAccess } from '../../support/memory-access.ts';
import { BOB, identityOf, issueOf, readIn, type Session } from './session-records.ts';

const deployer: Session = { role: 'deployer', name: 'alice', key: 'ASIADEPLOYER', minute: 0 };
const admin: Session = { role: 'admin', name: 'x', key: 'ASIAADMIN', minute: 5 };

async function trace(records: readonly object[], key: string) {
  const { store, reader } = createMemoryAccess();
  for (const record of records) {
    const decoded = decodeRecord(record);
    if (decoded.kind === 'undecodable') throw new Error(decoded.reason);
    for (const fact of sessionFacts(decoded.event)) await store.addSessionFact(fact);
  }
  const chain = await traceSession(reader, key);
  return (
    chain && { keys: chain.links.map(({ accessKeyId }) => accessKeyId), beginning: chain.beginning, links: chain.links }
  );
}

describe('the chain of a session', () => {
  test('leads over each session to the person, with where from and with which factor', async () => {
    const chain = await trace(
      [
        readIn(admin, 'pay', 6),
        issueOf(admin, { userIdentity: identityOf(deployer) }),
        issueOf(deployer, {
          requestParameters: { serialNumber: 'arn:aws:iam::111122223333:mfa/alice', tokenCode: '123456' },
        }),
      ],
      'ASIAADMIN',
    );
    expect(chain?.keys).toEqual(['ASIADEPLOYER', 'ASIAADMIN']);
    expect(chain?.beginning).toEqual({ kind: 'principal', key: 'user:AIDAEXAMPLE1', who: 'alice' });
    expect(chain?.links[0]?.issued).toMatchObject({
      at: '2026-11-20T02:00:00.000Z',
      sourceIp: '198.51.100.24',
      mfa: true,
      bySession: 'AKIAEXAMPLE1',
    });
    expect(chain?.links[1]?.held).toMatchObject({ told: 'by its use', mfa: true, name: 'AROAADMIN:x' });
  });

  test('of a key that the console uses goes on from the session of the same name and time', async () => {
    const chain = await trace(
      [issueOf(deployer), readIn({ ...deployer, key: 'ASIACONSOLE' }, 'pay', 3)],
      'ASIACONSOLE',
    );
    expect(chain?.keys).toEqual(['ASIACONSOLE']);
    expect(chain?.beginning).toMatchObject({ kind: 'principal', who: 'alice' });
  });

  test('says so where sessions of one name and time were issued to two', async () => {
    const chain = await trace(
      [
        issueOf(deployer),
        issueOf({ ...deployer, key: 'ASIAOTHER' }, { userIdentity: BOB }),
        readIn({ ...deployer, key: 'ASIACONSOLE' }, 'pay', 3),
      ],
      'ASIACONSOLE',
    );
    expect(chain?.beginning.kind === 'one-of' && [...chain.beginning.keys].sort()).toEqual([
      'user:AIDABOB',
      'user:AIDAEXAMPLE1',
    ]);
  });

  test.each([
    ['a source identity', { ...admin, sourceIdentity: 'alice' }, { kind: 'person', key: 'source-identity:alice' }],
    [
      'the name of Identity Center',
      { ...admin, role: 'AWSReservedSSO_Admin_0123456789abcdef', name: 'Carol@Example.com' },
      { kind: 'person', key: 'idc-name:carol@example.com' },
    ],
    ['nobody', admin, { kind: 'not-recorded', holder: 'role:AROAADMIN', who: 'admin/x' }],
  ])('begins, where its issue was not recorded, with %s', async (_, session, beginning) => {
    expect((await trace([readIn(session, 'pay', 6)], 'ASIAADMIN'))?.beginning).toEqual(beginning);
  });

  test('begins with a session whose own issue was not recorded', async () => {
    const chain = await trace([issueOf(admin, { userIdentity: identityOf(deployer) })], 'ASIAADMIN');
    // The call that issued the one was made in the other, which is all that is known of it.
    expect(chain?.keys).toEqual(['ASIADEPLOYER', 'ASIAADMIN']);
    expect(chain?.beginning).toEqual({ kind: 'not-recorded', holder: 'role:AROADEPLOYER', who: 'deployer/alice' });
  });

  test('ends where it goes in a circle, and where it is too long', async () => {
    const circle = [
      issueOf(admin, { userIdentity: identityOf(deployer) }),
      issueOf(deployer, { userIdentity: identityOf(admin) }),
    ];
    expect((await trace(circle, 'ASIAADMIN'))?.beginning).toEqual({
      kind: 'not-recorded',
      holder: 'role:AROAADMIN',
      who: 'admin/x',
    });
    const long = Array.from(
      { length: 7 },
      (_, i): Session => ({ role: `r${i}`, name: 'x', key: `ASIA${i}`, minute: i }),
    );
    const records = long.map((session, i) => {
      const asker = long[i - 1];
      return issueOf(session, asker === undefined ? {} : { userIdentity: identityOf(asker) });
    });
    const chain = await trace(records, 'ASIA6');
    expect([chain?.keys.length, chain?.beginning]).toEqual([5, { kind: 'too-long' }]);
  });

  test('is none of a key that nothing is known of', async () => {
    expect(await trace([issueOf(deployer)], 'ASIANOBODY')).toBeUndefined();
  });
});
