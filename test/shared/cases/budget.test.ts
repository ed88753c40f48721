import { describe, expect, it } from 'vitest';
import { spend } from '../../../shared/cases/budget.ts';
import { containByHand } from '../../../shared/cases/contain-by-hand.ts';
import { containCase } from '../../../shared/cases/contain-case.ts';
import { openCaseOf } from '../../../shared/cases/open-case.ts';
import { planCase } from '../../../shared/cases/plan-case.ts';
import type { Budget } from '../../../shared/ports/case-store.ts';
import { accessEvent, detection, mallory, newCase, rule, userPrincipal } from '../../support/case-scene.ts';
import { type CaseWorld, createCaseWorld, ONCALL } from '../../support/case-world.ts';

const at = (time: string) => new Date(`2026-11-21T${time}Z`);
const three: Budget = {
  actions: {
    'C-1-plan-1': '2026-11-21T02:00:00.000Z',
    'C-1-plan-2': '2026-11-21T02:10:00.000Z',
    'C-2-plan-1': '2026-11-21T02:20:00.000Z',
  },
  revision: 3,
};

const DENY = ['quarantine'] as const;
const UNDO = ['revert-attachment'] as const;

describe('the budget of a subject', () => {
  it('lets three actions through within an hour, and not a fourth', () => {
    let budget: Budget = { actions: {}, revision: 0 };
    for (const [action, time] of [
      ['C-1-plan-1', '02:00:00'],
      ['C-1-plan-2', '02:10:00'],
      ['C-2-plan-1', '02:20:00'],
    ] as const) {
      const spending = spend(budget, action, DENY, at(time));
      expect(spending.kind).toBe('within');
      budget = spending.kind === 'within' && spending.next !== undefined ? spending.next : budget;
    }
    expect(budget).toEqual(three);
    expect(spend(three, 'C-2-plan-2', DENY, at('02:59:59'))).toEqual({
      kind: 'over',
      detail:
        '3 containments of it within an hour already, and no other before 2026-11-21T03:00:00.000Z; after that an event of a new rule leads to one, and one of a rule that has joined the case only an hour after it did',
    });
  });

  it('counts an action once, also when all is spent or it is run again long after', () => {
    expect(spend(three, 'C-1-plan-2', DENY, at('02:30:00'))).toEqual({ kind: 'within' });
    expect(spend(three, 'C-1-plan-1', DENY, at('04:00:00'))).toEqual({ kind: 'within' });
  });

  it('keeps the last action for a deny: whoever makes changes that are undone does not spend it', () => {
    const [first, second] = Object.entries(three.actions);
    const two: Budget = { actions: Object.fromEntries([first ?? [], second ?? []]), revision: 2 };
    expect(spend(two, 'C-2-plan-1', UNDO, at('02:20:00'))).toEqual({
      kind: 'over',
      detail: expect.stringContaining('before 2026-11-21T03:00:00.000Z'),
    });
    expect(spend(two, 'C-2-plan-1', [...DENY, ...UNDO], at('02:20:00'))).toEqual({ kind: 'within', next: three });
    // With all three spent, two have to be forgotten before the next change is undone.
    expect(spend(three, 'C-2-plan-2', UNDO, at('02:30:00'))).toMatchObject({
      detail: expect.stringContaining('before 2026-11-21T03:10:00.000Z'),
    });
    expect(spend(three, 'C-2-plan-2', UNDO, at('03:10:00')).kind).toBe('within');
  });

  it('forgets what is an hour old, and keeps no more than that', () => {
    expect(spend(three, 'C-2-plan-2', DENY, at('03:00:00'))).toEqual({
      kind: 'within',
      next: {
        actions: {
          'C-1-plan-2': '2026-11-21T02:10:00.000Z',
          'C-2-plan-1': '2026-11-21T02:20:00.000Z',
          'C-2-plan-2': '2026-11-21T03:00:00.000Z',
        },
        revision: 4,
      },
    });
  });
});

