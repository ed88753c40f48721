import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { accessEvent, rule, userPrincipal } from '../../support/case-scene.ts';
import { ADMINISTRATOR_ARN, type FakeUser, QUARANTINE_ARN, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { CRASHES, type Crash } from '../../support/timeline.ts';
import { createWholeWorld, type WholeWorld, type WholeWorldOptions } from '../../support/whole-world.ts';

const RULES = [rule({ id: 'undo' }), rule({ id: 'stop' })];
const ANSWERS = {
  undo: { playbook: 'revert', mode: 'enforce' },
  stop: { playbook: 'contain', mode: 'enforce' },
} as const;

function world(options: Partial<WholeWorldOptions> = {}): WholeWorld {
  return createWholeWorld({ seed: 1, order: 'by-time', rules: RULES, answers: ANSWERS, ...options });
}

/** mallory's calls, as CloudTrail tells them. */
function call(
  eventName: string,
  requestParameters: JsonObject,
  more: { eventId?: string; responseElements?: JsonObject; holds?: readonly string[]; eventTime?: string } = {},
) {
  const { eventId = `${eventName}-1`, responseElements = {}, holds = ['undo'], eventTime } = more;
  return accessEvent({
    eventId,
    eventName,
    principal: userPrincipal({ userId: 'AIDAMALLORY', userName: 'mallory', accessKeyId: 'ASIAMALLORY' }),
    ...(eventTime === undefined ? {} : { eventTime }),
    record: { requestParameters, responseElements, holds: [...holds] },
  });
}

const attached = (userName: string, policyArn = ADMINISTRATOR_ARN) => call('AttachUserPolicy', { userName, policyArn });

/** bob, whom mallory has just made an administrator. */
function withBob(options: Partial<WholeWorldOptions> = {}): { readonly it: WholeWorld; readonly bob: FakeUser } {
  const it = world(options);
  const bob = it.fake.createUser('bob', {
    attached: new Set([READ_ONLY_ARN, ADMINISTRATOR_ARN]),
    accessKeys: new Map([['AKIABOB', 'Active']]),
  });
  return { it, bob };
}

async function release(it: WholeWorld, all: boolean): Promise<void> {
  const [found] = await it.store.list();
  it.order({ kind: 'release', caseId: String(found?.caseId), all });
  await it.timeline.run();
}

describe('a policy that a detected call attached', () => {
  test('is detached, and nothing else: the case is about whom it was attached to, and says who did it', async () => {
    const { it, bob } = withBob();
    it.send(attached('bob'));
    await it.timeline.run();

    expect(it.failures).toEqual([]);
    expect([...bob.attached]).toEqual([READ_ONLY_ARN]);
    expect([...bob.accessKeys]).toEqual([['AKIABOB', 'Active']]);
    expect(it.writes.map(({ operation, function: name }) => [operation, name.split(' ').at(-1)])).toEqual([
      ['DetachUserPolicy', 'revert'],
    ]);
    expect(it.unrecorded).toEqual([]);
    const [found, ...others] = await it.store.list();
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      subject: { key: `user:${bob.userId}` },
      state: 'contained',
      outcome: {
        kind: 'contained',
        residual: [{ what: 'mallory made the change that was undone, and can make it again' }],
      },
    });
    expect(await it.store.ledger('C-1')).toMatchObject([
      { key: `revert-attachment#${ADMINISTRATOR_ARN}`, state: 'done', prior: { attached: true } },
    ]);
    expect(it.sent.map(({ state }) => state)).toEqual(['containing', 'contained']);
  });

  test('does not come back with a release, and comes back with all of it', async () => {
    const { it, bob } = withBob();
    it.send(attached('bob'));
    await it.timeline.run();
    await release(it, false);
    expect([...bob.attached]).toEqual([READ_ONLY_ARN]);
    const [found] = await it.store.list();
    expect(found).toMatchObject({
      state: 'released',
      release: { withheld: [{ reason: 'it was attached by a call that was detected' }] },
    });

    await release(it, true);
    expect([...bob.attached].sort()).toEqual([ADMINISTRATOR_ARN, READ_ONLY_ARN]);
    expect(it.failures).toEqual([]);
  });

  test('of a role is detached from the role', async () => {
    const it = world();
    const role = it.fake.createRole('builder', { attached: new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]) });
    it.send(call('AttachRolePolicy', { roleName: 'builder', policyArn: ADMINISTRATOR_ARN }));
    await it.timeline.run();
    expect([...role.attached]).toEqual([READ_ONLY_ARN]);
    expect(await it.store.list()).toMatchObject([{ subject: { key: `role:${role.roleId}` }, state: 'contained' }]);
    await release(it, true);
    expect([...role.attached].sort()).toEqual([ADMINISTRATOR_ARN, READ_ONLY_ARN]);
  });

  test('is detached although reads do not show it yet, and stays detached once they do', async () => {
    const { it, bob } = withBob({ readLagMilliseconds: () => 4_000 });
    bob.attached.delete(ADMINISTRATOR_ARN);
    it.background(
      it.clock.sleep(10_000).then(() => {
        bob.attached.add(ADMINISTRATOR_ARN);
        it.send(attached('bob'));
      }),
    );
    await it.timeline.run();
    expect([...bob.attached]).toEqual([READ_ONLY_ARN]);
    expect(await it.store.list()).toMatchObject([{ state: 'contained' }]);
  });

  test('is left alone when it is the quarantine policy, which is said', async () => {
    const { it, bob } = withBob();
    bob.attached.add(QUARANTINE_ARN);
    it.send(attached('bob', QUARANTINE_ARN));
    await it.timeline.run();
    expect(bob.attached.has(QUARANTINE_ARN)).toBe(true);
    expect(it.writes).toEqual([]);
    const [found] = await it.store.list();
    expect(found).toMatchObject({ state: 'needs-human', outcome: { kind: 'partial' } });
    expect(JSON.stringify(found?.outcome)).toContain('only a release takes off');
  });

  test('on somebody protected is left alone, refused by name', async () => {
    const bobId = withBob().bob.userId;
    const { it, bob } = withBob({ protectedKeys: new Set([`user:${bobId}`]) });
    it.send(attached('bob'));
    await it.timeline.run();
    expect(bob.attached.has(ADMINISTRATOR_ARN)).toBe(true);
    expect(await it.store.list()).toMatchObject([{ outcome: { kind: 'refused', reason: 'protected' } }]);
  });

  test('in mode observe is planned and left alone', async () => {
    const { it, bob } = withBob({ answers: { undo: { playbook: 'revert', mode: 'observe' } } });
    it.send(attached('bob'));
    await it.timeline.run();
    expect(bob.attached.has(ADMINISTRATOR_ARN)).toBe(true);
    expect(await it.store.list()).toMatchObject([{ state: 'open', outcome: { kind: 'planned' } }]);
    expect((await it.store.plan('C-1', 1))?.steps.map(({ title }) => title)).toEqual([
      `detach ${ADMINISTRATOR_ARN} from user bob, where a detected call attached it`,
    ]);
  });

  test('is left alone where only a rule in observe asks for it, whatever another rule may do', async () => {
    const { it, bob } = withBob({
      rules: [rule({ id: 'undo' }), rule({ id: 'watch' })],
      answers: { ...ANSWERS, watch: { playbook: 'revert', mode: 'observe' } },
    });
    it.send(
      call('AttachUserPolicy', { userName: 'bob', policyArn: READ_ONLY_ARN }, { eventId: 'w', holds: ['watch'] }),
    );
    it.send(attached('bob'));
    await it.timeline.run();
    expect([...bob.attached]).toEqual([READ_ONLY_ARN]);
  });

  test('is asked about where it makes nobody an administrator: it may have been attached before, which no record tells', async () => {
    const { it, bob } = withBob();
    it.send(attached('bob', READ_ONLY_ARN));
    await it.timeline.run();
    expect(it.writes).toEqual([]);
    expect(await it.store.list()).toMatchObject([{ state: 'awaiting-approval' }]);
    expect(it.sent.at(-1)?.note).toBe(
      `No record tells whether ${READ_ONLY_ARN} was attached to bob before the detected call.`,
    );
    it.order({ kind: 'approve', caseId: 'C-1' });
    await it.timeline.run();
    expect(it.failures).toEqual([]);
    expect([...bob.attached]).toEqual([ADMINISTRATOR_ARN]);
    expect(await it.store.list()).toMatchObject([{ state: 'contained' }]);
  });

  test('and another one that is attached later are both detached', async () => {
    const { it, bob } = withBob();
    it.send(attached('bob'));
    await it.timeline.run();
    bob.attached.add('arn:aws:iam::aws:policy/IAMFullAccess');
    it.send(
      call(
        'AttachUserPolicy',
        { userName: 'bob', policyArn: 'arn:aws:iam::aws:policy/IAMFullAccess' },
        { eventId: 'second' },
      ),
    );
    await it.timeline.run();
    expect([...bob.attached]).toEqual([READ_ONLY_ARN]);
    expect(await it.store.list()).toMatchObject([{ state: 'contained', planVersion: 2 }]);
  });

  test('and that is attached once more after it was seen to be gone, is detached once more', async () => {
    const { it, bob } = withBob();
    it.send(attached('bob'));
    await it.timeline.run();
    bob.attached.add(ADMINISTRATOR_ARN);
    const eventTime = new Date(it.clock.now().getTime() + 2_000).toISOString();
    it.send(
      call('AttachUserPolicy', { userName: 'bob', policyArn: ADMINISTRATOR_ARN }, { eventId: 'again', eventTime }),
    );
    await it.timeline.run();
    expect([...bob.attached]).toEqual([READ_ONLY_ARN]);
    expect(await it.store.list()).toMatchObject([{ state: 'contained', planVersion: 2 }]);
  });

  test('on somebody who is contained as well comes off after the deny', async () => {
    const { it, bob } = withBob({ rules: [rule({ id: 'undo' }), rule({ id: 'stop', subject: 'target-user' })] });
    it.send(call('AttachUserPolicy', { userName: 'bob', policyArn: ADMINISTRATOR_ARN }, { holds: ['undo', 'stop'] }));
    await it.timeline.run();
    expect(it.failures).toEqual([]);
    expect([...bob.attached].sort()).toEqual([QUARANTINE_ARN, READ_ONLY_ARN].sort());
    expect([...bob.accessKeys]).toEqual([['AKIABOB', 'Inactive']]);
    const [found] = await it.store.list();
    expect(found?.outcome?.kind).toBe('contained');
    expect(it.writes[0]).toMatchObject({ operation: 'AttachUserPolicy', input: { PolicyArn: QUARANTINE_ARN } });
  });

  test('is detached whichever call of a function is its last, and comes back whole', async () => {
    const straight = withBob();
    straight.it.send(attached('bob'));
    await straight.it.timeline.run();
    const calls = straight.it.timeline.calls();
    expect(calls).toBeGreaterThan(20);
    for (let at = 1; at <= calls; at += 1) {
      for (const how of CRASHES) {
        const { it, bob } = withBob({ crashes: new Map<number, Crash>([[at, how]]) });
        it.send(attached('bob'));
        await it.timeline.run();
        const what = `${how} call ${at}`;
        expect([what, [...bob.attached], it.unrecorded]).toEqual([what, [READ_ONLY_ARN], []]);
        expect([what, (await it.store.list()).map(({ state }) => state)]).toEqual([what, ['contained']]);
        await release(it, true);
        expect([what, [...bob.attached].sort()]).toEqual([what, [ADMINISTRATOR_ARN, READ_ONLY_ARN]]);
      }
    }
  });
});

