import { describe, expect, test } from 'vitest';
import { restore } from '../../../shared/containment/restore.ts';
import { verifyRestore } from '../../../shared/containment/verify-restore.ts';
import type { Withheld } from '../../../shared/containment/withhold.ts';
import { FenceLostError } from '../../../shared/ports/ledger.ts';
import { ADMINISTRATOR_ARN, QUARANTINE_ARN, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { TAMPERED } from '../../support/memory-ledger.ts';
import { createScene, sessionSubject, userSubject } from './scene.ts';

async function contained() {
  const { contain, fake, ledger, clock } = createScene();
  const user = fake.createUser('alice', {
    attached: new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]),
    inline: new Map([['own', '{"Version":"2012-10-17","Statement":[]}']]),
    accessKeys: new Map([
      ['AKIAONE', 'Active'],
      ['AKIATWO', 'Inactive'],
    ]),
    sshKeys: new Map([['APKASSH', 'Active']]),
  });
  const subject = userSubject(user);
  const before = fake.state();
  await contain({ subject });
  await contain({ subject, pass: 'detach' });
  fake.forget();
  const release = (withheld: readonly Withheld[] = []) =>
    restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject, withheld });
  const verdict = (withheld: readonly Withheld[] = []) =>
    verifyRestore({ iam: fake.iam, ledger: ledger.takeLease(), clock }, { subject, withheld });
  return { contain, fake, ledger, clock, user, subject, before, release, verdict };
}

const keyOne: Withheld = { key: 'deactivate-keys#AKIAONE', target: 'access key AKIAONE', reason: 'compromised' };

describe('giving everything back', () => {
  test('last change first, the deny last, and exactly', async () => {
    const { fake, release, before, verdict } = await contained();
    const report = await release();
    expect(fake.writes()).toEqual(['AttachUserPolicy', 'UpdateSSHPublicKey', 'UpdateAccessKey', 'DetachUserPolicy']);
    expect(fake.calls().at(-1)?.input).toEqual({ UserName: 'alice', PolicyArn: QUARANTINE_ARN });
    expect(fake.state()).toEqual(before);
    expect(report).toMatchObject({ kind: 'ran', conflicts: [], failed: [], withheld: [], mutatingCalls: 4 });
    expect(await verdict()).toEqual({ kind: 'exact' });
  });

  test('twice is once', async () => {
    const { fake, release } = await contained();
    await release();
    fake.forget();
    const report = await release();
    expect(fake.writes()).toEqual([]);
    expect(report).toMatchObject({ kind: 'ran', mutatingCalls: 0 });
    expect(report.kind === 'ran' && report.restored).toHaveLength(4);
  });

  test('writes down each undo before it is made', async () => {
    const { fake, release, ledger } = await contained();
    const states: (string | undefined)[] = [];
    const { execute } = fake.iam;
    fake.iam.execute = async (call) => {
      states.push(ledger.entries().find(({ state }) => state === 'undoing')?.key);
      return execute(call);
    };
    await release();
    expect(states).toEqual([
      `detach-policies#${ADMINISTRATOR_ARN}`,
      'deactivate-other-credentials#APKASSH',
      'deactivate-keys#AKIAONE',
      'quarantine#user alice',
    ]);
  });

  test('an inline policy that bore our name before comes back byte for byte', async () => {
    const { contain, fake, ledger } = createScene({ attachQuota: 1 });
    const theirs = '{ "Version": "2012-10-17",\n "Statement": [] }';
    const user = fake.createUser('bob', {
      attached: new Set([READ_ONLY_ARN]),
      inline: new Map([['Rescind-Quarantine', theirs]]),
    });
    await contain({ subject: userSubject(user) });
    expect(user.inline.get('Rescind-Quarantine')).not.toBe(theirs);
    await restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject: userSubject(user), withheld: [] });
    expect(user.inline.get('Rescind-Quarantine')).toBe(theirs);
  });

  test('a session’s deny goes, and nothing else of the role changes', async () => {
    const { contain, fake, ledger } = createScene();
    const role = fake.createRole('builder', { inline: new Map([['own', '{}']]), attached: new Set([READ_ONLY_ARN]) });
    const subject = sessionSubject(role, 'mallory');
    const before = fake.state();
    await contain({ subject, actions: ['revoke-session'] });
    expect(fake.state()).not.toEqual(before);
    await restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject, withheld: [] });
    expect(fake.state()).toEqual(before);
  });

  test('contained again after a release: the new baseline comes back', async () => {
    const { contain, fake, ledger, user, subject, release } = await contained();
    await release();
    user.accessKeys.set('AKIAONE', 'Inactive');
    user.attached.delete(READ_ONLY_ARN);
    const between = fake.state();
    await contain({ subject });
    expect(ledger.entry('quarantine#user alice')?.state).toBe('done');
    await release();
    expect(fake.state()).toEqual(between);
  });
});

