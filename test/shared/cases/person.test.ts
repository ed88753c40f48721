import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../shared/cases/outcome.ts';
import { personOf } from '../../../shared/cases/person-subject.ts';
import { personDeny } from '../../../shared/containment/person-deny.ts';
import { accessEvent, rule, sessionPrincipal } from '../../support/case-scene.ts';
import {
  ADMIN_SET,
  CENTER,
  createFakeIdentityCenter,
  EVE,
  EVES_ROLE,
  type FakeIdentityCenter,
  READER_SET,
} from '../../support/fake-identity-center.ts';
import { CRASHES, type Crash } from '../../support/timeline.ts';
import { createWholeWorld, type WholeWorld, type WholeWorldOptions } from '../../support/whole-world.ts';

const RULES = [rule({ id: 'stop' }), rule({ id: 'end' }), rule({ id: 'lock' })];
const ANSWERS = {
  stop: { playbook: 'contain', mode: 'enforce' },
  end: { playbook: 'revoke-session', mode: 'enforce' },
  lock: { playbook: 'lock', mode: 'enforce', forSeconds: 3_600 },
} as const;
const MORE_SET = ADMIN_SET.replace(/1$/, '3');
/** Of somebody else, with white space of their own. */
const THEIRS = '{\n  "Version": "2012-10-17",\n  "Statement": [ {"Effect":"Allow","Action":"s3:*","Resource":"*"} ]\n}';

type World = Omit<WholeWorld, 'center'> & { readonly center: FakeIdentityCenter };

function world(options: Partial<WholeWorldOptions> = {}): World {
  const made = createWholeWorld({
    seed: 1,
    order: 'by-time',
    rules: RULES,
    answers: ANSWERS,
    center: createFakeIdentityCenter,
    ...options,
  });
  const { center } = made;
  if (center === undefined) throw new Error('There is no Identity Center');
  return { ...made, center };
}

function call(holds: string, onBehalfOf?: string) {
  return accessEvent({
    eventId: `call-${holds}`,
    principal: sessionPrincipal(EVES_ROLE, {
      sessionName: 'eve@example.com',
      ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    }),
    record: { requestParameters: {}, holds: [holds] },
  });
}

/** Sends the record, and approves whatever is asked. */
async function contain(it: World, holds = 'stop', onBehalfOf: string | undefined = EVE): Promise<void> {
  it.send(call(holds, onBehalfOf));
  await it.timeline.run();
}

async function approve(it: World, caseId = 'C-1'): Promise<void> {
  it.order({ kind: 'approve', caseId });
  await it.timeline.run();
}

async function contained(options: Partial<WholeWorldOptions> = {}, before?: (it: World) => void): Promise<World> {
  const it = world(options);
  before?.(it);
  await contain(it);
  await approve(it);
  return it;
}

async function outcomeOf(it: World, caseId = 'C-1'): Promise<Outcome | undefined> {
  return (await it.store.list()).find((one) => one.caseId === caseId)?.outcome;
}

const inlineOf = (it: World, set = ADMIN_SET) => it.center.sets.get(set)?.inline;

