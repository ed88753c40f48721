import { describe, expect, test } from 'vitest';
import { FenceLostError } from '../../../shared/ports/ledger.ts';
import { ADMINISTRATOR_ARN, QUARANTINE_ARN, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { TAMPERED } from '../../support/memory-ledger.ts';
import { createScene, plannedSteps, ran, roleSubject, sessionSubject, userSubject } from './scene.ts';

const INLINE_DENY =
  '{"Version":"2012-10-17","Statement":[{"Sid":"RescindQuarantine","Effect":"Deny","Action":"*","Resource":"*"}]}';

function stolenUser() {
  const { contain, fake, ledger } = createScene();
  const user = fake.createUser('alice', {
    attached: new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]),
    accessKeys: new Map([
      ['AKIAONE', 'Active'],
      ['AKIATWO', 'Inactive'],
    ]),
    serviceCredentials: new Map([['ACCACODE', 'Active']]),
    sshKeys: new Map([['APKASSH', 'Active']]),
    certificates: new Map([['CERT1', 'Inactive']]),
  });
  return { contain, fake, ledger, user, subject: userSubject(user) };
}

describe('containing a user', () => {
  test('denies first, then switches credentials off, and leaves policies for later', async () => {
    const { contain, subject, fake, user } = stolenUser();
    const report = ran(await contain({ subject }));
    expect(fake.writes()).toEqual([
      'AttachUserPolicy',
      'UpdateAccessKey',
      'UpdateServiceSpecificCredential',
      'UpdateSSHPublicKey',
    ]);
    expect(user.attached).toEqual(new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN, QUARANTINE_ARN]));
    expect(Object.fromEntries(user.accessKeys)).toEqual({ AKIAONE: 'Inactive', AKIATWO: 'Inactive' });
    expect(report.denyAt).toBe('2026-11-21T02:00:00.250Z');
    expect(report.mutatingCalls).toBe(4);
    expect(report.steps.map(({ stepKey, result }) => [stepKey, result])).toEqual([
      ['quarantine#user alice', 'done'],
      ['deactivate-keys#AKIAONE', 'done'],
      ['deactivate-other-credentials#ACCACODE', 'done'],
      ['deactivate-other-credentials#APKASSH', 'done'],
    ]);
  });

  test('reads once before the deny, and no policy document', async () => {
    const { contain, subject, fake } = stolenUser();
    await contain({ subject });
    const firstWrite = fake.log.findIndex(({ kind }) => kind === 'write');
    expect(
      fake.log
        .slice(0, firstWrite)
        .map(({ operation }) => operation)
        .sort(),
    ).toEqual([
      'GetUser',
      'GetUserPolicy',
      'ListAccessKeys',
      'ListAttachedUserPolicies',
      'ListSSHPublicKeys',
      'ListServiceSpecificCredentials',
      'ListSigningCertificates',
    ]);
  });

  test('detaches only what makes an administrator, in a pass of its own', async () => {
    const { contain, subject, fake, user } = stolenUser();
    await contain({ subject });
    fake.forget();
    await contain({ subject, pass: 'detach' });
    expect(fake.writes()).toEqual(['DetachUserPolicy']);
    expect(user.attached).toEqual(new Set([READ_ONLY_ARN, QUARANTINE_ARN]));
  });

  test('detaches nothing while no deny stands, not even to make room for one', async () => {
    const { contain, subject, fake, user } = stolenUser();
    for (const operation of ['AttachUserPolicy', 'PutUserPolicy', 'PutUserPermissionsBoundary']) {
      fake.failOn(operation, 1, 'quota');
      fake.failOn(operation, 2, 'quota');
    }
    await contain({ subject });
    const report = ran(await contain({ subject, pass: 'detach' }));
    expect(user.attached.has(ADMINISTRATOR_ARN)).toBe(true);
    expect(report.shortfalls).toEqual([
      { item: `detach ${ADMINISTRATOR_ARN} from user alice`, reason: 'not done, for no deny stands' },
    ]);
  });

  test('writes each intent with its prior value before the change', async () => {
    const { contain, subject, fake, ledger } = stolenUser();
    const seen: string[] = [];
    const { execute } = fake.iam;
    fake.iam.execute = async (call) => {
      seen.push(
        ledger
          .entries()
          .map(({ key, state }) => `${key} ${state}`)
          .join(', '),
      );
      return execute(call);
    };
    await contain({ subject });
    expect(seen[0]).toBe('quarantine#user alice intended');
    expect(seen[1]).toBe(
      'quarantine#user alice done, deactivate-keys#AKIAONE intended, ' +
        'deactivate-other-credentials#ACCACODE intended, deactivate-other-credentials#APKASSH intended',
    );
    expect(ledger.entry('quarantine#user alice')?.prior).toEqual({ attached: false });
    expect(ledger.entry('deactivate-keys#AKIAONE')?.prior).toEqual({ status: 'Active' });
  });

  test('run again, changes nothing and says that it stands', async () => {
    const { contain, subject, fake } = stolenUser();
    await contain({ subject });
    fake.forget();
    const report = ran(await contain({ subject }, async () => ({ ok: false, reason: 'stopped', detail: 'not asked' })));
    expect(fake.writes()).toEqual([]);
    expect(new Set(report.steps.map(({ result }) => result))).toEqual(new Set(['stands']));
  });

  test('denies inline when the quota of attached policies is reached, under an entry of its own', async () => {
    const scene = createScene({ attachQuota: 1 });
    const user = scene.fake.createUser('alice', { attached: new Set([READ_ONLY_ARN]) });
    const report = ran(await scene.contain({ subject: userSubject(user) }));
    expect(scene.fake.writes()).toEqual(['AttachUserPolicy', 'PutUserPolicy']);
    expect(user.inline.get('Rescind-Quarantine')).toBe(INLINE_DENY);
    expect(scene.ledger.entries().map(({ key, state, prior }) => [key, state, prior])).toEqual([
      ['quarantine#user alice', 'failed', { attached: false }],
      ['quarantine#user alice#fallback1', 'done', { document: null }],
    ]);
    expect(report.steps[0]).toMatchObject({ result: 'done', call: { operation: 'PutUserPolicy' } });
  });

  test('denies inline when the quarantine policy is gone', async () => {
    const { contain, subject, fake, user } = stolenUser();
    fake.deletePolicy(QUARANTINE_ARN);
    await contain({ subject });
    expect(user.inline.get('Rescind-Quarantine')).toBe(INLINE_DENY);
  });

  test('goes on with the independent steps when one is refused, and says which failed', async () => {
    const { contain, subject, fake, user } = stolenUser();
    fake.failOn('UpdateAccessKey', 1, 'denied');
    const report = ran(await contain({ subject }));
    expect(report.steps.filter(({ result }) => result === 'failed')).toMatchObject([
      { stepKey: 'deactivate-keys#AKIAONE', detail: 'AccessDenied: not authorized' },
    ]);
    expect(user.sshKeys.get('APKASSH')).toBe('Inactive');
  });

  test('switches the credentials off even when no deny can be made', async () => {
    const { contain, subject, fake, user } = stolenUser();
    fake.failOn('AttachUserPolicy', 1, 'denied');
    fake.failOn('PutUserPolicy', 1, 'denied');
    fake.failOn('PutUserPermissionsBoundary', 1, 'denied');
    const report = ran(await contain({ subject }));
    expect(report.steps[0]).toMatchObject({ stage: 'deny', result: 'failed' });
    expect(report.denyAt).toBeUndefined();
    expect(user.accessKeys.get('AKIAONE')).toBe('Inactive');
  });

  test('lists what the endpoint does not offer and what could not be read', async () => {
    const { contain, subject, fake } = stolenUser();
    fake.failOn('ListSSHPublicKeys', 1, 'unavailable');
    fake.failOn('ListAccessKeys', 1, 'throttled');
    const report = ran(await contain({ subject }));
    expect(report.unavailable).toEqual([{ operation: 'ListSSHPublicKeys', reason: 'InvalidAction' }]);
    expect(report.shortfalls).toEqual([
      { item: 'access keys', reason: 'ListAccessKeys failed: Throttling: Rate exceeded' },
    ]);
  });

  test('a deny whose baseline cannot be read is made all the same', async () => {
    const { contain, subject, fake, user, ledger } = stolenUser();
    fake.failOn('ListAttachedUserPolicies', 1, 'denied');
    await contain({ subject });
    expect(user.attached.has(QUARANTINE_ARN)).toBe(true);
    expect(ledger.entry('quarantine#user alice')?.prior).toEqual({ unread: true });
  });

  test('a credential deleted meanwhile has reached its goal', async () => {
    const { contain, subject, fake, user } = stolenUser();
    const { execute } = fake.iam;
    fake.iam.execute = async (call) => {
      if (call.operation === 'AttachUserPolicy') user.accessKeys.delete('AKIAONE');
      return execute(call);
    };
    const report = ran(await contain({ subject }));
    expect(report.steps.map(({ result }) => result)).toEqual(['done', 'done', 'done', 'done']);
  });
});

