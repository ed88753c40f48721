import { describe, expect, it } from 'vitest';
import { planCase } from '../../../shared/cases/plan-case.ts';
import { accessEvent, mallory } from '../../support/case-scene.ts';
import { createCaseWorld } from '../../support/case-world.ts';

const ARN = 'arn:aws:iam::aws:policy/AdministratorAccess';

async function attacked(other: { readonly kind: 'none' } | { readonly kind: 'unknown'; readonly why: string }) {
  const world = createCaseWorld();
  world.fates.administrator = ARN;
  world.fates.otherAdministrator = other;
  await world.evaluate(accessEvent());
  await world.executeAll({ twice: true });
  return world;
}

describe('the last administrator', () => {
  it('is not contained: nothing is changed, and a person is told why and what to do', async () => {
    const world = await attacked({ kind: 'none' });
    expect(world.denied.size).toBe(0);
    expect(await world.store.ledger('C-1')).toEqual([]);
    expect(await world.stateOf()).toMatchObject({
      state: 'needs-human',
      outcome: {
        kind: 'refused',
        reason: 'last-administrator',
        detail: `nobody else is left who can administer the account (${ARN})`,
        humanSteps: expect.arrayContaining([expect.stringContaining('Sign in as root')]),
      },
    });
    expect(await world.told()).toEqual(['containing', 'needs-human']);
    // It was not acted on, so nothing of its budget is spent.
    expect((await world.store.budget(mallory.key)).revision).toBe(0);
  });

  it.each(['contain', 'revoke-session'])(
    'loses one session of its role by %s, for others are opened as before',
    async (playbook) => {
      const world = createCaseWorld({ answers: { 'rule-a': { playbook, mode: 'enforce' } } });
      world.fates.administrator = ARN;
      world.fates.otherAdministrator = { kind: 'none' };
      const principal = {
        kind: 'role-session',
        account: '111122223333',
        roleId: 'AROAADMIN',
        roleName: 'Admin',
        roleArn: 'arn:aws:iam::111122223333:role/Admin',
        sessionName: 'thief',
        serviceLinked: false,
      } as const;
      await world.evaluate(accessEvent({ principal }));
      await world.executeAll();
      expect([...world.denied]).toEqual(['session:AROAADMIN:thief']);
    },
  );

  it('is not contained either where nobody knows whether it is the last', async () => {
    const world = await attacked({ kind: 'unknown', why: 'GetAccountAuthorizationDetails failed: AccessDenied' });
    expect(world.denied.size).toBe(0);
    expect((await world.stateOf()).outcome).toMatchObject({
      reason: 'last-administrator',
      detail: expect.stringContaining('AccessDenied'),
    });
  });

  it('is contained once somebody else administers the account, by the next event', async () => {
    const world = await attacked({ kind: 'none' });
    world.fates.otherAdministrator = { kind: 'remains', who: 'user alice' };
    world.clock.advance(3_600_000);
    await world.evaluate(accessEvent({ eventId: 'event-2' }));
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('contained');
  });

  it('is asked about only of whom the plan found to be one, and not of who became one by the attack', async () => {
    const asked: string[] = [];
    for (const [administrator, record] of [
      [undefined, {}],
      [ARN, {}],
      [ARN, { requestParameters: { userName: 'mallory', policyArn: ARN } }],
      [ARN, { requestParameters: { userName: 'MALLORY', policyArn: ARN } }],
    ] as const) {
      const world = createCaseWorld();
      if (administrator !== undefined) world.fates.administrator = administrator;
      Object.assign(world.containDeps, {
        otherAdministrator: async () => {
          asked.push(JSON.stringify(record));
          return { kind: 'remains', who: 'role Admin' };
        },
      });
      await world.evaluate(accessEvent({ record }));
      await world.executeAll();
      expect((await world.stateOf()).state).toBe('contained');
    }
    expect(asked).toEqual(['{}']);
  });

  it('is not asked about in mode observe, in which nothing is done', async () => {
    const world = createCaseWorld({ answers: { 'rule-a': { playbook: 'contain', mode: 'observe' } } });
    world.fates.administrator = ARN;
    await world.evaluate(accessEvent());
    expect(await planCase(world.planDeps, { caseId: 'C-1', planVersion: 1 })).toEqual({ next: 'done' });
    expect((await world.store.plan('C-1', 1))?.administrator).toBeUndefined();
  });
});