/** When access was taken, by the clock of the world: what the ledger of every case says was done. */
function timesOfActions(world: CaseWorld): readonly number[] {
  const times: number[] = [];
  const { contain } = world.containDeps;
  Object.assign(world.containDeps, {
    contain: async (...given: Parameters<typeof contain>) => {
      const report = await contain(...given);
      const now = world.clock.now().getTime();
      // A task that is run again, as the state machine may, is the same action.
      if (report.kind === 'ran' && times.at(-1) !== now) times.push(now);
      return report;
    },
  });
  return times;
}

const HOUR_MS = 3_600_000;
const NOW = '2026-11-21T02:00:02.000Z';
const bob = userPrincipal({ userId: 'AIDABOB', userName: 'bob', arn: 'arn:aws:iam::111122223333:user/bob' });

function mostInAnHour(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + HOUR_MS).length));
}

describe('a closed loop on our own changes', () => {
  it('of 1,000 ticks in ten hours acts three times in each hour, then freezes', async () => {
    // A rule for each tick: no mark holds its event back.
    const rules = Array.from({ length: 1_000 }, (_, index) => rule({ id: `rule-${index + 1}` }));
    const world = createCaseWorld({ rules, copies: false });
    const times = timesOfActions(world);
    for (let tick = 1; tick <= 1_000; tick += 1) {
      world.clock.advance(36_000);
      // Each change of ours makes a record that a rule is about: a call of the subject that went through after it.
      const eventTime = world.clock.now().toISOString();
      await world.evaluate(accessEvent({ eventId: `tick-${tick}`, eventTime, record: { holds: [`rule-${tick}`] } }));
      await world.executeAll({ twice: tick % 7 === 0 });
    }
    expect(mostInAnHour(times)).toBe(3);
    // The loop went on all the while: only the budget kept it from acting.
    expect((await world.stateOf()).planVersion).toBeGreaterThan(900);
    const told = await world.store.outbox('C-1');
    const frozen = told.filter(({ alert }) => alert.outcome?.kind === 'refused');
    expect(frozen.length).toBeLessThanOrEqual(Math.ceil(times.length / 3));
    // Some seconds; on a machine that does much else, more than the usual limit.
  }, 120_000);

  it('in which somebody gives the access back each time is held back across the cases too, with one page', async () => {
    const world = createCaseWorld({ copies: false });
    const times = timesOfActions(world);
    for (let tick = 1; tick <= 1_000; tick += 1) {
      world.clock.advance(3_500);
      await world.evaluate(accessEvent({ eventId: `tick-${tick}` }));
      await world.executeAll();
      const open = await openCaseOf(world.store, mallory.key);
      if (open?.state === 'contained') await world.order({ kind: 'release', caseId: open.caseId, all: true });
      await world.executeAll();
    }
    expect(times).toHaveLength(3);
    const cases = await world.store.list();
    const told = (await Promise.all(cases.map(({ caseId }) => world.store.outbox(caseId)))).flat();
    const frozen = told.filter(({ alert }) => alert.outcome?.kind === 'refused');
    expect(frozen.map(({ alert }) => alert.outcome)).toEqual([
      {
        kind: 'refused',
        reason: 'budget',
        detail: expect.stringMatching(
          /^3 containments of it within an hour already, and no other before 2026-11-21T03:/,
        ),
      },
    ]);
  });
});