describe('who it is', () => {
  test('nobody of that name: gone, and nothing is written', async () => {
    const { contain, subject, fake, ledger } = stolenUser();
    fake.deleteUser('alice');
    expect(await contain({ subject })).toEqual({
      kind: 'gone',
      detail: 'There is no user alice any more: it was deleted or renamed.',
      mutatingCalls: 0,
    });
    expect(ledger.entries()).toEqual([]);
  });

  test('another user under the same name is never touched', async () => {
    const { contain, subject, fake } = stolenUser();
    fake.deleteUser('alice');
    fake.createUser('alice', { accessKeys: new Map([['AKIANEW', 'Active']]) });
    expect((await contain({ subject })).kind).toBe('gone');
    expect(fake.writes()).toEqual([]);
  });

  test('deleted between read and deny: gone', async () => {
    const { contain, subject, fake } = stolenUser();
    const { execute } = fake.iam;
    fake.iam.execute = async (call) => {
      fake.deleteUser('alice');
      return execute(call);
    };
    expect(await contain({ subject })).toMatchObject({ kind: 'gone', mutatingCalls: 1 });
    expect(fake.writes()).toEqual(['AttachUserPolicy']);
  });

  test('somebody beyond IAM is not containable, and is not even read', async () => {
    const { contain, fake } = stolenUser();
    const subject = {
      kind: 'beyond',
      key: 'root:111122223333',
      account: '111122223333',
      label: 'root',
      why: 'No IAM policy restricts the root user.',
      humanSteps: ['Sign in as root.'],
    } as const;
    expect(await contain({ subject })).toEqual({
      kind: 'not-containable',
      why: 'No IAM policy restricts the root user.',
      humanSteps: ['Sign in as root.'],
    });
    expect(fake.log).toEqual([]);
  });
});

