import { describe, expect, it } from 'vitest';
import { type ContainOrder, containByHand } from '../../../shared/cases/contain-by-hand.ts';
import { ACCOUNT, accessEvent, detection, mallory, newCase } from '../../support/case-scene.ts';
import { createCaseWorld, ONCALL, type WorldOptions } from '../../support/case-world.ts';

const build = { roleName: 'Build', roleId: 'AROABUILD', arn: `arn:aws:iam::${ACCOUNT}:role/Build`, path: '/' };
const linked = {
  roleName: 'AWSServiceRoleForSupport',
  roleId: 'AROASUPPORT',
  arn: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport`,
  path: '/aws-service-role/support.amazonaws.com/',
};
const sso = {
  roleName: 'AWSReservedSSO_Admin_0123456789abcdef',
  roleId: 'AROASSO',
  arn: `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef`,
  path: '/aws-reserved/sso.amazonaws.com/',
};
const breakGlass = {
  userName: 'break-glass',
  userId: 'AIDABREAKGLASS',
  arn: `arn:aws:iam::${ACCOUNT}:user/break-glass`,
};

function scene(options: WorldOptions = {}) {
  const world = createCaseWorld(options);
  const users = [mallory, breakGlass];
  const roles = [build, linked, sso];
  let [cases, orders] = [0, 0];
  const deps = {
    store: world.store,
    flow: world.flow,
    clock: world.clock,
    lookup: {
      getUser: async (name: string) => users.find(({ userName }) => userName === name),
      getRole: async (name: string) => roles.find(({ roleName }) => roleName === name),
    },
    newCaseId: () => {
      cases += 1;
      return `C-${cases}`;
    },
    newOrderId: () => {
      orders += 1;
      return `order-${orders}`;
    },
    region: 'eu-central-1',
  };
  const contain = (of: Partial<ContainOrder> = {}, by = ONCALL) =>
    containByHand(
      deps,
      { kind: 'contain', principal: { kind: 'user', name: 'mallory' }, playbook: 'contain', enforce: true, ...of },
      by,
    );
  return { ...world, deps, contain };
}

describe('a containment by hand', () => {
  it('opens a case in the name of who ordered it, and is carried out like any other', async () => {
    const world = scene();
    expect(await world.contain({ reason: 'laptop lost' })).toMatchObject({
      kind: 'accepted',
      caseId: 'C-1',
    });
    expect(world.flow.started).toEqual([{ kind: 'contain', caseId: 'C-1', planVersion: 1 }]);
    await world.executeAll();

    expect(await world.stateOf()).toMatchObject({
      state: 'contained',
      mode: 'enforce',
      severity: 'high',
      playbooks: ['contain'],
      subject: { kind: 'user', key: 'user:AIDAMALLORY', account: ACCOUNT },
    });
    expect(world.denied).toContain('user:AIDAMALLORY');
    expect(await world.store.detections('C-1')).toMatchObject([
      {
        ruleId: 'by-hand-contain',
        ruleTitle: 'By hand: laptop lost',
        actor: ONCALL,
        region: 'eu-central-1',
        eventTime: '2026-11-21T02:00:02.000Z',
      },
    ]);
  });

  it('that only plans changes nothing and wakes nobody', async () => {
    const world = scene();
    await world.contain({ enforce: false });
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({
      state: 'open',
      mode: 'observe',
      severity: 'informational',
      outcome: { kind: 'planned' },
    });
    expect((await world.store.plan('C-1', 1))?.steps.length).toBe(2);
    expect(world.denied.size).toBe(0);
  });

  it('that was planned is carried out when asked for, by a plan of its own', async () => {
    const world = scene();
    await world.contain({ enforce: false });
    await world.executeAll();
    await world.contain();
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({ caseId: 'C-1', state: 'contained', planVersion: 2, mode: 'enforce' });
  });

  it('planned once more is planned anew, for somebody may have changed something', async () => {
    const world = scene();
    for (const version of [1, 2, 3]) {
      await world.contain({ enforce: false });
      expect(world.flow.started).toEqual([{ kind: 'contain', caseId: 'C-1', planVersion: version }]);
      await world.executeAll();
    }
    expect(world.denied.size).toBe(0);
  });

  it('given twice at once is done once', async () => {
    const world = scene();
    await Promise.all([world.contain(), world.contain()]);
    await world.executeAll();
    expect((await world.store.list()).map(({ caseId, state }) => `${caseId} ${state}`)).toEqual(['C-1 contained']);
  });

  it('of whom a rule contained already joins that case, and holds it', async () => {
    const world = scene({ newCaseId: () => 'C-9' });
    await world.evaluate(accessEvent());
    await world.executeAll();
    expect(await world.contain()).toMatchObject({ kind: 'accepted', caseId: 'C-9' });
    await world.executeAll();
    expect(await world.stateOf('C-9')).toMatchObject({ state: 'contained' });
    expect(await world.store.holds(mallory.key)).toMatchObject([{ ruleId: 'by-hand-contain' }, { ruleId: 'rule-a' }]);
  });

  it('asked for once more puts back what somebody took back since, and does not repeat what it said before', async () => {
    const world = scene();
    await world.contain();
    await world.executeAll();
    world.denied.clear();

    await world.contain();
    expect(world.flow.started).toEqual([{ kind: 'contain', caseId: 'C-1', planVersion: 2 }]);
    await world.executeAll();
    expect(world.denied).toContain('user:AIDAMALLORY');
    expect(await world.stateOf()).toMatchObject({ state: 'contained', planVersion: 2 });
  });

  it('acts where a rule only observes', async () => {
    const world = scene({ newCaseId: () => 'C-9', answers: { 'rule-a': { playbook: 'contain', mode: 'observe' } } });
    await world.evaluate(accessEvent());
    await world.executeAll();
    await world.contain();
    await world.executeAll();
    expect(await world.stateOf('C-9')).toMatchObject({ state: 'contained', mode: 'enforce' });
  });

  it('counts the key by which the subject was named as compromised: a release keeps it back', async () => {
    const world = scene();
    await world.contain({ accessKeyId: 'AKIAMALLORY1' });
    await world.executeAll();
    await world.order({ kind: 'release', caseId: 'C-1', all: false });
    await world.executeAll();
    expect((await world.stateOf()).release?.withheld.map(({ target }) => target)).toEqual(['access key AKIAMALLORY1']);
  });
});

describe('only to look', () => {
  it.each(['contained', 'containing', 'needs-human', 'releasing', 'awaiting-approval'] as const)(
    'touches no case that acts: %s',
    async (state) => {
      const world = scene();
      const before = newCase({ state, caseId: 'C-7' });
      await world.store.join({
        next: before,
        isNew: true,
        detection: detection(),
        mode: 'enforce',
        brought: [],
        mark: undefined,
      });
      expect(await world.contain({ enforce: false })).toMatchObject({ kind: 'accepted', caseId: 'C-7' });
      expect(await world.stateOf('C-7')).toEqual(before);
      expect(world.flow.started).toEqual([]);
    },
  );
});

describe('a lock by hand', () => {
  const lock = { playbook: 'lock', seconds: 3600 } as const;

  it('says until when, and a second one is told how to move the end', async () => {
    const world = scene();
    await world.contain(lock);
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({ state: 'contained', until: '2026-11-21T03:00:02.000Z' });
    expect(await world.contain(lock)).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('npx rescind extend C-1 2h'),
    });
  });

  it('that is contained by hand as well no longer ends by itself', async () => {
    const world = scene();
    await world.contain(lock);
    await world.executeAll();
    await world.contain();
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({ state: 'contained', planVersion: 2 });
    expect(await world.stateOf()).not.toHaveProperty('until');
  });
});

describe('whom it refuses', () => {
  it.each([
    ['somebody who is not there', { principal: { kind: 'user', name: 'nobody' } }, 'There is no user nobody'],
    ['a role that is not there', { principal: { kind: 'role', name: 'nobody' } }, 'There is no role nobody'],
    [
      'a name that somebody else bears now',
      { principal: { kind: 'user', name: 'mallory', uniqueId: 'AIDAFORMER' } },
      'User mallory is AIDAMALLORY now, not AIDAFORMER',
    ],
    ['a playbook that does not fit', { playbook: 'revoke-session' }, 'user is no session'],
  ] as const)('%s', async (_, of, why) => {
    const world = scene();
    expect(await world.contain(of)).toEqual({ kind: 'refused', why: expect.stringContaining(why) });
    expect(await world.store.list()).toEqual([]);
  });

  it.each([
    ['a user', mallory.arn, {}],
    [
      'a session of the role',
      `arn:aws:sts::${ACCOUNT}:assumed-role/Build/me`,
      { principal: { kind: 'role', name: 'Build' } },
    ],
  ] as const)('whoever orders it, as %s', async (_, by, of) => {
    const world = scene();
    expect(await world.contain(of, by)).toEqual({ kind: 'refused', why: expect.stringContaining('themselves') });
    expect(await world.store.list()).toEqual([]);
  });

  it.each([false, true])('who is protected, with a case that says so (enforce: %s)', async (enforce) => {
    const world = scene();
    await world.contain({ principal: { kind: 'user', name: 'break-glass' }, enforce });
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({
      state: 'needs-human',
      outcome: { kind: 'refused', reason: 'protected' },
    });
    expect(world.denied.size).toBe(0);
  });

  it('one more than the breaker lets through, for a person can be a program', async () => {
    const world = scene({ subjects: 1 });
    await world.contain();
    await world.contain({ principal: { kind: 'role', name: 'Build' } });
    await world.executeAll();
    expect([...world.denied]).toEqual(['user:AIDAMALLORY']);
    expect(await world.stateOf('C-2')).toMatchObject({ outcome: { kind: 'refused', reason: 'breaker' } });
  });

  it('anybody while Rescind is stopped', async () => {
    const world = scene();
    world.fates.stopped = true;
    await world.contain();
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({ outcome: { kind: 'refused', reason: 'stopped' } });
  });

  it.each([
    ['a service-linked role', { kind: 'role', name: linked.roleName }, 'service-linked'],
    [
      'a session of a service-linked role',
      { kind: 'session', name: linked.roleName, sessionName: 'a1' },
      'service-linked',
    ],
    ['a role of Identity Center', { kind: 'role', name: sso.roleName }, 'Identity Center'],
  ] as const)('%s, with what a person has to do', async (_, principal, why) => {
    const world = scene();
    await world.contain({ principal });
    await world.executeAll();
    const { outcome } = await world.stateOf();
    expect(outcome).toMatchObject({ kind: 'not-containable', why: expect.stringContaining(why) });
    const steps = outcome?.kind === 'not-containable' ? outcome.humanSteps : [];
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.join(' ')).not.toContain('*');
  });
});

it('names a session by its role and its name', async () => {
  const world = scene();
  await world.contain({ principal: { kind: 'session', name: 'Build', sessionName: 'i-0abc' } });
  expect(await world.stateOf()).toMatchObject({
    subject: { kind: 'session', key: 'session:AROABUILD:i-0abc', roleName: 'Build', sessionName: 'i-0abc' },
    actions: ['revoke-session', 'deny-login', 'deny-chaining'],
  });
});