describe('a subject whose budget is spent', () => {
  async function frozen(): Promise<CaseWorld> {
    const world = createCaseWorld();
    const lease = await world.store.acquireLease(mallory.key, 'before', 90);
    const now = world.clock.now().toISOString();
    await world.store.putBudget({ actions: { a: now, b: now, c: now }, revision: 1 }, lease);
    await world.store.releaseLease(lease);
    return world;
  }

  it('is not contained, is told of once, and is contained by an event after the hour', async () => {
    const world = await frozen();
    await world.evaluate(accessEvent());
    await world.executeAll({ twice: true });
    expect(await world.stateOf()).toMatchObject({
      state: 'needs-human',
      outcome: { kind: 'refused', reason: 'budget' },
      version: 1,
    });
    expect(world.denied.size).toBe(0);
    const grant = { record: { requestParameters: { userName: 'alice', policyArn: 'arn:aws:iam::aws:policy/X' } } };
    await world.evaluate(accessEvent({ eventId: 'event-2', ...grant }));
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({ planVersion: 2, version: 1 });
    expect(await world.told()).toEqual(['needs-human']);

    world.clock.advance(HOUR_MS);
    await world.evaluate(accessEvent({ eventId: 'event-3' }));
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('contained');
  });

  it('does not hold up another subject, nor what only tells, nor a release', async () => {
    const world = await frozen();
    await world.evaluate(accessEvent({ principal: bob }));
    await world.executeAll();
    expect(world.denied).toEqual(new Set(['user:AIDABOB']));
    const lease = await world.store.acquireLease('user:AIDABOB', 'again', 90);
    const spent = await world.store.budget('user:AIDABOB');
    await world.store.putBudget({ actions: { a: NOW, b: NOW, c: NOW }, revision: spent.revision + 1 }, lease);
    await world.store.releaseLease(lease);
    await world.order({ kind: 'release', caseId: 'C-1', all: true });
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('released');

    const telling = createCaseWorld({ answers: { 'rule-a': { playbook: 'contain', mode: 'observe' } } });
    await telling.evaluate(accessEvent());
    await telling.executeAll();
    expect((await telling.store.budget(mallory.key)).revision).toBe(0);
  });

  it('is held back by contain itself, should another case have spent the last action since the plan', async () => {
    const world = createCaseWorld();
    await world.evaluate(accessEvent());
    const [input] = world.flow.started.splice(0);
    if (input?.kind !== 'contain') throw new Error('no execution was started');
    expect(await planCase(world.planDeps, input)).toEqual({ next: 'contain' });
    const lease = await world.store.acquireLease(mallory.key, 'another case', 90);
    await world.store.putBudget({ actions: { a: NOW, b: NOW, c: NOW }, revision: 1 }, lease);
    await world.store.releaseLease(lease);
    expect(await containCase(world.containDeps, { ...input, pass: 'first' })).toEqual({ next: 'done' });
    expect(await world.stateOf()).toMatchObject({ outcome: { kind: 'refused', reason: 'budget' } });
    expect(world.denied.size).toBe(0);
    expect(await world.store.ledger('C-1')).toEqual([]);
  });

  it('is contained all the same when a person orders it, and no further by the next event', async () => {
    const world = await frozen();
    await world.evaluate(accessEvent());
    await world.executeAll();
    expect((await world.stateOf()).outcome).toMatchObject({ reason: 'budget' });
    const deps = {
      ...world.evaluateDeps,
      lookup: {
        getUser: async () => ({ userName: mallory.userName, userId: mallory.userId, arn: mallory.arn }),
        getRole: async () => undefined,
      },
      newOrderId: () => 'order-1',
      region: 'us-east-1',
    };
    world.clock.advance(1_000);
    const order = { kind: 'contain', principal: { kind: 'user', name: 'mallory' }, playbook: 'contain' } as const;
    expect(await containByHand(deps, { ...order, enforce: true }, ONCALL)).toMatchObject({ kind: 'accepted' });
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('contained');
    expect(world.denied).toEqual(new Set([mallory.key]));

    await world.order({ kind: 'release', caseId: 'C-1', all: true });
    await world.executeAll();
    world.clock.advance(1_000);
    await world.evaluate(accessEvent({ eventId: 'event-9' }));
    await world.executeAll();
    expect((await openCaseOf(world.store, mallory.key))?.outcome).toMatchObject({ reason: 'budget' });
    expect(world.denied.size).toBe(0);
  });

  it('still has put back what somebody undid: that belongs to the plan which did it', async () => {
    const world = await frozen();
    await world.store.join({
      next: newCase({ state: 'containing' }),
      isNew: true,
      detection: detection(),
      mode: 'enforce',
      brought: [],
      mark: undefined,
    });
    for (const pass of ['detach', 'reassert'] as const) {
      expect(await containCase(world.containDeps, { caseId: 'C-1', planVersion: 1, pass })).toEqual({ next: 'verify' });
    }
    expect((await world.store.budget(mallory.key)).revision).toBe(1);
  });
});