describe('what stops it', () => {
  test('a refusal just before the first change leaves IAM and ledger alone', async () => {
    const { contain, subject, fake, ledger } = stolenUser();
    const report = await contain({ subject }, async () => ({ ok: false, reason: 'stopped', detail: 'by anna' }));
    expect(report).toEqual({ kind: 'refused', reason: 'stopped', detail: 'by anna' });
    expect(fake.writes()).toEqual([]);
    expect(ledger.entries()).toEqual([]);
  });

  test('it is asked once, after the reads', async () => {
    const { contain, subject, fake } = stolenUser();
    const asked: number[] = [];
    await contain({ subject }, async () => {
      asked.push(fake.log.length);
      return { ok: true };
    });
    expect(asked).toEqual([7]);
  });

  test('a lost lease before the deny: nothing is changed', async () => {
    const { contain, subject, fake, ledger } = stolenUser();
    const running = contain({ subject }, async () => {
      ledger.takeLease();
      return { ok: true };
    });
    await expect(running).rejects.toThrow(FenceLostError);
    expect(fake.writes()).toEqual([]);
  });

  test('a lease lost after the deny: nothing more is changed', async () => {
    const { contain, subject, fake, ledger } = stolenUser();
    const { execute } = fake.iam;
    fake.iam.execute = async (call) => {
      ledger.takeLease();
      return execute(call);
    };
    await expect(contain({ subject })).rejects.toThrow(FenceLostError);
    expect(fake.writes()).toEqual(['AttachUserPolicy']);
  });
});

