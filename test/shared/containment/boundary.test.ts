import { describe, expect, test } from 'vitest';
import { judge } from '../../../shared/containment/judge.ts';
import { restore } from '../../../shared/containment/restore.ts';
import { FIRST_VERIFY, verify } from '../../../shared/containment/verify.ts';
import { verifyRestore } from '../../../shared/containment/verify-restore.ts';
import { QUARANTINE_ARN, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { createScene, ran, roleSubject, userSubject } from './scene.ts';

const TEAM_ARN = 'arn:aws:iam::111122223333:policy/team';
const LONG = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"${'x'.repeat(1_940)}"}]}`;

/** A user with no place left: neither for a policy nor, inline, for a deny. */
function fullUser(boundary?: string) {
  const scene = createScene({ attachQuota: 1 });
  scene.fake.putPolicy(TEAM_ARN, '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}');
  const user = scene.fake.createUser('alice', {
    attached: new Set([READ_ONLY_ARN]),
    inline: new Map([['own', LONG]]),
    accessKeys: new Map([['AKIAONE', 'Active']]),
    ...(boundary === undefined ? {} : { boundary }),
  });
  const subject = userSubject(user);
  const { contain, clock, fake, ledger } = scene;
  const look = (progress = FIRST_VERIFY) =>
    verify(
      { iam: fake.iam, ledger: ledger.takeLease(), clock },
      { subject, actions: ['quarantine'], settleSeconds: 30, progress },
    );
  const release = () => restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject, withheld: [] });
  const verdict = () => verifyRestore({ iam: fake.iam, ledger: ledger.takeLease(), clock }, { subject, withheld: [] });
  return { contain, clock, fake, ledger, user, subject, look, release, verdict };
}

describe('where neither a managed policy nor an inline one fits', () => {
  test('a user is denied by the permissions boundary, and nothing is taken off to make room', async () => {
    const { contain, fake, user, subject } = fullUser();
    const report = ran(await contain({ subject, actions: ['quarantine'] }));
    expect(fake.writes()).toEqual(['AttachUserPolicy', 'PutUserPolicy', 'PutUserPermissionsBoundary']);
    expect(user.boundary).toBe(QUARANTINE_ARN);
    expect(user.attached).toEqual(new Set([READ_ONLY_ARN]));
    expect([...user.inline.keys()]).toEqual(['own']);
    expect(report.steps).toMatchObject([{ result: 'done', call: { operation: 'PutUserPermissionsBoundary' } }]);
    expect(report.denyAt).toBe('2026-11-21T02:00:00.250Z');
  });

  test('so is a role', async () => {
    const { contain, fake, ledger } = createScene({ attachQuota: 0 });
    const role = fake.createRole('full', { inline: new Map([['own', 'x'.repeat(10_200)]]), boundary: READ_ONLY_ARN });
    const subject = roleSubject(role);
    const before = fake.state();
    await contain({ subject, actions: ['quarantine'] });
    expect(role.boundary).toBe(QUARANTINE_ARN);
    await restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject, withheld: [] });
    expect(fake.state()).toEqual(before);
  });

  test('the boundary is left alone where the inline deny fits', async () => {
    const { contain, fake } = createScene({ attachQuota: 0 });
    const user = fake.createUser('alice', { boundary: READ_ONLY_ARN });
    await contain({ subject: userSubject(user), actions: ['quarantine'] });
    expect(fake.writes()).toEqual(['AttachUserPolicy', 'PutUserPolicy']);
    expect(user.boundary).toBe(READ_ONLY_ARN);
  });

  test('the prior boundary is in the ledger before ours takes its place', async () => {
    const { contain, fake, ledger, subject } = fullUser(TEAM_ARN);
    const { execute } = fake.iam;
    const known: unknown[] = [];
    fake.iam.execute = async (call) => {
      if (call.operation === 'PutUserPermissionsBoundary') {
        known.push(ledger.entry('quarantine#user alice#fallback2')?.prior);
      }
      return execute(call);
    };
    await contain({ subject, actions: ['quarantine'] });
    expect(known).toEqual([{ boundary: TEAM_ARN }]);
  });

  test.each([[TEAM_ARN], [undefined]])('a release gives the boundary %s back, exactly', async (boundary) => {
    const { contain, fake, subject, release, verdict } = fullUser(boundary);
    const before = fake.state();
    await contain({ subject });
    fake.forget();
    expect(await release()).toMatchObject({ kind: 'ran', conflicts: [], failed: [] });
    expect(fake.state()).toEqual(before);
    // In one call, so that there is no moment in which the user has neither; and the last of all.
    expect(fake.writes().at(-1)).toBe(
      boundary === undefined ? 'DeleteUserPermissionsBoundary' : 'PutUserPermissionsBoundary',
    );
    expect(await verdict()).toEqual({ kind: 'exact' });
  });

  test('a release leaves a boundary that somebody put meanwhile, and lists it', async () => {
    const { contain, fake, user, subject, release } = fullUser(TEAM_ARN);
    await contain({ subject, actions: ['quarantine'] });
    user.boundary = READ_ONLY_ARN;
    fake.forget();
    expect(await release()).toMatchObject({
      conflicts: [{ target: 'user alice', reason: 'the permissions boundary was changed meanwhile' }],
    });
    expect(fake.writes()).toEqual([]);
    expect(user.boundary).toBe(READ_ONLY_ARN);
  });

  test('a release looks once more before it writes: what somebody put since it began stays', async () => {
    const { contain, fake, user, subject, release } = fullUser(TEAM_ARN);
    await contain({ subject });
    const { execute } = fake.iam;
    fake.iam.execute = async (call) => {
      if (call.operation === 'UpdateAccessKey') user.boundary = READ_ONLY_ARN;
      return execute(call);
    };
    await release();
    expect(user.boundary).toBe(READ_ONLY_ARN);
  });

  test('a prior boundary that was deleted meanwhile is listed, and the user stays denied', async () => {
    const { contain, fake, user, subject, release } = fullUser(TEAM_ARN);
    await contain({ subject, actions: ['quarantine'] });
    fake.deletePolicy(TEAM_ARN);
    expect(await release()).toMatchObject({ conflicts: [{ target: 'user alice' }] });
    expect(user.boundary).toBe(QUARANTINE_ARN);
  });

  test('a rerun after a crash before its result was known settles it, with the prior of before', async () => {
    const { contain, fake, ledger, user, subject } = fullUser(TEAM_ARN);
    const { execute } = fake.iam;
    fake.iam.execute = async (call) => {
      const result = await execute(call);
      if (call.operation === 'PutUserPermissionsBoundary') throw new Error('crash');
      return result;
    };
    await expect(contain({ subject, actions: ['quarantine'] })).rejects.toThrow('crash');
    fake.iam.execute = execute;
    fake.forget();
    await contain({ subject, actions: ['quarantine'] });
    expect(fake.writes()).toEqual([]);
    expect(user.boundary).toBe(QUARANTINE_ARN);
    expect(ledger.entry('quarantine#user alice#fallback2')).toMatchObject({
      state: 'done',
      prior: { boundary: TEAM_ARN },
    });
  });

  test('somebody who takes the boundary off is seen, and it is put back', async () => {
    const { contain, fake, user, subject, look } = fullUser();
    await contain({ subject, actions: ['quarantine'] });
    user.boundary = undefined;
    expect(await look()).toMatchObject({ next: { kind: 'reassert' }, steps: [{ state: 'undone' }] });
    fake.forget();
    await contain({ subject, actions: ['quarantine'], pass: 'reassert' });
    expect(fake.writes()).toEqual(['PutUserPermissionsBoundary']);
    expect(user.boundary).toBe(QUARANTINE_ARN);
  });

  test('it is contained, and a person is told what a boundary does not limit', async () => {
    const { contain, clock, subject, look } = fullUser();
    await contain({ subject, actions: ['quarantine'] });
    let report = await look();
    while (report.kind === 'seen' && report.next.kind === 'wait') {
      clock.advance(report.next.seconds * 1_000);
      report = await look(report.progress);
    }
    const outcome = judge({
      actions: ['quarantine'],
      report,
      settleSeconds: 30,
      shortfalls: [],
      residual: [],
      unavailable: [],
      endpointIsAws: true,
    });
    expect(outcome).toMatchObject({
      kind: 'contained',
      residual: [{ what: expect.stringContaining('user alice is denied by its permissions boundary') }],
    });
  });

  test('where the boundary is refused too, nothing is claimed: partial, with the refusal', async () => {
    const { contain, fake, subject, look } = fullUser();
    fake.failOn('PutUserPermissionsBoundary', 1, 'denied', 10);
    const report = ran(await contain({ subject, actions: ['quarantine'] }));
    expect(report.steps).toMatchObject([{ result: 'failed', detail: 'AccessDenied: not authorized' }]);
    expect(await look()).toMatchObject({ steps: [{ state: 'undone', detail: 'AccessDenied: not authorized' }] });
  });
});
