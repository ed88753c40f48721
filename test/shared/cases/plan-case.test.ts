import { describe, expect, it } from 'vitest';
import type { Case } from '../../../shared/cases/case.ts';
import { openCaseOf } from '../../../shared/cases/open-case.ts';
import { planCase } from '../../../shared/cases/plan-case.ts';
import type { Subject } from '../../../shared/cases/subject.ts';
import { detection, mallory, newCase } from '../../support/case-scene.ts';
import { type CaseWorld, createCaseWorld, type WorldOptions } from '../../support/case-world.ts';
import { markOf } from '../../support/standing.ts';

const V1 = { caseId: 'C-1', planVersion: 1 };

async function worldWith(of: Partial<Case> = {}, options: WorldOptions = {}): Promise<CaseWorld> {
  const world = createCaseWorld(options);
  await world.store.join({
    next: newCase(of),
    isNew: true,
    detection: detection(),
    mode: 'enforce',
    brought: [],
    mark: undefined,
  });
  return world;
}

describe('a plan', () => {
  it('goes on to contain in enforce, and is told once with its steps', async () => {
    const world = await worldWith();
    expect(await planCase(world.planDeps, V1)).toEqual({ next: 'contain' });
    expect(await planCase(world.planDeps, V1)).toEqual({ next: 'contain' });
    expect(await world.told()).toEqual(['containing']);
    const [item] = await world.store.outbox('C-1');
    expect(item?.alert).toMatchObject({
      dedupId: 'C-1#1',
      subject: 'user mallory',
      subjectArn: 'arn:aws:iam::111122223333:user/mallory',
      region: 'us-east-1',
      steps: [
        { title: 'attach the quarantine policy', state: 'planned' },
        { title: 'deactivate the key', state: 'planned' },
      ],
    });
    expect((await world.store.plan('C-1', 1))?.steps.map(({ key }) => key)).toEqual([
      'quarantine#mallory',
      'deactivate-keys#AKIAMALLORY1',
    ]);
  });

  it('ends in observe as planned, and changes nothing', async () => {
    const world = await worldWith({ mode: 'observe' });
    expect(await planCase(world.planDeps, V1)).toEqual({ next: 'done' });
    expect(await planCase(world.planDeps, V1)).toEqual({ next: 'done' });
    expect(await world.stateOf()).toMatchObject({ state: 'open', outcome: { kind: 'planned' } });
    expect(await world.told()).toEqual(['open']);
    expect((await world.store.breaker()).revision).toBe(0);
  });

  it('is asked about in approve, also when it is run again or widens a containment that stands', async () => {
    for (const state of ['open', 'contained', 'containing', 'needs-human'] as const) {
      const world = await worldWith({ mode: 'approve', state });
      expect(await planCase(world.planDeps, V1)).toEqual({ next: 'ask' });
      expect(await planCase(world.planDeps, V1)).toEqual({ next: 'ask' });
      expect(await world.told()).toEqual([]);
    }
  });

  it('of a playbook without actions only tells, in every mode', async () => {
    for (const mode of ['observe', 'approve', 'enforce'] as const) {
      const world = await worldWith({ mode, actions: [], playbooks: ['alert'] });
      expect(await planCase(world.planDeps, V1)).toEqual({ next: 'done' });
      expect(await world.stateOf()).toMatchObject({ state: 'open', outcome: { kind: 'planned' } });
    }
  });

  it('of a version that a newer one has overtaken is not made', async () => {
    const world = await worldWith({ planVersion: 2 });
    expect(await planCase(world.planDeps, V1)).toEqual({ next: 'done' });
    expect(await world.store.plan('C-1', 1)).toBeUndefined();
  });

  it.each(['releasing', 'released', 'closed'] as const)('is not made for a case that is %s', async (state) => {
    const world = await worldWith({ state });
    expect(await planCase(world.planDeps, V1)).toEqual({ next: 'done' });
    expect(await world.store.plan('C-1', 1)).toBeUndefined();
    expect((await world.stateOf()).state).toBe(state);
  });

  it('is made although detections join meanwhile', async () => {
    let joined = false;
    const world = createCaseWorld({
      around: async (call, run) => {
        if (call.name === 'advance' && !joined) {
          joined = true;
          const current = await world.stateOf();
          const second = detection({ ruleId: 'rule-b', eventId: 'event-2' });
          const next = { ...current, ruleIds: ['rule-a', 'rule-b'], revision: current.revision + 1 };
          await world.store.join({
            next,
            isNew: false,
            detection: second,
            mode: 'enforce',
            brought: [],
            mark: undefined,
          });
        }
        return run();
      },
    });
    await world.store.join({
      next: newCase(),
      isNew: true,
      detection: detection(),
      mode: 'enforce',
      brought: [],
      mark: undefined,
    });
    expect(await planCase(world.planDeps, V1)).toEqual({ next: 'contain' });
    expect(await world.stateOf()).toMatchObject({ state: 'containing', ruleIds: ['rule-a', 'rule-b'], version: 1 });
  });

  it('fails when there is no such case', async () => {
    await expect(planCase(createCaseWorld().planDeps, V1)).rejects.toThrow('There is no case C-1.');
  });
});