describe('putting back what somebody undid', () => {
  test('sends the stored call again, and counts it', async () => {
    const { contain, subject, fake, user, ledger } = stolenUser();
    await contain({ subject });
    fake.forget();

    user.attached.delete(QUARANTINE_ARN);
    const once = ran(await contain({ subject, pass: 'reassert' }));
    expect(fake.writes()).toEqual(['AttachUserPolicy']);
    expect(once.steps[0]).toMatchObject({ result: 'reasserted', reasserted: 1 });

    user.attached.delete(QUARANTINE_ARN);
    await contain({ subject, pass: 'reassert' });
    expect(ledger.entry('quarantine#user alice')).toMatchObject({
      state: 'done',
      reasserted: 2,
      prior: { attached: false },
    });
    expect(user.attached.has(QUARANTINE_ARN)).toBe(true);
  });

  test('switches off a key that was made meanwhile', async () => {
    const { contain, subject, user } = stolenUser();
    await contain({ subject });
    user.accessKeys.set('AKIATHREE', 'Active');
    await contain({ subject, pass: 'reassert' });
    expect(user.accessKeys.get('AKIATHREE')).toBe('Inactive');
  });

  test('keeps a reactivated key’s first prior value', async () => {
    const { contain, subject, user, ledger } = stolenUser();
    await contain({ subject });
    user.accessKeys.set('AKIAONE', 'Active');
    await contain({ subject, pass: 'reassert' });
    expect(user.accessKeys.get('AKIAONE')).toBe('Inactive');
    expect(ledger.entry('deactivate-keys#AKIAONE')).toMatchObject({ prior: { status: 'Active' }, reasserted: 1 });
  });

  test('goes by a fresh plan and not by an entry that somebody changed, which is named', async () => {
    const { contain, subject, fake, user, ledger } = stolenUser();
    await contain({ subject });
    ledger.tamper('quarantine#user alice');
    ledger.tamper('deactivate-keys#AKIAONE');
    user.attached.delete(QUARANTINE_ARN);
    user.accessKeys.set('AKIAONE', 'Active');
    fake.forget();
    const report = ran(await contain({ subject, pass: 'reassert' }));
    expect(user.attached.has(QUARANTINE_ARN)).toBe(true);
    expect(user.accessKeys.get('AKIAONE')).toBe('Inactive');
    expect(fake.writes()).toEqual(['AttachUserPolicy', 'UpdateAccessKey']);
    expect(report.shortfalls).toEqual([
      { item: 'ledger: user alice', reason: TAMPERED },
      { item: 'ledger: access key AKIAONE', reason: TAMPERED },
    ]);
  });

  test('a detached policy that came back is detached again', async () => {
    const { contain, subject, user } = stolenUser();
    await contain({ subject });
    await contain({ subject, pass: 'detach' });
    user.attached.add(ADMINISTRATOR_ARN);
    await contain({ subject, pass: 'reassert' });
    expect(user.attached.has(ADMINISTRATOR_ARN)).toBe(false);
  });
});