describe('an access key that a detected call created', () => {
  const created = (userName: string) =>
    call('CreateAccessKey', { userName }, { responseElements: { accessKey: { userName, accessKeyId: 'AKIANEW' } } });

  test('for somebody else is deactivated, the others are not, and a release leaves it so unless asked for all', async () => {
    const { it, bob } = withBob();
    bob.accessKeys.set('AKIANEW', 'Active');
    it.send(created('bob'));
    await it.timeline.run();
    expect(it.failures).toEqual([]);
    expect([...bob.accessKeys]).toEqual([
      ['AKIABOB', 'Active'],
      ['AKIANEW', 'Inactive'],
    ]);
    expect(await it.store.list()).toMatchObject([{ subject: { key: `user:${bob.userId}` }, state: 'contained' }]);
    expect(it.unrecorded).toEqual([]);

    await release(it, false);
    expect(bob.accessKeys.get('AKIANEW')).toBe('Inactive');
    await release(it, true);
    expect(bob.accessKeys.get('AKIANEW')).toBe('Active');
  });

  test('and was deleted since, is no access any more', async () => {
    const { it, bob } = withBob();
    it.send(created('bob'));
    await it.timeline.run();
    expect([...bob.accessKeys]).toEqual([['AKIABOB', 'Active']]);
    expect(await it.store.list()).toMatchObject([{ state: 'contained' }]);
  });

  test('is deactivated once more by the same case when somebody activates it while it is watched', async () => {
    const { it, bob } = withBob();
    bob.accessKeys.set('AKIANEW', 'Active');
    it.background(it.clock.sleep(6_000).then(() => void bob.accessKeys.set('AKIANEW', 'Active')));
    it.send(created('bob'));
    await it.timeline.run();
    expect(bob.accessKeys.get('AKIANEW')).toBe('Inactive');
    expect(await it.store.ledger('C-1')).toMatchObject([{ reasserted: 1 }]);
  });
});