describe('what is withheld', () => {
  test('stays as it is and is listed; the rest is given back', async () => {
    const { user, release, verdict, ledger } = await contained();
    const report = await release([keyOne]);
    expect(user.accessKeys.get('AKIAONE')).toBe('Inactive');
    expect(user.attached).toEqual(new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]));
    expect(report).toMatchObject({ withheld: [keyOne] });
    expect(ledger.entry('deactivate-keys#AKIAONE')?.state).toBe('done');
    expect(await verdict([keyOne])).toEqual({ kind: 'exact' });
    expect(await verdict()).toMatchObject({ kind: 'different', items: [{ key: 'deactivate-keys#AKIAONE' }] });
  });

  test('comes back when everything is asked for', async () => {
    const { fake, release, before } = await contained();
    await release([keyOne]);
    await release();
    expect(fake.state()).toEqual(before);
  });
});

describe('what somebody else changed meanwhile', () => {
  test('a legitimate new policy and key stay', async () => {
    const { user, release } = await contained();
    user.inline.set('new', '{}');
    user.accessKeys.set('AKIANEW', 'Active');
    user.attached.add('arn:aws:iam::aws:policy/SecurityAudit');
    await release();
    expect(user.inline.get('new')).toBe('{}');
    expect(user.accessKeys.get('AKIANEW')).toBe('Active');
    expect(user.attached.has('arn:aws:iam::aws:policy/SecurityAudit')).toBe(true);
  });

  test('a deleted key is a conflict; the others are given back', async () => {
    const { user, release, verdict } = await contained();
    user.accessKeys.delete('AKIAONE');
    const report = await release();
    expect(report).toMatchObject({
      conflicts: [
        {
          key: 'deactivate-keys#AKIAONE',
          target: 'access key AKIAONE',
          reason: 'AKIAONE was deleted meanwhile and cannot be given back',
        },
      ],
    });
    expect(user.sshKeys.get('APKASSH')).toBe('Active');
    expect(user.attached.has(QUARANTINE_ARN)).toBe(false);
    expect(await verdict()).toMatchObject({ kind: 'different', items: [{ key: 'deactivate-keys#AKIAONE' }] });
  });

  test('a detached policy that no longer exists is a conflict; the others are given back', async () => {
    const { fake, user, release } = await contained();
    fake.deletePolicy(ADMINISTRATOR_ARN);
    const report = await release();
    expect(report).toMatchObject({ conflicts: [{ key: `detach-policies#${ADMINISTRATOR_ARN}` }], failed: [] });
    expect(user.accessKeys.get('AKIAONE')).toBe('Active');
    expect(user.attached).toEqual(new Set([READ_ONLY_ARN]));
  });

  test('our inline policy under somebody’s new text is not overwritten', async () => {
    const { contain, fake, ledger } = createScene();
    const role = fake.createRole('builder');
    const subject = sessionSubject(role, 'mallory');
    await contain({ subject, actions: ['revoke-session'] });
    const [name = ''] = [...role.inline.keys()];
    role.inline.set(name, '{"theirs":true}');
    const report = await restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject, withheld: [] });
    expect(report).toMatchObject({ conflicts: [{ reason: `inline policy ${name} was changed meanwhile` }] });
    expect(role.inline.get(name)).toBe('{"theirs":true}');
  });

  test('a deny whose baseline was never read is left to a person', async () => {
    const { contain, fake, ledger } = createScene();
    const user = fake.createUser('bob');
    fake.failOn('ListAttachedUserPolicies', 1, 'denied');
    await contain({ subject: userSubject(user) });
    const report = await restore(
      { iam: fake.iam, ledger: ledger.takeLease() },
      { subject: userSubject(user), withheld: [] },
    );
    expect(report).toMatchObject({ conflicts: [{ key: 'quarantine#user bob' }] });
    expect(user.attached.has(QUARANTINE_ARN)).toBe(true);
  });

  test('nothing is written onto a user of the same name', async () => {
    const { fake, release, verdict } = await contained();
    fake.deleteUser('alice');
    fake.createUser('alice', { accessKeys: new Map([['AKIAONE', 'Inactive']]) });
    expect((await release()).kind).toBe('gone');
    expect(fake.writes()).toEqual([]);
    expect((await verdict()).kind).toBe('gone');
  });
});

