import { describe, expect, test } from 'vitest';
import type { ActionId } from '../../../shared/containment/action.ts';
import type { ContainRequest } from '../../../shared/containment/contain.ts';
import { type JudgeInput, judge } from '../../../shared/containment/judge.ts';
import type { ContainableSubject } from '../../../shared/containment/read-subject.ts';
import { restore } from '../../../shared/containment/restore.ts';
import { FIRST_VERIFY, verify } from '../../../shared/containment/verify.ts';
import { QUARANTINE_ARN, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { createScene, ran, roleSubject, type Scene, sessionSubject, userSubject } from './scene.ts';

const GUARDED = { guarded: true } as const;

function withoutRoom() {
  const scene = createScene({ attachQuota: 1 });
  const user = scene.fake.createUser('alice', { attached: new Set([READ_ONLY_ARN]) });
  const { contain, fake, ledger } = scene;
  return { scene, contain, fake, ledger, user, subject: userSubject(user) };
}

/** Contained and looked at until nothing is to wait for; then what it is worth. */
async function judged(
  { contain, fake, ledger, clock }: Scene,
  of: { readonly subject: ContainableSubject; readonly actions: readonly ActionId[] },
  { guarded = true, meanwhile = () => {} }: { readonly guarded?: boolean; readonly meanwhile?: () => void } = {},
) {
  const request: Pick<ContainRequest, 'subject' | 'actions' | 'guarded'> = { ...of, guarded };
  const { shortfalls } = ran(await contain(request));
  const look = (progress = FIRST_VERIFY) =>
    verify({ iam: fake.iam, ledger: ledger.takeLease(), clock }, { ...of, settleSeconds: 30, progress });
  let report = await look();
  meanwhile();
  while (report.kind === 'seen' && report.next.kind !== 'settled') {
    if (report.next.kind === 'reassert') await contain({ ...request, pass: 'reassert' });
    if (report.next.kind === 'wait') clock.advance(report.next.seconds * 1_000);
    report = await look(report.progress);
  }
  const input: JudgeInput = {
    actions: of.actions,
    report,
    settleSeconds: 30,
    shortfalls,
    residual: [],
    unavailable: [],
    endpointIsAws: true,
    guarded,
  };
  return judge(input);
}

describe('under the organisation’s guard', () => {
  test('a user that is denied inline is tagged after the deny', async () => {
    const { contain, fake, subject, user, ledger } = withoutRoom();
    await contain({ subject, actions: ['quarantine'], ...GUARDED });
    expect(fake.writes()).toEqual(['AttachUserPolicy', 'PutUserPolicy', 'TagUser']);
    expect(fake.calls().at(-1)?.input).toEqual({
      UserName: 'alice',
      Tags: [{ Key: 'rescind:held', Value: 'by Rescind' }],
    });
    expect(user.held).toBe('by Rescind');
    expect(ledger.entry('tag-held#user alice')).toMatchObject({ state: 'done', prior: { held: null } });
  });

  test('so is a role whose sessions are ended', async () => {
    const { contain, fake } = createScene();
    const role = fake.createRole('builder');
    await contain({ subject: roleSubject(role), actions: ['revoke-sessions'], ...GUARDED });
    expect(fake.writes()).toEqual(['PutRolePolicy', 'TagRole']);
    expect(role.held).toBe('by Rescind');
  });

  test('whoever bears the quarantine policy needs no tag', async () => {
    const { contain, fake } = createScene();
    const user = fake.createUser('alice', { accessKeys: new Map([['AKIAONE', 'Active']]) });
    const request = { subject: userSubject(user), actions: ['quarantine', 'deactivate-keys'], ...GUARDED } as const;
    const report = ran(await contain(request));
    expect(fake.writes()).toEqual(['AttachUserPolicy', 'UpdateAccessKey']);
    expect(report.shortfalls).toEqual([]);
    // Nor is anybody asked for a tag that is not written.
    const again = await contain(request, async () => ({ ok: false, reason: 'stopped', detail: 'not asked' }));
    expect(again.kind).toBe('ran');
  });

  test('a role of which one session is contained is left to its owners', async () => {
    const { contain, fake } = createScene();
    const role = fake.createRole('builder');
    await contain({ subject: sessionSubject(role, 'mallory'), actions: ['revoke-session'], ...GUARDED });
    await contain({ subject: sessionSubject(role, 'mallory'), actions: ['revoke-sessions'], ...GUARDED });
    expect(fake.writes()).toEqual(['PutRolePolicy', 'PutRolePolicy']);
    expect(role.held).toBeUndefined();
  });

  test('nobody is tagged for what is not a deny of everything', async () => {
    const { contain, fake } = createScene();
    const user = fake.createUser('alice');
    await contain({ subject: userSubject(user), actions: ['require-mfa'], ...GUARDED });
    expect(fake.writes()).toEqual(['PutUserPolicy']);
  });

  test('nobody is tagged while no deny stands', async () => {
    const { contain, fake, subject } = withoutRoom();
    for (const operation of ['PutUserPolicy', 'PutUserPermissionsBoundary']) fake.failOn(operation, 1, 'denied', 9);
    await contain({ subject, actions: ['quarantine'], ...GUARDED });
    expect(fake.writes()).not.toContain('TagUser');
  });

  test('a crash between the deny and the tag is made up for, once the gates were asked', async () => {
    const { contain, fake, subject, user } = withoutRoom();
    const { execute } = fake.iam;
    fake.iam.execute = async (call) => {
      if (call.operation === 'TagUser') throw new Error('crash');
      return execute(call);
    };
    const request = { subject, actions: ['quarantine'], ...GUARDED } as const;
    await expect(contain(request)).rejects.toThrow('crash');
    fake.iam.execute = execute;
    const refused = await contain(request, async () => ({ ok: false, reason: 'stopped', detail: 'by anna' }));
    expect(refused).toMatchObject({ kind: 'refused', reason: 'stopped' });
    await contain(request);
    expect(user.held).toBe('by Rescind');
  });

  test.each([[undefined], ['since the audit']])('a release gives back the tag %s, before the deny', async (held) => {
    const { contain, fake, ledger } = createScene({ attachQuota: 0 });
    const user = fake.createUser('alice', held === undefined ? {} : { held });
    const subject = userSubject(user);
    const before = fake.state();
    await contain({ subject, actions: ['quarantine'], ...GUARDED });
    fake.forget();
    await restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject, withheld: [] });
    expect(fake.state()).toEqual(before);
    expect(fake.writes()).toEqual([held === undefined ? 'UntagUser' : 'TagUser', 'DeleteUserPolicy']);
  });

  test('a release leaves a tag that somebody wrote over ours', async () => {
    const { contain, fake, ledger, subject, user } = withoutRoom();
    await contain({ subject, actions: ['quarantine'], ...GUARDED });
    user.held = 'keep';
    expect(await restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject, withheld: [] })).toMatchObject({
      conflicts: [{ reason: 'the tag rescind:held was changed meanwhile' }],
    });
    expect(user.held).toBe('keep');
  });
});