describe('the gates of a plan', () => {
  const breakGlass = { ...mallory, key: 'user:AIDABREAKGLASS' };
  const root: Subject = {
    kind: 'beyond',
    key: 'root:111122223333',
    account: '111122223333',
    label: 'root of 111122223333',
    why: 'No IAM policy restricts the root user.',
    humanSteps: ['Change its password.'],
  };

  it('refuse whoever is protected', async () => {
    const world = await worldWith({ subject: breakGlass });
    expect(await planCase(world.planDeps, V1)).toEqual({ next: 'done' });
    expect((await world.stateOf()).outcome).toEqual({
      kind: 'refused',
      reason: 'protected',
      detail: 'protected in rescind.yaml',
    });
  });

  it('tell of the protected like of anybody where nothing is to be done', async () => {
    const world = await worldWith({ subject: breakGlass, actions: [] });
    await planCase(world.planDeps, V1);
    expect((await world.stateOf()).outcome).toEqual({ kind: 'planned' });
  });

  it('say what a human must do about somebody beyond reach', async () => {
    const world = await worldWith({ subject: root });
    await planCase(world.planDeps, V1);
    expect(await world.stateOf()).toMatchObject({
      state: 'needs-human',
      outcome: { kind: 'not-containable', humanSteps: ['Change its password.'] },
    });
  });

  it('say that a playbook does not fit its subject, unless another detection brought what does', async () => {
    const unfit = detection({ unfit: 'revoke-session ends one session of a role; user is no session' });
    for (const [actions, outcome] of [
      [[], { kind: 'not-containable', why: unfit.unfit }],
      [['quarantine'], undefined],
    ] as const) {
      const world = createCaseWorld();
      await world.store.join({
        next: newCase({ actions }),
        isNew: true,
        detection: unfit,
        mode: 'enforce',
        brought: [],
        mark: undefined,
      });
      await planCase(world.planDeps, V1);
      const found = await world.stateOf();
      if (outcome === undefined) expect(found.state).toBe('containing');
      else expect(found).toMatchObject({ state: 'needs-human', outcome });
    }
  });

  it('end the case of somebody who is gone, and let a later event open another', async () => {
    const world = await worldWith();
    world.fates.plan = 'gone';
    await planCase(world.planDeps, V1);
    expect(await world.stateOf()).toMatchObject({ state: 'released', outcome: { kind: 'gone' } });
    expect(await openCaseOf(world.store, 'user:AIDAMALLORY')).toBeUndefined();
    expect((await markOf(world.store, 'user:AIDAMALLORY', 'rule-a'))?.caseId).toBeUndefined();
  });

  it('refuse while everything is stopped, and use up no place of the breaker', async () => {
    const world = await worldWith();
    world.fates.stopped = true;
    await planCase(world.planDeps, V1);
    expect((await world.stateOf()).outcome).toEqual({ kind: 'refused', reason: 'stopped', detail: 'the switch is on' });
    expect((await world.store.breaker()).revision).toBe(0);
  });

  it('take a place of the breaker together with the plan, or neither', async () => {
    let crashes = 1;
    const world = await worldWith(
      {},
      {
        around: async (call, run) => {
          if (call.name === 'advance' && crashes-- > 0) throw new Error('crash');
          return run();
        },
      },
    );
    await expect(planCase(world.planDeps, V1)).rejects.toThrow('crash');
    expect((await world.store.breaker()).passed).toEqual({});
    expect(await planCase(world.planDeps, V1)).toEqual({ next: 'contain' });
    expect(Object.keys((await world.store.breaker()).passed)).toEqual(['user:AIDAMALLORY']);
  });

  it('open the breaker with one page, whatever becomes of the case, and hold back the rest', async () => {
    const world = createCaseWorld({ subjects: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const subject = { ...mallory, key: `user:${name}` };
      const next = newCase({ caseId: `C-${name}`, subject });
      await world.store.join({
        next,
        isNew: true,
        detection: detection(),
        mode: 'enforce',
        brought: [],
        mark: undefined,
      });
      await planCase(world.planDeps, { caseId: `C-${name}`, planVersion: 1 });
    }
    const states = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => world.stateOf(`C-${name}`)));
    expect(states.map(({ state }) => state)).toEqual([
      'containing',
      'containing',
      'needs-human',
      'needs-human',
      'needs-human',
    ]);
    const pages = await world.store.outbox('BREAKER');
    expect(pages.map(({ alert }) => [alert.dedupId, alert.severity, alert.note])).toEqual([
      ['BREAKER#3', 'critical', 'The breaker opened at user mallory: nothing is contained until a person closes it.'],
    ]);
  });

  it('open the breaker once when the plan dies just after', async () => {
    let crashes = 1;
    const world = await worldWith(
      {},
      {
        subjects: 0,
        around: async (call, run) => {
          const result = await run();
          if (call.name === 'putBreaker' && crashes-- > 0) throw new Error('crash');
          return result;
        },
      },
    );
    await expect(planCase(world.planDeps, V1)).rejects.toThrow('crash');
    expect(await planCase(world.planDeps, V1)).toEqual({ next: 'done' });
    expect(await world.store.outbox('BREAKER')).toHaveLength(1);
    expect((await world.stateOf()).outcome).toMatchObject({ kind: 'refused', reason: 'breaker' });
  });
});