describe('a user of Identity Center', () => {
  test('is denied everything in each of their sets and in every account, once a person has approved', async () => {
    const it = world();
    await contain(it);
    expect(it.writes).toEqual([]);
    expect(await it.store.list()).toMatchObject([
      { subject: { kind: 'person', key: `idc:${EVE}` }, state: 'awaiting-approval' },
    ]);

    await approve(it);
    expect(it.failures).toEqual([]);
    expect(it.unrecorded).toEqual([]);
    expect([it.center.open(ADMIN_SET, EVE), it.center.open(READER_SET, EVE)]).toEqual([[], []]);
    expect(it.writes.map(({ operation, function: by }) => [operation, by.split(' ').at(-1)])).toEqual([
      ['PutInlinePolicyToPermissionSet', 'revert'],
      ['PutInlinePolicyToPermissionSet', 'revert'],
    ]);
    expect(it.center.log.filter(({ operation }) => operation === 'ProvisionPermissionSet')).toMatchObject([
      { input: { PermissionSetArn: ADMIN_SET, TargetType: 'ALL_PROVISIONED_ACCOUNTS' } },
      { input: { PermissionSetArn: READER_SET, TargetType: 'ALL_PROVISIONED_ACCOUNTS' } },
    ]);
    expect(await outcomeOf(it)).toMatchObject({ kind: 'contained' });
  });

  test('is told with what a deny does not end, with the real ids', async () => {
    const outcome = await outcomeOf(await contained());
    if (outcome?.kind !== 'contained') throw new Error('not contained');
    const told = outcome.residual.map(({ what, humanStep }) => `${what}\n${humanStep}`).join('\n');
    expect(told).toContain('sessions of roles that Identity Center opened live up to 12 hours');
    expect(told).toContain(`Users / eve@example.com (${EVE})`);
    expect(told).toContain(`--target-id 111122223333 --principal-type USER --principal-id ${EVE}`);
    expect(told).toContain('delete-group-membership');
    expect(told).toContain('--membership-id in-group-1');
  });

  test('has one case, whether the record tells the id or the name', async () => {
    const it = world();
    it.send({ ...call('stop'), eventId: 'by-name' });
    await it.timeline.run();
    const cases = await it.store.list();
    expect(cases.map(({ subject }) => subject.key).sort()).toEqual([`idc:${EVE}`, 'session:AROASSO:eve@example.com']);
    const own = cases.find(({ subject }) => subject.kind === 'person')?.caseId;
    expect(cases.find(({ subject }) => subject.kind === 'beyond')).toMatchObject({
      outcome: { kind: 'not-containable', humanSteps: [expect.stringContaining(`npx rescind case show ${own}`)] },
    });

    it.send(call('stop', EVE));
    await it.timeline.run();
    expect((await it.store.list()).map(({ caseId }) => caseId)).toEqual(cases.map(({ caseId }) => caseId));
  });

  test('who was released is contained anew by the name alone, although the case of the session is still open', async () => {
    const it = world();
    const byName = (eventId: string, eventTime: string) => it.send({ ...call('stop'), eventId, eventTime });
    const ofPerson = async () =>
      (await it.store.list()).filter(({ subject }) => subject.kind === 'person').map(({ state }) => state);
    byName('first', '2026-11-21T02:00:00Z');
    await it.timeline.run();
    const own = (await it.store.list()).find(({ subject }) => subject.kind === 'person')?.caseId ?? '';
    await approve(it, own);
    it.order({ kind: 'release', caseId: own, all: false });
    await it.timeline.run();
    expect(await ofPerson()).toEqual(['released']);

    it.background(it.clock.sleep(2 * 3_600_000));
    await it.timeline.run();
    byName('second', '2026-11-21T04:30:00Z');
    await it.timeline.run();
    expect(await ofPerson()).toEqual(['released', 'awaiting-approval']);
    expect(it.failures).toEqual([]);
  });

  test.each([
    ['went through', undefined, 'partial'],
    ['was denied', 'AccessDenied', 'contained'],
  ])('who is known by name, and whose call %s after they were called contained', async (_, errorCode, kind) => {
    const it = world();
    it.send({ ...call('stop'), eventId: 'first' });
    await it.timeline.run();
    const own = (await it.store.list()).find(({ subject }) => subject.kind === 'person')?.caseId ?? '';
    await approve(it, own);
    it.background(it.clock.sleep(2 * 3_600_000));
    await it.timeline.run();
    const failed = errorCode === undefined ? {} : { errorCode };
    it.send({ ...call('stop'), eventId: 'second', eventTime: '2026-11-21T03:59:00Z', ...failed });
    await it.timeline.run();
    expect(await outcomeOf(it, own)).toMatchObject({ kind });
    expect(it.failures).toEqual([]);
  });

  test.each([
    ['id', EVE],
    ['name alone', undefined],
  ])('who is protected is refused, whether the record tells the %s', async (_, onBehalfOf) => {
    const it = world({ protectedKeys: new Set([`idc:${EVE}`]) });
    it.send(call('stop', onBehalfOf));
    await it.timeline.run();
    expect(it.writes).toEqual([]);
    const own = (await it.store.list()).find(({ subject }) => subject.kind === 'person');
    expect(own).toMatchObject({ state: 'needs-human', outcome: { kind: 'refused', reason: 'protected' } });
  });

  test('who is unknown there keeps the case of the session, and nothing is changed', async () => {
    const it = world();
    it.center.users.delete(EVE);
    it.send(call('stop'));
    await it.timeline.run();
    expect(it.writes).toEqual([]);
    expect(await it.store.list()).toMatchObject([
      { subject: { kind: 'beyond' }, state: 'needs-human', outcome: { kind: 'not-containable' } },
    ]);
  });

  test.each([
    ['was deleted since', (it: World) => void it.center.users.delete(EVE), 'knows nobody'],
    ['reaches no account of the policy', (it: World) => void it.center.assignments.splice(0), 'no permission set'],
  ])('who %s is not called contained', async (_, before, why) => {
    const it = world();
    before(it);
    await contain(it);
    expect(await outcomeOf(it)).toMatchObject({ kind: 'not-containable', why: expect.stringContaining(why) });
    expect(it.writes).toEqual([]);
  });

  test('under an id that is none is left to a person', async () => {
    const it = world();
    await contain(it, 'stop', '*');
    expect(it.writes).toEqual([]);
    expect(await it.store.list()).toMatchObject([{ subject: { kind: 'beyond' }, state: 'needs-human' }]);
  });

  test('is locked by nobody: that is refused by name', async () => {
    const it = world();
    await contain(it, 'lock');
    expect(it.writes).toEqual([]);
    expect(await outcomeOf(it)).toMatchObject({
      why: expect.stringContaining('lock is not built for a user of IAM Identity Center'),
    });
  });

  test('whose sessions are to end is denied what was opened before, and nothing after', async () => {
    const it = world();
    await contain(it, 'end');
    await approve(it);
    expect(await outcomeOf(it)).toMatchObject({ kind: 'contained' });
    const [statement] = JSON.parse(inlineOf(it) ?? '{}').Statement;
    expect(statement).toMatchObject({ Effect: 'Deny', Action: '*', Resource: '*' });
    expect(statement.Condition).toEqual({
      StringEquals: { 'identitystore:userId': EVE },
      DateLessThan: { 'aws:TokenIssueTime': expect.stringMatching(/^2026-11-21T02:01:\d\dZ$/) },
    });
  });

  test.each([
    ['stop', 'partial', 'succeeded at 2026-11-21T03:00:00Z'],
    // Who signs in again goes on, and is meant to.
    ['end', 'contained', ''],
  ])('whose call goes through after %s was called contained makes it %s', async (holds, kind, why) => {
    const it = world();
    await contain(it, holds);
    await approve(it);
    expect(await outcomeOf(it)).toMatchObject({ kind: 'contained' });
    it.send({ ...call(holds, EVE), eventId: 'later', eventTime: '2026-11-21T03:00:00Z' });
    await it.timeline.run();
    const outcome = await outcomeOf(it);
    expect(outcome).toMatchObject({ kind });
    expect(JSON.stringify(outcome)).toContain(why);
  });

  test('who is given another set while it is watched is not called contained, for nobody approved a deny in that one', async () => {
    const it = world();
    await contain(it);
    it.background(
      it.clock.sleep(12_000).then(() => {
        const more = { name: 'More', inline: null, accounts: new Map([['444455556666', null]]) };
        it.center.sets.set(MORE_SET, more);
        it.center.assignments.push({ account: '444455556666', set: MORE_SET, user: EVE });
      }),
    );
    await approve(it);
    expect(it.center.open(MORE_SET, EVE)).toEqual(['444455556666']);
    expect(await outcomeOf(it)).toMatchObject({
      kind: 'partial',
      missing: [{ item: expect.stringContaining('permission set More'), reason: expect.stringContaining('approved') }],
    });
  });

  test('cannot approve or release it', async () => {
    const it = world();
    await contain(it);
    it.order(
      { kind: 'approve', caseId: 'C-1' },
      'arn:aws:sts::444455556666:assumed-role/AWSReservedSSO_Reader_0/eve@example.com',
    );
    await it.timeline.run();
    expect(it.writes).toEqual([]);
    it.order(
      { kind: 'approve', caseId: 'C-1' },
      'arn:aws:sts::444455556666:assumed-role/AWSReservedSSO_Reader_0/bob@example.com',
    );
    await it.timeline.run();
    expect(await outcomeOf(it)).toMatchObject({ kind: 'contained' });
  });
});