describe('an inline policy that a detected call wrote', () => {
  const ALLOW = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
  const put = (policyDocument = ALLOW, policyName = 'run-of-the-house') =>
    call('PutUserPolicy', { userName: 'bob', policyName, policyDocument });

  test('is deleted while it says so, and is never called as it was, for nobody knows what stood there', async () => {
    const { it, bob } = withBob();
    bob.inline.set('run-of-the-house', ALLOW).set('own', '{}');
    it.send(put());
    await it.timeline.run();
    expect(it.failures).toEqual([]);
    expect([...bob.inline.keys()]).toEqual(['own']);
    const [found] = await it.store.list();
    expect(found).toMatchObject({
      state: 'needs-human',
      outcome: { kind: 'partial', missing: [{ item: 'inline policy run-of-the-house' }] },
    });

    await release(it, false);
    expect([...bob.inline.keys()]).toEqual(['own']);
    await release(it, true);
    expect(bob.inline.get('run-of-the-house')).toBe(ALLOW);
  });

  test('of a role is deleted from the role', async () => {
    const it = world();
    const role = it.fake.createRole('builder', { inline: new Map([['x', ALLOW]]) });
    it.send(call('PutRolePolicy', { roleName: 'builder', policyName: 'x', policyDocument: ALLOW }));
    await it.timeline.run();
    expect([...role.inline]).toEqual([]);
  });

  const DENY_TOO =
    '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}';
  test.each([
    ['when it says something else by now', ALLOW, 'mine', '{"Statement":[]}', 'no longer says'],
    ['when it also denies', DENY_TOO, 'mine', DENY_TOO, 'it also denies'],
    ['when it bears a name of ours', ALLOW, 'rescind-quarantine', ALLOW, 'Rescind writes policies of such names'],
  ])('is left alone %s, and a person is told why', async (_, written, name, now, why) => {
    const { it, bob } = withBob();
    bob.inline.set(name, now);
    it.send(put(written, name));
    await it.timeline.run();
    expect(bob.inline.get(name)).toBe(now);
    expect(it.writes).toEqual([]);
    const [found] = await it.store.list();
    expect(found).toMatchObject({ state: 'needs-human', outcome: { kind: 'partial' } });
    expect(JSON.stringify(found?.outcome)).toContain(why);
  });

  test('does not come back over what somebody wrote there since', async () => {
    const { it, bob } = withBob();
    bob.inline.set('run-of-the-house', ALLOW);
    it.send(put());
    await it.timeline.run();
    bob.inline.set('run-of-the-house', '{"Statement":[]}');
    await release(it, true);
    expect(bob.inline.get('run-of-the-house')).toBe('{"Statement":[]}');
  });

  test('is deleted whichever call of a function is its last, and comes back byte for byte', async () => {
    const straight = withBob();
    straight.bob.inline.set('run-of-the-house', ALLOW);
    straight.it.send(put());
    await straight.it.timeline.run();
    for (let at = 1; at <= straight.it.timeline.calls(); at += 1) {
      const { it, bob } = withBob({
        crashes: new Map<number, Crash>([[at, CRASHES[at % CRASHES.length] ?? 'before']]),
      });
      bob.inline.set('run-of-the-house', ALLOW);
      it.send(put());
      await it.timeline.run();
      expect([at, [...bob.inline], it.unrecorded]).toEqual([at, [], []]);
      await release(it, true);
      expect([at, [...bob.inline]]).toEqual([at, [['run-of-the-house', ALLOW]]]);
    }
  });
});

