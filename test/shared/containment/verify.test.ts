import { describe, expect, test } from 'vitest';
import type { ActionId } from '../../../shared/containment/action.ts';
import type { ContainableSubject } from '../../../shared/containment/read-subject.ts';
import { FIRST_VERIFY, type VerifyProgress, type VerifyReport, verify } from '../../../shared/containment/verify.ts';
import { ADMINISTRATOR_ARN, QUARANTINE_ARN, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { createScene, type Scene, sessionSubject, USER_ACTIONS, userSubject } from './scene.ts';

type Seen = Extract<VerifyReport, { kind: 'seen' }>;

function seen(report: VerifyReport): Seen {
  if (report.kind !== 'seen') throw new Error(`Not seen: ${JSON.stringify(report)}`);
  return report;
}

async function containedUser(
  actions: readonly ActionId[] = ['quarantine', 'deactivate-keys', 'deactivate-other-credentials'],
) {
  const scene = createScene();
  const { fake, contain, clock } = scene;
  const user = fake.createUser('alice', {
    attached: new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]),
    accessKeys: new Map([['AKIAONE', 'Active']]),
    sshKeys: new Map([['APKASSH', 'Active']]),
  });
  const subject = userSubject(user);
  await contain({ subject, actions });
  fake.forget();
  return { fake, contain, clock, user, subject, actions, look: looking(scene, subject, actions) };
}

function looking({ fake, ledger, clock }: Scene, subject: ContainableSubject, actions: readonly ActionId[]) {
  return async (progress: VerifyProgress = FIRST_VERIFY) =>
    seen(
      await verify(
        { iam: fake.iam, ledger: ledger.takeLease(), clock },
        { subject, actions, settleSeconds: 30, progress },
      ),
    );
}

/** As the flow does: waits in whole seconds, until something else than a wait is due. */
async function untilNoWait(
  look: (progress?: VerifyProgress) => Promise<Seen>,
  clock: { advance(ms: number): void },
  from?: VerifyProgress,
) {
  const waits: number[] = [];
  let report = await look(from);
  while (report.next.kind === 'wait') {
    waits.push(report.next.seconds);
    clock.advance(report.next.seconds * 1_000);
    report = await look(report.progress);
  }
  return { report, waits };
}

describe('the rhythm of the rounds', () => {
  test('two rounds inside a second, then waits of the flow until the settle time', async () => {
    const scene = createScene();
    const role = scene.fake.createRole('builder');
    const subject = sessionSubject(role, 'mallory');
    await scene.contain({ subject, actions: ['revoke-session'] });
    const { report, waits } = await untilNoWait(looking(scene, subject, ['revoke-session']), scene.clock);
    expect(scene.clock.slept).toEqual([500, 500]);
    expect(waits).toEqual([1, 2, 4, 8, 15]);
    expect(report.next).toEqual({ kind: 'settled' });
    expect(report.stoodSeconds).toBe(30.5);
  });

  test('reads at most four things a round, and each list that was touched before it settles', async () => {
    const { fake, look, clock } = await containedUser();
    let report = await look();
    while (report.next.kind === 'wait') {
      const { round } = report.progress;
      clock.advance(report.next.seconds * 1_000);
      fake.forget();
      report = await look(report.progress);
      expect(fake.reads().length).toBeLessThanOrEqual(4 * (report.progress.round - round));
    }
    expect([...report.progress.seen].sort()).toEqual([
      'accessKeys',
      'attached',
      'certificates',
      'serviceCredentials',
      'sshKeys',
    ]);
    expect(fake.writes()).toEqual([]);
  });
});

