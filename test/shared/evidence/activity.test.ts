import { describe, expect, test } from 'vitest';
import { type AccessEntry, entriesOf } from '../../../shared/access/access-entry.ts';
import type { Subject } from '../../../shared/cases/subject.ts';
import { collectActivity, MOST_PAGES } from '../../../shared/evidence/activity.ts';
import { traceOf } from '../../../shared/evidence/trace.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { LookupAsked, LookupPage } from '../../../shared/ports/trail-history.ts';
import { anEvent, aRecord, SESSION } from '../access/an-event.ts';

const ALICE: Subject = {
  kind: 'user',
  key: 'user:AIDAEXAMPLE1',
  account: '111122223333',
  userId: 'AIDAEXAMPLE1',
  userName: 'alice',
  arn: 'arn:aws:iam::111122223333:user/alice',
};
const ROLE: Subject = {
  kind: 'role',
  key: 'role:AROAEXAMPLE1',
  account: '111122223333',
  roleId: 'AROAEXAMPLE1',
  roleName: 'deployer',
  arn: 'arn:aws:iam::111122223333:role/team/deployer',
};
const ALICES_SESSION: Subject = {
  ...ROLE,
  kind: 'session',
  key: 'session:AROAEXAMPLE1:alice@example.com',
  sessionName: 'alice@example.com',
};
const from = new Date('2026-11-19T00:00:00Z');
const to = new Date('2026-11-20T12:00:00Z');

/** What was asked, and what is there: of the access record by key and day, of CloudTrail a page after the other. */
function world(
  entries: readonly AccessEntry[],
  pages: readonly (LookupPage | Error)[] = [],
  more: Readonly<Record<string, readonly (LookupPage | Error)[]>> = {},
) {
  const asked: LookupAsked[] = [];
  const days: string[] = [];
  let calls = 0;
  const kept = (key: string, { day, limit }: { day: string; limit: number }) => {
    days.push(`${key} ${day}`);
    return Promise.resolve(entries.filter(({ at }) => at.startsWith(day)).slice(0, limit));
  };
  return {
    asked,
    days,
    calls: () => calls,
    accesses: { accessesBy: kept, accessesTo: kept },
    trails: Object.entries({ 'eu-central-1': pages, ...more }).map(([region, told]) => ({
      region,
      history: {
        async *pages(lookup: LookupAsked) {
          asked.push(lookup);
          for (const page of told) {
            calls += 1;
            await Promise.resolve();
            if (page instanceof Error) throw page;
            yield page;
          }
        },
      },
    })),
  };
}
const page = (...records: readonly object[]): LookupPage => ({ records: records as JsonObject[], unreadable: 0 });
const lacksOf = (sources: readonly { name: string; lacks: readonly string[] }[], name: string) =>
  sources.find((source) => source.name === name)?.lacks.join('; ') ?? '';