describe('a role that a detected call opened to another account', () => {
  const OWN = '{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}';
  const trusting = (...principals: string[]) =>
    `{"Version":"2012-10-17","Statement":[${OWN},{"Effect":"Allow","Principal":{"AWS":${JSON.stringify(principals)}},"Action":"sts:AssumeRole"}]}`;
  const opening = (policyDocument: string) => call('UpdateAssumeRolePolicy', { roleName: 'builder', policyDocument });
  const denyOf = (trust: string) =>
    JSON.parse(trust).Statement.find((one: JsonObject) => String(one.Sid).startsWith('RescindRevertTrust'));

  test.each([
    ['arn:aws:iam::444455556666:role/x', { StringEquals: { 'aws:PrincipalAccount': ['444455556666'] } }],
    ['*', { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' }, Null: { 'aws:PrincipalAccount': 'false' } }],
  ])(
    '%s is kept out by one appended deny, every other byte stays, and a person is told to look',
    async (who, Condition) => {
      const it = world();
      const trust = trusting(who);
      const role = it.fake.createRole('builder', { trust });
      it.send(opening(trust));
      await it.timeline.run();
      expect(it.failures).toEqual([]);
      expect(denyOf(role.trust)).toMatchObject({
        Effect: 'Deny',
        Principal: '*',
        Action: 'sts:AssumeRole*',
        Condition,
      });
      expect(role.trust.startsWith(trust.slice(0, -2))).toBe(true);
      const [found] = await it.store.list();
      expect(found).toMatchObject({ subject: { key: `role:${role.roleId}` }, state: 'needs-human' });
      expect(JSON.stringify(found?.outcome)).toContain('whom the role trusted before is not in the record');

      await release(it, false);
      expect(denyOf(role.trust)).toBeDefined();
      await release(it, true);
      expect(role.trust).toBe(trust);
    },
  );

  test('is left alone once somebody took the account out again', async () => {
    const it = world();
    const role = it.fake.createRole('builder', { trust: trusting('arn:aws:iam::111122223333:role/y') });
    const before = role.trust;
    it.send(opening(trusting('444455556666')));
    await it.timeline.run();
    expect(role.trust).toBe(before);
    expect(it.writes).toEqual([]);
  });

  test('is left to a person where the policy names somebody deleted, for IAM takes no such document', async () => {
    const it = world();
    const trust = trusting('AROAGONE', '444455556666');
    const role = it.fake.createRole('builder', { trust });
    it.send(opening(trusting('444455556666')));
    await it.timeline.run();
    expect(role.trust).toBe(trust);
    const [found] = await it.store.list();
    expect(JSON.stringify(found?.outcome)).toContain('left as it is: it names AROAGONE');
  });

  test('is not the subject of a call that lets in nobody from outside', async () => {
    const it = world();
    it.fake.createRole('builder');
    it.send(opening(trusting('arn:aws:iam::111122223333:role/y')));
    await it.timeline.run();
    expect(await it.store.list()).toMatchObject([{ outcome: { kind: 'not-containable' } }]);
  });
});

describe('revert', () => {
  test('of a call that nobody knows how to undo says so, with what a person does instead', async () => {
    const it = world();
    it.send(call('CreateVpc', {}));
    await it.timeline.run();
    const [found] = await it.store.list();
    expect(found).toMatchObject({ state: 'needs-human', outcome: { kind: 'not-containable' } });
    expect(JSON.stringify(found?.outcome)).toContain('does not know how to undo iam.amazonaws.com/CreateVpc');
  });

  test('of a call that was refused finds nothing to undo', async () => {
    const { it, bob } = withBob();
    it.send({ ...attached('bob'), errorCode: 'AccessDenied' });
    await it.timeline.run();
    expect(it.writes).toEqual([]);
    expect(bob.attached.has(ADMINISTRATOR_ARN)).toBe(true);
    expect(await it.store.list()).toMatchObject([{ outcome: { kind: 'not-containable' } }]);
  });
});