describe('the inline policy of a set', () => {
  test.each([
    ['none', null],
    ['somebody’s', THEIRS],
  ])('comes back byte for byte where there was %s before', async (_, before) => {
    const it = await contained({}, ({ center }) => {
      const set = center.sets.get(ADMIN_SET);
      if (set !== undefined) set.inline = before;
      for (const account of set?.accounts.keys() ?? []) set?.accounts.set(account, before);
    });
    expect(it.center.open(ADMIN_SET, EVE)).toEqual([]);
    if (before !== null) expect(inlineOf(it)).toContain(before.slice(0, before.lastIndexOf(' ]')));
    it.order({ kind: 'release', caseId: 'C-1', all: false });
    await it.timeline.run();
    expect(inlineOf(it)).toBe(before);
    expect([...(it.center.sets.get(ADMIN_SET)?.accounts.values() ?? [])]).toEqual([before, before]);
    expect(await it.store.list()).toMatchObject([{ state: 'released' }]);
    expect(it.failures).toEqual([]);
  });

  test('keeps what somebody wrote beside the deny meanwhile', async () => {
    const it = await contained();
    const set = it.center.sets.get(ADMIN_SET);
    const theirs = '{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}';
    if (set !== undefined) set.inline = `${set.inline?.slice(0, -2)}, ${theirs}]}`;
    it.order({ kind: 'release', caseId: 'C-1', all: false });
    await it.timeline.run();
    expect(inlineOf(it)).toBe(`{"Version":"2012-10-17","Statement":[${theirs}]}`);
  });

  test.each(['end', 'stop'])(
    'in which a statement like ours of somebody else stands is never taken for ours: %s',
    async (holds) => {
      const [eve] = [personOf({ userId: EVE, account: '111122223333', label: 'eve' }, CENTER)];
      if (eve === undefined) throw new Error('eve has no id');
      // Her sessions of today are none from before 1970.
      const planted = personDeny(eve, holds === 'end' ? '1970-01-01T00:00:00Z' : undefined);
      const it = world();
      const set = it.center.sets.get(ADMIN_SET);
      const before = JSON.stringify({ Version: '2012-10-17', Statement: [planted] });
      if (set !== undefined) set.inline = before;
      for (const account of set?.accounts.keys() ?? []) set?.accounts.set(account, before);
      await contain(it, holds);
      await approve(it);
      expect(await outcomeOf(it)).toMatchObject({
        kind: 'partial',
        missing: [{ item: 'permission set Admin', reason: expect.stringContaining(planted.Sid) }],
      });
      expect(inlineOf(it)).toBe(before);
    },
  );

  test('that has no room for our statement is left, and the outcome says so', async () => {
    const full = `{"Statement":[{"Effect":"Allow","Action":"s3:${'x'.repeat(10_150)}","Resource":"*"}]}`;
    const it = await contained({}, ({ center }) => {
      const set = center.sets.get(ADMIN_SET);
      if (set !== undefined) set.inline = full;
    });
    expect(inlineOf(it)).toBe(full);
    expect(await outcomeOf(it)).toMatchObject({
      kind: 'partial',
      missing: [{ item: 'permission set Admin', reason: expect.stringContaining('letters of 10240') }],
    });
  });

  test('from which somebody takes the deny while it is watched gets it back', async () => {
    const it = world();
    await contain(it);
    it.background(
      it.clock.sleep(12_000).then(() => {
        const set = it.center.sets.get(ADMIN_SET);
        if (set !== undefined) set.inline = null;
      }),
    );
    await approve(it);
    expect(it.center.open(ADMIN_SET, EVE)).toEqual([]);
    expect(await outcomeOf(it)).toMatchObject({ kind: 'contained' });
    expect((await it.store.ledger('C-1')).map(({ reasserted }) => reasserted)).toContain(1);
  });
});