describe('the activity of a subject', () => {
  test('is each event once, the oldest first, with the record where CloudTrail has it', async () => {
    const recorded = entriesOf(anEvent());
    const early = aRecord({ eventID: 'early', eventTime: '2026-11-20T01:00:00Z', eventName: 'ListSecrets' });
    const there = world(recorded, [page(aRecord(), early)]);
    const { events, sources } = await collectActivity(there, { trace: traceOf(ALICE), from, to, accessKeyIds: [] });

    expect(events.map(({ eventId, at, foundIn }) => [eventId, at, foundIn])).toEqual([
      ['early', '2026-11-20T01:00:00.000Z', ['CloudTrail']],
      ['6a1f3c52-9f0e-4d8f-8d65-111111111101', '2026-11-20T02:14:07.000Z', ['access record', 'CloudTrail']],
    ]);
    expect(events[1]?.record).toEqual(aRecord());
    expect(events[1]?.accesses[0]?.resource?.arn).toContain('prod/db');
    expect(sources.map(({ name, events: found }) => [name, found])).toEqual([
      ['access record', 1],
      ['CloudTrail', 2],
    ]);
    expect(there.days).toEqual(['user:AIDAEXAMPLE1 2026-11-20', 'user:AIDAEXAMPLE1 2026-11-19']);
    expect(there.asked).toEqual([{ from, to, by: { key: 'Username', value: 'alice' } }]);
  });

  test('leaves out somebody else who bears the name', async () => {
    const other = aRecord({
      eventID: 'impostor',
      userIdentity: { type: 'IAMUser', principalId: 'AIDAOTHER', accountId: '111122223333', userName: 'alice' },
    });
    const { events } = await collectActivity(world([], [page(other)]), {
      trace: traceOf(ALICE),
      from,
      to,
      accessKeyIds: [],
    });
    expect(events).toEqual([]);
  });

  test('of a session is asked by the name of the session, and is not that of others of the role', async () => {
    const bobs = {
      ...SESSION,
      principalId: 'AROAEXAMPLE1:bob',
      arn: 'arn:aws:sts::111122223333:assumed-role/deployer/bob',
    };
    const mine = entriesOf(anEvent({ eventID: 'mine', userIdentity: SESSION }));
    const theirs = entriesOf(anEvent({ eventID: 'theirs', userIdentity: bobs }));
    const there = world([...mine, ...theirs], [page(aRecord({ eventID: 'bob-too', userIdentity: bobs }))]);
    const { events } = await collectActivity(there, { trace: traceOf(ALICES_SESSION), from, to, accessKeyIds: [] });
    expect(events.map(({ eventId }) => eventId)).toEqual(['mine']);
    expect(there.asked.map(({ by }) => by)).toEqual([{ key: 'Username', value: 'alice@example.com' }]);
    expect(there.days[0]).toBe('role:AROAEXAMPLE1 2026-11-20');
  });

  test('of a role is asked by the keys that were seen in use, for CloudTrail knows its sessions by name only', async () => {
    const recorded = entriesOf(anEvent({ userIdentity: SESSION }));
    const there = world(recorded, []);
    const { sources } = await collectActivity(there, {
      trace: traceOf(ROLE),
      from,
      to,
      accessKeyIds: ['ASIADETECTED1'],
    });
    expect(there.asked.map(({ by }) => by)).toEqual([
      { key: 'AccessKeyId', value: 'ASIADETECTED1' },
      { key: 'AccessKeyId', value: 'ASIAEXAMPLE2' },
    ]);
    expect(lacksOf(sources, 'CloudTrail')).toContain('by access keys that were seen in use');
  });

  test.each([
    ['arn:aws:s3:::payroll', 'payroll'],
    ['arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0', 'sg-0123456789abcdef0'],
    ['arn:aws:cloudtrail:eu-west-1:111122223333:trail/main', 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/main'],
  ])('of %s is what was done to it, whoever did it, by the name that CloudTrail has of it', async (arn, value) => {
    const beyond: Subject = {
      kind: 'beyond',
      key: `resource:${arn}`,
      account: '111122223333',
      label: arn,
      why: '',
      humanSteps: [],
    };
    const there = world([], [page(aRecord())]);
    const { events } = await collectActivity(there, { trace: traceOf(beyond), from, to, accessKeyIds: [] });
    expect(events).toHaveLength(1);
    expect(there.asked[0]?.by).toEqual({ key: 'ResourceName', value });
    expect(there.days[0]).toBe(`${arn} 2026-11-20`);
  });
});

describe('what the activity lacks is said', () => {
  const asked = { trace: traceOf(ALICE), from, to, accessKeyIds: [] };

  test('of each region that is asked, and that no other was', async () => {
    const refused = Object.assign(new Error('not here'), { name: 'UnrecognizedClientException' });
    const there = world([], [page(aRecord({ eventID: 'here' }))], {
      'us-east-1': [page(aRecord({ eventID: 'iam' }), aRecord({ eventID: 'here' }))],
      'me-south-1': [refused],
    });
    const { events, sources } = await collectActivity(there, asked);
    expect(events.map(({ eventId }) => eventId).sort()).toEqual(['here', 'iam']);
    expect(there.asked).toEqual(
      Array.from({ length: 3 }, () => ({ from, to, by: { key: 'Username', value: 'alice' } })),
    );
    const lacks = lacksOf(sources, 'CloudTrail');
    expect(lacks).toContain('of these regions: eu-central-1, us-east-1, me-south-1; no other was asked');
    expect(lacks).toContain('me-south-1 could not be asked to the end: UnrecognizedClientException');
  });

  test('where there are so many regions that each is asked for less', async () => {
    const many = Array.from({ length: 50 }, () => page(aRecord()));
    const regions = Array.from({ length: 5 }, (_, i) => [`region-${i}`, many] as const);
    const there = world([], many, Object.fromEntries(regions));
    const { sources } = await collectActivity(there, asked);
    expect(there.calls()).toBe(120);
    expect(lacksOf(sources, 'CloudTrail')).toContain('region-4 was asked for 20 pages of 50 events');
  });

  test(`where CloudTrail has more than ${MOST_PAGES} pages, which are all that is asked for`, async () => {
    const there = world(
      [],
      Array.from({ length: MOST_PAGES + 5 }, () => page(aRecord())),
    );
    const { sources } = await collectActivity(there, asked);
    expect(there.calls()).toBe(40);
    expect(lacksOf(sources, 'CloudTrail')).toContain('40 pages of 50 events');
  });

  test('where CloudTrail ends before, nothing is said to be cut', async () => {
    const { sources } = await collectActivity(world([], [page(aRecord())]), asked);
    expect(lacksOf(sources, 'CloudTrail')).not.toContain('pages of 50');
  });

  test('where CloudTrail refuses, and what it had told stays', async () => {
    const refused = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    const { events, sources } = await collectActivity(world([], [page(aRecord()), refused]), asked);
    expect(events).toHaveLength(1);
    expect(lacksOf(sources, 'CloudTrail')).toContain('could not be asked to the end: ThrottlingException');
  });

  test('where records cannot be read', async () => {
    const { sources } = await collectActivity(world([], [{ records: [{ eventID: 'x' }], unreadable: 2 }]), asked);
    expect(lacksOf(sources, 'CloudTrail')).toContain('3 records of eu-central-1 could not be read');
  });

  test('where records are so long that all of them together would fill the memory of the function', async () => {
    const { requestParameters } = aRecord() as { requestParameters: object };
    const arns = Array.from({ length: 40 }, (_, i) => `arn:aws:s3:::payroll-${i}`);
    const long = { ...requestParameters, templateBody: 'x'.repeat(100_000), resourceArns: arns };
    const flood = Array.from({ length: 12 }, (_, p) =>
      page(...Array.from({ length: 50 }, (_, i) => aRecord({ eventID: `long-${p}-${i}`, requestParameters: long }))),
    );
    const there = world([], [...flood, page(aRecord({ eventID: 'short' }))]);
    const { events, sources } = await collectActivity(there, asked);
    expect(events).toHaveLength(601);
    expect(JSON.stringify(events).length).toBeLessThan(25_000_000);
    expect(events.find(({ eventId }) => eventId === 'short')?.record).toBeDefined();
    const cut = events.filter(({ record }) => record === undefined);
    expect(lacksOf(sources, 'CloudTrail')).toContain(`${cut.length} records of eu-central-1 are too long`);
    expect(cut.map(({ accesses }) => accesses.map(({ leftOut }) => leftOut))).toContainEqual([40]);
  });

  test('where CloudTrail is not asked at all', async () => {
    const there = world([], [page(aRecord())]);
    const { events, sources } = await collectActivity(there, { ...asked, notLookedUp: 'it was not asked: a storm' });
    expect([there.calls(), events.length]).toEqual([0, 0]);
    expect(lacksOf(sources, 'CloudTrail')).toBe('it was not asked: a storm');
  });

  test('where more accesses are recorded than are read', async () => {
    const [entry] = entriesOf(anEvent());
    if (entry === undefined) throw new Error('no entry');
    const many = Array.from({ length: 5_002 }, (_, i) => ({ ...entry, eventId: `e-${i}` }));
    const { events, sources } = await collectActivity(world(many), asked);
    expect(events).toHaveLength(5_000);
    expect(lacksOf(sources, 'access record')).toContain('only the newest 5000');
  });
});