test('without a guard nobody is tagged', async () => {
  const { contain, fake, subject } = withoutRoom();
  await contain({ subject, actions: ['quarantine'] });
  expect(fake.writes()).toEqual(['AttachUserPolicy', 'PutUserPolicy']);
});

describe('grade A', () => {
  test('is for the attached policy under a guard, and for nothing without one', async () => {
    const scene = createScene();
    const subject = userSubject(scene.fake.createUser('alice'));
    expect(await judged(scene, { subject, actions: ['quarantine'] })).toMatchObject({ kind: 'contained', grade: 'A' });
    const other = createScene();
    const bob = userSubject(other.fake.createUser('bob'));
    const outcome = await judged(other, { subject: bob, actions: ['quarantine'] }, { guarded: false });
    expect(outcome).toMatchObject({ kind: 'contained', grade: 'B' });
  });

  test('is for an inline deny once the tag is seen beside it', async () => {
    const { scene, subject } = withoutRoom();
    expect(await judged(scene, { subject, actions: ['quarantine'] })).toMatchObject({ kind: 'contained', grade: 'A' });
  });

  test('is not for a session’s deny, which anybody may take off the role', async () => {
    const scene = createScene();
    const subject = sessionSubject(scene.fake.createRole('builder'), 'mallory');
    const outcome = await judged(scene, { subject, actions: ['revoke-session'] });
    expect(outcome).toMatchObject({ kind: 'contained', grade: 'B' });
  });

  test('is not for what was taken back all the same: the guard is not what the policy says', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice');
    const outcome = await judged(
      scene,
      { subject: userSubject(user), actions: ['quarantine'] },
      { meanwhile: () => user.attached.delete(QUARANTINE_ARN) },
    );
    expect(outcome).toMatchObject({ kind: 'contained', grade: 'B' });
  });

  test('a tag that could not be written is missing, and named', async () => {
    const { scene, subject } = withoutRoom();
    scene.fake.failOn('TagUser', 1, 'denied', 99);
    expect(await judged(scene, { subject, actions: ['quarantine'] })).toMatchObject({
      kind: 'partial',
      missing: [{ item: 'tag of user alice', reason: 'AccessDenied: not authorized' }, { item: 'settle time' }],
    });
  });
});