describe('what a fresh read shows', () => {
  test('a detached quarantine is to be put back at once', async () => {
    const { user, look } = await containedUser();
    user.attached.delete(QUARANTINE_ARN);
    const report = await look();
    expect(report.next).toEqual({ kind: 'reassert' });
    expect(report.steps.find(({ stage }) => stage === 'deny')?.state).toBe('undone');
    expect(report.progress).toMatchObject({ round: 0, reasserts: 1, seen: [] });
    expect(report.stoodSeconds).toBe(0);
  });

  test('a reactivated key too, and a key that nobody knew', async () => {
    const { user, look } = await containedUser();
    user.accessKeys.set('AKIAONE', 'Active');
    expect((await look()).next).toEqual({ kind: 'reassert' });
    user.accessKeys.set('AKIAONE', 'Inactive');
    user.accessKeys.set('AKIANEW', 'Active');
    const report = await look();
    expect(report.next).toEqual({ kind: 'reassert' });
    expect(report.unexpected).toEqual([
      { item: 'access key AKIANEW', reason: 'active, and made after the containment began' },
    ]);
  });

  test('a call that was refused is retried twice, then judged', async () => {
    const { contain, fake, subject, actions, look, user } = await containedUser(['quarantine', 'deactivate-keys']);
    user.accessKeys.set('AKIANEW', 'Active');
    let report = await look();
    const nexts = [report.next.kind];
    while (report.next.kind === 'reassert') {
      fake.failOn('UpdateAccessKey', 1, 'denied');
      await contain({ subject, actions, pass: 'reassert' });
      report = await look(report.progress);
      nexts.push(report.next.kind);
    }
    expect(nexts).toEqual(['reassert', 'reassert', 'settled']);
    expect(report.steps.find(({ target }) => target === 'access key AKIANEW')).toMatchObject({
      state: 'undone',
      detail: 'AccessDenied: not authorized',
    });
  });

  test('an attacker who never tires ends in a judgement, not in a loop', async () => {
    const { contain, subject, actions, look, user } = await containedUser(['quarantine']);
    let passes = 0;
    let report = await look();
    while (report.next.kind !== 'settled') {
      user.attached.delete(QUARANTINE_ARN);
      report = await look(report.progress);
      if (report.next.kind === 'reassert') await contain({ subject, actions, pass: 'reassert' });
      passes += 1;
    }
    expect(passes).toBeLessThan(50);
    expect(report.steps[0]?.state).toBe('undone');
  });

  test('a deny that cannot be read never settles as standing', async () => {
    const { fake, look, clock } = await containedUser(['quarantine']);
    const first = await look();
    for (let n = 1; n <= 100; n += 1) fake.failOn('ListAttachedUserPolicies', n, 'denied');
    let report = first;
    while (report.next.kind === 'wait') {
      clock.advance(report.next.seconds * 1_000);
      report = await look(report.progress);
    }
    expect(report.steps[0]).toMatchObject({ stage: 'deny', state: 'unknown' });
    expect(clock.now().toISOString()).toBe('2026-11-21T02:01:00.250Z');
  });

  test('a list that the endpoint does not offer is listed and does not hold things up', async () => {
    const { fake, look, clock } = await containedUser();
    for (let n = 1; n <= 20; n += 1) fake.failOn('ListSigningCertificates', n, 'unavailable');
    const { report } = await untilNoWait(look, clock);
    expect(report.unavailable).toEqual([{ operation: 'ListSigningCertificates', reason: 'InvalidAction' }]);
    expect(report.steps.every(({ state }) => state === 'holds')).toBe(true);
  });

  test('another user of the same name is gone', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice');
    const subject = userSubject(user);
    await scene.contain({ subject });
    scene.fake.deleteUser('alice');
    scene.fake.createUser('alice');
    const report = await verify(
      { iam: scene.fake.iam, ledger: scene.ledger.takeLease(), clock: scene.clock },
      { subject, actions: USER_ACTIONS, settleSeconds: 30, progress: FIRST_VERIFY },
    );
    expect(report.kind).toBe('gone');
  });
});

describe('detaching policies', () => {
  test('waits until the deny has stood for as long as IAM needs to hold everywhere, and is asked for until it was made', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice', { attached: new Set([ADMINISTRATOR_ARN]) });
    const subject = userSubject(user);
    await scene.contain({ subject });
    const look = looking(scene, subject, USER_ACTIONS);
    const before = scene.clock.now().getTime();
    const { report } = await untilNoWait(look, scene.clock);
    expect(report.next).toEqual({ kind: 'detach' });
    expect(scene.clock.now().getTime() - before).toBe(4_000);
    await scene.contain({ subject, pass: 'detach' });
    const { report: last } = await untilNoWait(look, scene.clock, { ...report.progress, detached: true });
    expect(last.next).toEqual({ kind: 'settled' });
    expect(last.steps.map(({ stepKey, state }) => [stepKey, state])).toEqual([
      ['quarantine#user alice', 'holds'],
      [`detach-policies#${ADMINISTRATOR_ARN}`, 'holds'],
    ]);
  });

  test('is never asked for while the deny does not stand', async () => {
    const { fake, contain, ledger, clock } = createScene();
    const user = fake.createUser('alice');
    const subject = userSubject(user);
    for (const operation of ['AttachUserPolicy', 'PutUserPolicy', 'PutUserPermissionsBoundary']) {
      for (let n = 1; n <= 10; n += 1) fake.failOn(operation, n, 'denied');
    }
    await contain({ subject });
    let progress: VerifyProgress = FIRST_VERIFY;
    const nexts = new Set<string>();
    for (let n = 0; n < 20; n += 1) {
      const report = seen(
        await verify(
          { iam: fake.iam, ledger: ledger.takeLease(), clock },
          { subject, actions: USER_ACTIONS, settleSeconds: 30, progress },
        ),
      );
      nexts.add(report.next.kind);
      if (report.next.kind === 'settled') break;
      if (report.next.kind === 'reassert') await contain({ subject, pass: 'reassert' });
      progress = report.progress;
    }
    expect([...nexts]).toEqual(['reassert', 'settled']);
  });
});