describe('provisioning', () => {
  test('that fails makes the outcome partial, with the reason', async () => {
    const it = await contained({}, ({ center }) => void Object.assign(center.provisioning, { fails: true }));
    expect(it.center.open(ADMIN_SET, EVE)).toEqual(['111122223333', '444455556666']);
    expect(await outcomeOf(it)).toMatchObject({
      kind: 'partial',
      missing: expect.arrayContaining([
        { item: 'permission set Admin', reason: expect.stringContaining('ProvisioningFailed: a policy of this name') },
      ]),
    });
  });

  test('that takes longer than a function waits is contained once it is seen to be everywhere', async () => {
    const it = await contained({}, ({ center }) => void Object.assign(center.provisioning, { milliseconds: 20_000 }));
    expect(it.center.open(ADMIN_SET, EVE)).toEqual([]);
    expect(await outcomeOf(it)).toMatchObject({ kind: 'contained' });
  });

  test('that does not end is never called contained', async () => {
    const it = await contained(
      {},
      ({ center }) => void Object.assign(center.provisioning, { milliseconds: 3_600_000 }),
    );
    expect(await outcomeOf(it)).toMatchObject({ kind: 'partial' });
  });
});

const CALLS = [
  'DescribeUser',
  'ListAccountAssignmentsForPrincipal',
  'ListGroupMembershipsForMember',
  'DescribePermissionSet',
  'GetInlinePolicyForPermissionSet',
  'ListAccountsForProvisionedPermissionSet',
  'PutInlinePolicyToPermissionSet',
  'ProvisionPermissionSet',
  'DescribePermissionSetProvisioningStatus',
];