describe('containing a role', () => {
  const sessionPolicy = (roleId: string, cutOff: string) =>
    '{"Version":"2012-10-17","Statement":[{"Sid":"RescindRevokeSession","Effect":"Deny","Action":"*","Resource":"*",' +
    `"Condition":{"StringEquals":{"aws:userid":"${roleId}:mallory"},"DateLessThan":{"aws:TokenIssueTime":"${cutOff}"}}}]}`;

  test('ends one session with one call, for tokens older than now and the margin', async () => {
    const { fake, contain } = createScene();
    const role = fake.createRole('builder');
    const subject = sessionSubject(role, 'mallory');
    await contain({ subject, actions: ['revoke-session'] });
    expect(fake.writes()).toEqual(['PutRolePolicy']);
    const [[name, document] = ['', '']] = [...role.inline];
    expect(name).toMatch(/^Rescind-RevokeSession-[0-9a-f]{16}$/);
    expect(document).toBe(sessionPolicy(role.roleId, '2026-11-21T02:01:01Z'));
  });

  test('a rerun a minute later keeps the first cut-off', async () => {
    const { fake, contain, clock } = createScene();
    const role = fake.createRole('builder');
    const subject = sessionSubject(role, 'mallory');
    await contain({ subject, actions: ['revoke-session'] });
    clock.advance(60_000);
    await contain({ subject, actions: ['revoke-session'] });
    expect([...role.inline.values()]).toEqual([sessionPolicy(role.roleId, '2026-11-21T02:01:01Z')]);
    expect(fake.writes()).toEqual(['PutRolePolicy']);
  });

  test('ends all sessions', async () => {
    const { fake, contain } = createScene();
    const role = fake.createRole('builder');
    await contain({ subject: roleSubject(role), actions: ['revoke-sessions'] });
    expect(role.inline.get('Rescind-RevokeSessions')).toBe(
      '{"Version":"2012-10-17","Statement":[{"Sid":"RescindRevokeSessions","Effect":"Deny","Action":"*","Resource":"*",' +
        '"Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-11-21T02:01:01Z"}}}]}',
    );
  });

  test('quarantines a role by the managed policy, inline when that does not fit', async () => {
    const { fake, contain } = createScene({ attachQuota: 1 });
    const free = fake.createRole('free');
    const full = fake.createRole('full', { attached: new Set([READ_ONLY_ARN]) });
    await contain({ subject: roleSubject(free), actions: ['quarantine'] });
    await contain({ subject: roleSubject(full), actions: ['quarantine'] });
    expect(free.attached.has(QUARANTINE_ARN)).toBe(true);
    expect(full.inline.get('Rescind-Quarantine')).toBe(INLINE_DENY);
  });
});

describe('with an approval', () => {
  test('runs what was approved, and lists a step that is new', async () => {
    const { contain, subject, user, fake, approvedSteps } = await approved();
    user.accessKeys.set('AKIATWO', 'Active');
    const report = ran(await contain({ subject, approvedSteps }));
    expect(report.unapproved.map(({ key }) => key)).toEqual(['deactivate-keys#AKIATWO']);
    expect(fake.writes()).toHaveLength(4);
    expect(user.accessKeys.get('AKIATWO')).toBe('Active');
  });

  test('changes nothing when the deny is no longer the approved one', async () => {
    const { contain, subject, user, fake, approvedSteps } = await approved();
    user.attached.add(QUARANTINE_ARN);
    expect(await contain({ subject, approvedSteps })).toMatchObject({ kind: 'refused', reason: 'stale-plan' });
    expect(fake.writes()).toEqual([]);
  });

  test('a rerun of what was approved goes on', async () => {
    const { contain, subject, approvedSteps } = await approved();
    await contain({ subject, approvedSteps });
    expect(ran(await contain({ subject, approvedSteps })).unapproved).toEqual([]);
  });

  test('the cut-off of a session is not part of what is approved', async () => {
    const { fake, contain, clock } = createScene();
    const subject = sessionSubject(fake.createRole('builder'), 'mallory');
    const actions = ['revoke-session'] as const;
    const approvedSteps = await plannedSteps(fake.iam, subject, actions);
    clock.advance(3_600_000);
    expect(ran(await contain({ subject, actions, approvedSteps })).steps).toMatchObject([{ result: 'done' }]);
  });

  async function approved() {
    const { contain, fake, user, subject } = stolenUser();
    const actions = ['quarantine', 'deactivate-keys', 'deactivate-other-credentials'] as const;
    return { contain, fake, user, subject, approvedSteps: await plannedSteps(fake.iam, subject, actions) };
  }
});
