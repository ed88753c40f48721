import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { entriesOf, groupEntries } from '../../../shared/access/access-entry.ts';
import { sessionFacts } from '../../../shared/access/session-fact.ts';
import { createAccessReader } from '../../../shared/aws/access-reader.ts';
import { createAccessStore } from '../../../shared/aws/access-store.ts';
import { createSessionReader } from '../../../shared/aws/session-reader.ts';
import { decodeRecord } from '../../../shared/cloudtrail/decode-record.ts';
import type { AccessReader } from '../../../shared/ports/access-reader.ts';
import type { SessionReader } from '../../../shared/ports/session-reader.ts';
import { createAccessTable } from '../../support/access-table.ts';
import { anEvent, SESSION } from '../access/an-event.ts';
import { BOB, identityOf, issueOf, readIn, type Session, SIGN_IN } from '../access/session-records.ts';

let aws: EmbeddedAws;
let reader: AccessReader;
let sessions: SessionReader;
let calls: string[] = [];

const arnOf = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-??????`;
const ASKED = { day: '2026-11-20', since: '2026-11-20T00:00:00.000Z', limit: 1_000 };

const DEPLOYER: Session = { role: 'deployer', name: 'alice', key: 'ASIADEPLOYER', minute: 0 };
const ADMIN: Session = { role: 'admin', name: 'x', key: 'ASIAADMIN', minute: 5, sourceIdentity: 'alice' };

beforeAll(async () => {
  aws = await startEmbeddedAws();
  const client = new DynamoDBClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
  });
  await createAccessTable(client, 'accesses-read');
  const store = createAccessStore(client, 'accesses-read', (arn) => arn.includes('payroll'));
  const reads = Array.from({ length: 30 }, (_, i) =>
    anEvent({
      eventID: `e-${i}`,
      eventTime: `2026-11-20T${String(i % 24).padStart(2, '0')}:${String(i).padStart(2, '0')}:00Z`,
      requestParameters: { secretId: i % 3 === 0 ? 'payroll' : 'wiki' },
      ...(i % 2 === 0 ? {} : { userIdentity: SESSION }),
    }),
  );
  for (const group of groupEntries(reads.flatMap(entriesOf))) await store.add(group);
  client.middlewareStack.add(
    (next, context) => async (args) => {
      calls.push(context.commandName ?? '');
      return next(args);
    },
    { step: 'initialize' },
  );
  for (const record of [
    issueOf(DEPLOYER, { userIdentity: BOB }),
    issueOf(ADMIN, { userIdentity: identityOf(DEPLOYER) }),
    readIn(ADMIN, 'wiki', 9),
    SIGN_IN,
  ]) {
    const decoded = decodeRecord(record);
    if (decoded.kind === 'undecodable') throw new Error(decoded.reason);
    for (const group of groupEntries(entriesOf(decoded.event))) await store.add(group);
    // Twice, as from a queue that delivers at least once.
    for (const fact of [1, 2].flatMap(() => sessionFacts(decoded.event))) await store.addSessionFact(fact);
  }
  calls = [];
  reader = createAccessReader(client, 'accesses-read');
  sessions = createSessionReader(client, 'accesses-read');
});
afterAll(() => aws.stop());
beforeEach(() => {
  calls = [];
});

describe('what was recorded', () => {
  test('of a principal on a day is one query, the newest first, as it was kept', async () => {
    const accesses = await reader.accessesBy('user:AIDAEXAMPLE1', ASKED);
    expect(accesses).toHaveLength(15);
    expect(accesses.map(({ at }) => at)).toEqual(
      accesses
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    expect(accesses.find(({ eventId }) => eventId === 'e-0')).toEqual(
      entriesOf(
        anEvent({ eventID: 'e-0', eventTime: '2026-11-20T00:00:00Z', requestParameters: { secretId: 'payroll' } }),
      )[0],
    );
    expect(calls).toEqual(['QueryCommand']);
  });

  test('to a resource on a day is one query for each of its four partitions', async () => {
    const accesses = await reader.accessesTo(arnOf('payroll'), ASKED);
    expect(accesses.map(({ eventId }) => eventId).sort()).toEqual(
      ['e-0', 'e-3', 'e-6', 'e-9', 'e-12', 'e-15', 'e-18', 'e-21', 'e-24', 'e-27'].sort(),
    );
    expect(accesses.map(({ at }) => at)).toEqual(
      accesses
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    expect(calls).toEqual(Array.from({ length: 4 }, () => 'QueryCommand'));
  });

  test('is found by the ARN of a secret with its random characters', async () => {
    expect(await reader.accessesTo(arnOf('payroll').replace('??????', 'AbC123'), ASKED)).toHaveLength(10);
  });

  test('is read no further back than asked, and no more than asked', async () => {
    const late = await reader.accessesBy('user:AIDAEXAMPLE1', { ...ASKED, since: '2026-11-20T20:00:00.000Z' });
    expect(late.map(({ at }) => at)).toEqual(['2026-11-20T22:22:00.000Z', '2026-11-20T20:20:00.000Z']);
    const few = await reader.accessesTo(arnOf('wiki'), { ...ASKED, limit: 2 });
    expect(few.map(({ at }) => at)).toEqual(['2026-11-20T23:23:00.000Z', '2026-11-20T22:22:00.000Z']);
  });

  test('is summed up in one query, by principal and by resource', async () => {
    expect((await reader.summariesTo(arnOf('payroll'))).map(({ principal, count }) => [principal, count])).toEqual(
      expect.arrayContaining([
        ['user:AIDAEXAMPLE1', 5],
        ['role:AROAEXAMPLE1', 5],
      ]),
    );
    expect((await reader.summariesBy('user:AIDAEXAMPLE1')).map(({ arn, count }) => [arn, count])).toEqual(
      expect.arrayContaining([
        [arnOf('payroll'), 5],
        [arnOf('wiki'), 10],
      ]),
    );
    expect(calls).toEqual(['QueryCommand', 'QueryCommand']);
  });

  test('is nothing of somebody who did nothing', async () => {
    expect(await reader.accessesBy('user:AIDANOBODY', ASKED)).toEqual([]);
    expect(await reader.summariesBy('user:AIDANOBODY')).toEqual([]);
  });

  test('of sensitive resources is summed up in one query for each of four partitions, and no more than asked', async () => {
    const summaries = await reader.sensitiveSummaries(100);
    expect(summaries.map(({ principal, arn, count }) => [principal, arn, count]).sort()).toEqual([
      ['role:AROAEXAMPLE1', arnOf('payroll'), 5],
      ['user:AIDAEXAMPLE1', arnOf('payroll'), 5],
    ]);
    expect(calls).toEqual(Array.from({ length: 4 }, () => 'QueryCommand'));
    expect(await reader.sensitiveSummaries(1)).toHaveLength(1);
  });
});

describe('what was told of sessions', () => {
  const asked = { since: '2026-11-20T00:00:00.000Z', limit: 100 };

  test('is found by key, by who asked, by the session that asked, by name and by person, in one query each', async () => {
    const found = [
      await sessions.factsOf('ASIAADMIN'),
      await sessions.sessionsOf({ kind: 'principal', key: 'user:AIDABOB' }, asked),
      await sessions.sessionsOf({ kind: 'session', key: 'ASIADEPLOYER' }, asked),
      await sessions.sessionsOf({ kind: 'name', key: 'AROAADMIN:x' }, asked),
      await sessions.sessionsOf({ kind: 'person', key: 'source-identity:alice' }, asked),
    ];
    expect(
      found.map((facts) => facts.map((fact) => fact.kind !== 'named' && `${fact.kind} ${fact.accessKeyId}`)),
    ).toEqual([
      ['issued ASIAADMIN', 'held ASIAADMIN', 'held ASIAADMIN'],
      ['issued ASIADEPLOYER'],
      ['issued ASIAADMIN'],
      ['held ASIAADMIN', 'held ASIAADMIN'],
      ['held ASIAADMIN'],
    ]);
    expect(calls).toEqual(Array.from({ length: 5 }, () => 'QueryCommand'));
  });

  test('is what the records said', async () => {
    const [issued] = await sessions.sessionsOf({ kind: 'session', key: 'ASIADEPLOYER' }, asked);
    expect(issued).toMatchObject({
      kind: 'issued',
      by: 'role:AROADEPLOYER',
      who: 'deployer/alice',
      holder: 'role:AROAADMIN',
    });
    expect(issued).not.toHaveProperty('ttl');
  });

  test('is asked for within its times', async () => {
    const name = { kind: 'name', key: 'AROAADMIN:x' } as const;
    const at = (since: string, until: string) => sessions.sessionsOf(name, { since, until, limit: 100 });
    expect(await at('2026-11-20T02:04:59.000Z', '2026-11-20T02:05:00.000Z')).toHaveLength(2);
    expect(await at('2026-11-20T02:05:01.000Z', '2026-11-20T02:06:00.000Z')).toEqual([]);
    expect(await at('2026-11-20T02:00:00.000Z', '2026-11-20T02:04:59.000Z')).toEqual([]);
  });

  test('leads to the accesses made in one session, in one query', async () => {
    const accesses = await reader.accessesIn('ASIAADMIN', { since: asked.since, limit: 10 });
    expect(accesses.map(({ eventId, who }) => [eventId, who])).toEqual([['read-ASIAADMIN-wiki', 'admin/x']]);
    expect(calls).toEqual(['QueryCommand']);
  });

  test('names the users of Identity Center, from either side', async () => {
    expect(await sessions.namesOf('idc:u-1')).toEqual(['idc-name:carol@example.com']);
    expect(await sessions.personsNamed('idc-name:carol@example.com')).toEqual(['idc:u-1']);
  });
});