describe('an entry that somebody changed in the table', () => {
  test('is listed and left as it is; everything else is given back', async () => {
    const { fake, ledger, user, release, verdict } = await contained();
    ledger.tamper(`detach-policies#${ADMINISTRATOR_ARN}`);
    const report = await release();
    expect(report).toMatchObject({
      kind: 'ran',
      refused: [
        { key: `detach-policies#${ADMINISTRATOR_ARN}`, target: `policy ${ADMINISTRATOR_ARN}`, reason: TAMPERED },
      ],
      failed: [],
      conflicts: [],
    });
    expect(fake.writes()).toEqual(['UpdateSSHPublicKey', 'UpdateAccessKey', 'DetachUserPolicy']);
    expect(user.attached).toEqual(new Set([READ_ONLY_ARN]));
    expect(user.accessKeys.get('AKIAONE')).toBe('Active');
    expect(ledger.entry(`detach-policies#${ADMINISTRATOR_ARN}`)?.state).toBe('done');
    expect(await verdict(report.kind === 'ran' ? report.refused : [])).toEqual({ kind: 'exact' });
  });

  test('stays refused however often a release is asked for', async () => {
    const { fake, ledger, release } = await contained();
    ledger.tamper('quarantine#user alice');
    await release();
    fake.forget();
    expect(await release()).toMatchObject({ refused: [{ key: 'quarantine#user alice' }], mutatingCalls: 0 });
    expect(fake.writes()).toEqual([]);
  });
});

describe('faults', () => {
  test('a refused undo is listed, the others go on, and a second run completes it', async () => {
    const { fake, release, before } = await contained();
    fake.failOn('UpdateAccessKey', 1, 'denied');
    expect(await release()).toMatchObject({
      failed: [
        { key: 'deactivate-keys#AKIAONE', target: 'access key AKIAONE', reason: 'AccessDenied: not authorized' },
      ],
    });
    await release();
    expect(fake.state()).toEqual(before);
  });

  test('a list that cannot be read: nothing of it is written', async () => {
    const { fake, release, user } = await contained();
    fake.failOn('ListAccessKeys', 1, 'throttled');
    expect(await release()).toMatchObject({ failed: [{ reason: 'credentials could not be read' }] });
    expect(user.accessKeys.get('AKIAONE')).toBe('Inactive');
  });

  test('does not believe that a deny was taken off before it looked again', async () => {
    const { fake, release, ledger, before } = await contained();
    fake.failOn('DetachUserPolicy', 1, 'missing');
    expect(await release()).toMatchObject({
      failed: [{ reason: 'DetachUserPolicy found nothing to take off, and it is there' }],
    });
    expect(ledger.entry('quarantine#user alice')).toMatchObject({ state: 'undoing' });
    await release();
    expect(fake.state()).toEqual(before);
  });

  test('does not take a read that is too old for what is there now', async () => {
    const { contain, fake, ledger } = createScene();
    const { roleName, ...role } = fake.createRole('builder');
    const subject = sessionSubject({ roleName, ...role }, 's-1');
    const before = fake.state();
    await contain({ subject, actions: ['revoke-session'] });
    fake.failOn('GetRolePolicy', 1, 'missing');
    await restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject, withheld: [] });
    expect(fake.state()).toEqual(before);
  });

  test('an undo whose answer was lost converges', async () => {
    const { fake, release, before } = await contained();
    fake.failOn('DetachUserPolicy', 1, 'answer-lost');
    expect(await release()).toMatchObject({ failed: [{ key: 'quarantine#user alice' }] });
    expect(await release()).toMatchObject({ failed: [] });
    expect(fake.state()).toEqual(before);
  });

  test('a policy that only fits once the deny is gone is attached after it', async () => {
    const { contain, fake, ledger } = createScene({ attachQuota: 2 });
    const user = fake.createUser('bob', { attached: new Set([ADMINISTRATOR_ARN]) });
    const subject = userSubject(user);
    await contain({ subject });
    await contain({ subject, pass: 'detach' });
    user.attached.add(READ_ONLY_ARN);
    await restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject, withheld: [] });
    expect(user.attached).toEqual(new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]));
  });

  test('a lost lease stops it before the next change', async () => {
    const { fake, ledger, subject, release } = await contained();
    const { execute } = fake.iam;
    fake.iam.execute = async (call) => {
      ledger.takeLease();
      return execute(call);
    };
    await expect(release()).rejects.toThrow(FenceLostError);
    expect(fake.writes()).toEqual(['AttachUserPolicy']);
    expect(subject.userName).toBe('alice');
  });
});
