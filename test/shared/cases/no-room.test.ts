import { describe, expect, test } from 'vitest';
import { residualWithoutRoom } from '../../../shared/containment/no-room.ts';
import type { StepVerdict } from '../../../shared/containment/verify.ts';
import { untilItStands } from '../../faults/witness-of.ts';
import { accessEvent, rule, sessionPrincipal } from '../../support/case-scene.ts';
import { QUARANTINE_ARN } from '../../support/fake-iam.ts';
import { createWholeWorld } from '../../support/whole-world.ts';

/** A role whose inline policies leave no room for a deny, and a call of one of its sessions, or one about the role. */
async function fullRole(holds: 'session' | 'role' | 'lock', inline = 'x'.repeat(10_200)) {
  const world = createWholeWorld({
    seed: 1,
    order: 'by-time',
    rules: [rule({ id: 'session' }), ...['role', 'lock'].map((id) => rule({ id, subject: 'target-role' }))],
    answers: {
      session: { playbook: 'contain', mode: 'enforce' },
      role: { playbook: 'revoke-sessions', mode: 'enforce' },
      lock: { playbook: 'lock', mode: 'enforce', forSeconds: 12 * 3_600 },
    },
    settleSeconds: 30,
  });
  const role = world.fake.createRole('builder', { inline: new Map([['own', inline]]) });
  const { roleName } = role;
  const principal = sessionPrincipal(role);
  const record = { requestParameters: { roleName }, holds: [holds] };
  world.send(accessEvent({ eventId: 'event-1', record, ...(holds === 'session' ? { principal } : {}) }));
  await untilItStands(world);
  const [found] = await world.store.list();
  const residual = found?.outcome !== undefined && 'residual' in found.outcome ? found.outcome.residual : [];
  return { world, role, found, steps: residual.filter(({ what }) => what.includes('no room')) };
}

describe('a role without room for a deny inline', () => {
  test.each([
    ['session', 'arn:aws:sts::111122223333:assumed-role/builder/mallory --playbook revoke-session --enforce'],
    ['role', '--playbook revoke-sessions --enforce'],
  ] as const)('leaves a %s partial: nobody else is denied, and a person is told both ways on', async (holds, again) => {
    const { role, found, steps } = await fullRole(holds);
    expect(found).toMatchObject({ state: 'needs-human', outcome: { kind: 'partial' } });
    expect([role.attached.size, role.boundary]).toEqual([0, undefined]);
    expect(steps).toHaveLength(1);
    expect(steps[0]?.humanStep).toContain(`npx rescind contain ${role.roleId} --for 12h --enforce`);
    expect(steps[0]?.humanStep).toContain('aws iam list-role-policies --role-name builder;');
    expect(steps[0]?.humanStep).toContain(again);
  });

  test('is denied as a whole by the lock that it is told of', async () => {
    const { role } = await fullRole('lock');
    expect([...role.attached]).toEqual([QUARANTINE_ARN]);
  });

  test('is told nothing where there is room', async () => {
    const { found, steps } = await fullRole('session', '{}');
    expect([found?.outcome?.kind, steps]).toEqual(['contained', []]);
  });

  test.each<readonly [string, Partial<StepVerdict>, number]>([
    ['there is no room', {}, 1],
    ['it stands all the same', { state: 'holds' }, 0],
    ['IAM refused it', { detail: 'AccessDenied: not authorized' }, 0],
    ['it was some other step', { stepKey: 'deny-chaining#role builder' }, 0],
  ])('is spoken of only where %s', (_, of, count) => {
    const step: StepVerdict = {
      stepKey: 'revoke-sessions#role builder',
      stage: 'deny',
      target: 'role builder',
      state: 'undone',
      detail: 'quota: LimitExceeded',
      ...of,
    };
    const arn = 'arn:aws:iam::111122223333:role/builder';
    const role = {
      kind: 'role',
      key: 'role:AROA1',
      account: '111122223333',
      roleId: 'AROA1',
      roleName: 'builder',
      arn,
    } as const;
    expect(residualWithoutRoom(role, [step])).toHaveLength(count);
  });
});
