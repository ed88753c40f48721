import { describe, expect, test } from 'vitest';
import { mfaOrContain } from '../../../shared/cases/mfa-or-contain.ts';
import type { Read } from '../../../shared/containment/snapshot.ts';
import { accessEvent, newCase, rule, userPrincipal } from '../../support/case-scene.ts';
import { createWholeWorld } from '../../support/whole-world.ts';

const CONTAIN = ['quarantine', 'deactivate-keys', 'deactivate-other-credentials', 'detach-policies'];
const asked = newCase({ actions: ['require-mfa'], asked: { 'require-mfa': 'enforce' } });
const detections = [{ eventTime: '2026-11-21T02:00:00Z' }, { eventTime: '2026-11-21T01:00:00Z' }];

async function actionsWith(read: Read<readonly string[]> | undefined) {
  const { actions } = await mfaOrContain(read === undefined ? undefined : async () => read, asked, detections);
  return actions;
}

describe('a case that asks for MFA', () => {
  test('keeps to it where a device is older than the first detection', async () => {
    expect(await actionsWith({ kind: 'read', value: ['2026-11-21T00:59:59.000Z'] })).toEqual(['require-mfa']);
  });

  test.each([
    ['there is none', { kind: 'read', value: [] }],
    ['the only one was enabled after the first detection', { kind: 'read', value: ['2026-11-21T01:30:00.000Z'] }],
    ['nobody can say', { kind: 'failed', operation: 'ListMFADevices', error: 'AccessDenied' }],
    ['the endpoint has no such read', { kind: 'unavailable', operation: 'ListMFADevices', reason: 'InvalidAction' }],
    ['nothing reads them', undefined],
  ] as const)('contains where %s', async (_, read) => {
    expect(await actionsWith(read)).toEqual(['require-mfa', ...CONTAIN]);
  });

  test('contains in no higher mode than the one in which MFA was asked for', async () => {
    const lower = { ...asked, mode: 'enforce' as const, asked: { 'require-mfa': 'approve' as const } };
    expect((await mfaOrContain(undefined, lower, detections)).asked?.quarantine).toBe('approve');
  });

  test('is left as it is where it contains already, or is about a role', async () => {
    const contained = newCase({ actions: ['require-mfa', 'quarantine'] });
    expect(await mfaOrContain(undefined, contained, detections)).toBe(contained);
    const none = newCase({ actions: ['revoke-sessions', 'require-mfa-to-assume'] });
    expect(await mfaOrContain(undefined, none, detections)).toBe(none);
  });
});

describe('from the event to the outcome', () => {
  function alice(mfaDevices: readonly string[]) {
    const world = createWholeWorld({
      seed: 1,
      order: 'by-time',
      rules: [rule({})],
      answers: { 'rule-a': { playbook: 'require-mfa', mode: 'enforce' } },
    });
    const { userId, userName, arn } = world.fake.createUser('alice', {
      mfaDevices,
      accessKeys: new Map([['AKIAONE', 'Active']]),
    });
    world.send(accessEvent({ eventId: 'event-1', principal: userPrincipal({ userId, userName, arn }) }));
    return world;
  }

  test('a user with a device is contained by what MFA leaves', async () => {
    const { timeline, store, fake } = alice(['2025-01-01T00:00:00.000Z']);
    await timeline.run();
    expect((await store.list())[0]).toMatchObject({ state: 'contained', outcome: { kind: 'contained' } });
    expect(fake.writes()).toEqual(['PutUserPolicy']);
  });

  test('a user without one is contained altogether, and the plan says why', async () => {
    const { timeline, store, fake } = alice([]);
    await timeline.run();
    expect((await store.list())[0]).toMatchObject({ state: 'contained', outcome: { kind: 'contained' } });
    expect(fake.writes()).toEqual(['AttachUserPolicy', 'UpdateAccessKey']);
    const plan = await store.plan('C-1', 1);
    expect(plan?.residual.map(({ what }) => what)).toContainEqual(expect.stringMatching(/^MFA is not required of it/));
  });
});