describe('under faults', () => {
  test.each(CALLS)('%s never makes a false contained: once, later once, and from then on', async (operation) => {
    // Of all faults and all calls the fault bench makes a share: test/faults/inject.ts.
    for (const fault of ['missing', 'answer-lost'] as const) {
      for (const [occurrence, times] of [
        [1, 1],
        [1, 1_000],
        [4, 1_000],
      ] as const) {
        const it = await contained({}, ({ center }) => center.failOn(operation, occurrence, fault, times));
        const outcome = await outcomeOf(it);
        const open = [...it.center.open(ADMIN_SET, EVE), ...it.center.open(READER_SET, EVE)];
        expect([fault, occurrence, times, outcome?.kind === 'contained' ? open : []]).toEqual([
          fault,
          occurrence,
          times,
          [],
        ]);
        expect(it.unrecorded).toEqual([]);
      }
    }
  });

  test.each(
    ['PutInlinePolicyToPermissionSet', 'ProvisionPermissionSet'].flatMap((operation) =>
      (['throttled', 'server-error', 'answer-lost'] as const).map((fault) => ({ operation, fault })),
    ),
  )('$operation $fault once is made up for', async ({ operation, fault }) => {
    const it = await contained({}, ({ center }) => center.failOn(operation, 1, fault));
    expect(await outcomeOf(it)).toMatchObject({ kind: 'contained' });
  });
});

describe('a crash', () => {
  const release = async (it: World): Promise<void> => {
    it.order({ kind: 'release', caseId: 'C-1', all: false });
    await it.timeline.run();
  };

  test.each(CRASHES)(
    '%s after the approval converges, of the release as well: at a share of the calls, of which the fault bench meets all',
    async (crash: Crash) => {
      const heard: string[] = [];
      await release(await contained({ tell: (line) => heard.push(line) }));
      const from = heard.findIndex((line) => line.includes('operate: flow.answer')) + 2;
      expect(from).toBeGreaterThan(2);
      for (let call = from + CRASHES.indexOf(crash); call <= heard.length; call += 9) {
        const it = await contained({ crashes: new Map([[call, crash]]) });
        expect([call, await outcomeOf(it), it.center.open(ADMIN_SET, EVE)]).toMatchObject([
          call,
          { kind: 'contained' },
          [],
        ]);
        await release(it);
        expect([call, inlineOf(it), inlineOf(it, READER_SET)]).toEqual([call, null, null]);
        expect([...(it.center.sets.get(ADMIN_SET)?.accounts.values() ?? [])]).toEqual([null, null]);
        expect([call, it.failures, it.unrecorded]).toEqual([call, [], []]);
      }
    },
  );
});
