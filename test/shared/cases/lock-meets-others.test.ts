import { describe, expect, it } from 'vitest';
import { situationOf } from '../../../shared/alerts/situation.ts';
import { expireApproval } from '../../../shared/cases/ask-approval.ts';
import { containCase } from '../../../shared/cases/contain-case.ts';
import { lookAtHold } from '../../../shared/cases/end-hold.ts';
import { planCase } from '../../../shared/cases/plan-case.ts';
import { recordFailure } from '../../../shared/cases/record-failure.ts';
import { verifyCase } from '../../../shared/cases/verify-case.ts';
import type { Answer } from '../../../shared/config/response.ts';
import { FIRST_VERIFY, type VerifyReport } from '../../../shared/containment/verify.ts';
import { accessEvent, cutOffEntry, denyEntry, mallory, rule } from '../../support/case-scene.ts';
import { type CaseWorld, createCaseWorld } from '../../support/case-world.ts';

const HOUR = 3_600_000;
const LOCK: Answer = { playbook: 'lock', mode: 'enforce', forSeconds: 14_400 };
const CONTAIN: Answer = { playbook: 'contain', mode: 'enforce' };
const V1 = { caseId: 'C-1', planVersion: 1 };
const V2 = { caseId: 'C-1', planVersion: 2 };
const byRule = (ruleId: string, eventId = ruleId) => accessEvent({ eventId, record: { holds: [ruleId] } });

/** The clock of a world begins at 02:00:02. */
function lockWorld(answers: Readonly<Record<string, Answer>> = {}): CaseWorld {
  return createCaseWorld({
    rules: ['rule-a', 'rule-b', 'rule-c'].map((id) => rule({ id })),
    answers: { 'rule-a': LOCK, 'rule-b': CONTAIN, 'rule-c': { ...LOCK, forSeconds: 7 * 3600 }, ...answers },
  });
}

/** Locked by rule A at 02:00:02 until 06:00:02; its execution waits for that. */
async function locked(world: CaseWorld = lockWorld()): Promise<CaseWorld> {
  await world.evaluate(byRule('rule-a'));
  await world.executeAll();
  return world;
}

async function spendBudget(world: CaseWorld): Promise<void> {
  const now = world.clock.now().toISOString();
  const lease = await world.store.acquireLease(mallory.key, 'before', 90);
  const { revision } = await world.store.budget(mallory.key);
  await world.store.putBudget({ actions: { a: now, b: now, c: now }, revision: revision + 1 }, lease);
  await world.store.releaseLease(lease);
}

const GRANTED = {
  requestParameters: { userName: 'mallory', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
};

/** What verify reports while somebody takes the containment back. */
const FOUGHT: VerifyReport = {
  kind: 'seen',
  steps: [{ stepKey: denyEntry.key, stage: 'deny', target: denyEntry.target, state: 'undone' }],
  unexpected: [],
  unavailable: [],
  stoodSeconds: 0,
  progress: { ...FIRST_VERIFY, reversals: 2, certain: true, reasserts: 2 },
  next: { kind: 'reassert' },
};

async function fought(): Promise<CaseWorld> {
  const world = lockWorld();
  world.fates.verify = FOUGHT;
  await locked(world);
  expect(await world.stateOf()).toMatchObject({ state: 'needs-human', fighting: true });
  return world;
}

describe('a lock that somebody fights', () => {
  it('goes on being put back when a person extends it', async () => {
    const world = await fought();
    expect(await world.order({ kind: 'extend', caseId: 'C-1', seconds: 7200 })).toMatchObject({ kind: 'accepted' });
    expect(await verifyCase(world.verifyDeps, V1)).toMatchObject({ next: 'contain', pass: 'reassert' });
  });

  it('is held by a longer lock that joins meanwhile', async () => {
    const world = await fought();
    await world.evaluate(byRule('rule-c'));
    expect((await world.stateOf()).until).toBe('2026-11-21T09:00:02.000Z');
  });
});

describe('a lock that is refused before it took anything', () => {
  it('has no end that could come, and the case stays with a person', async () => {
    const world = lockWorld();
    world.fates.administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
    world.fates.otherAdministrator = { kind: 'none' };
    await locked(world);
    const found = await world.stateOf();
    expect([found.state, found.until]).toEqual(['needs-human', undefined]);
    expect((await world.store.outbox('C-1')).at(-1)?.alert.until).toBeUndefined();
    world.clock.advance(4 * HOUR);
    await world.sweep();
    expect((await world.stateOf()).state).toBe('needs-human');
    expect(await world.told()).toEqual(['containing', 'needs-human']);
  });

  it('lasts its whole time once it is let through', async () => {
    const world = lockWorld();
    await world.evaluate(byRule('rule-a'));
    expect(await planCase(world.planDeps, V1)).toEqual({ next: 'contain' });
    world.fates.stopped = true;
    expect(await containCase(world.containDeps, { ...V1, pass: 'first' })).toEqual({ next: 'done' });
    world.fates.stopped = false;
    world.flow.started.splice(0);
    world.clock.advance(3 * HOUR);
    await world.evaluate(byRule('rule-a', 'event-2'));
    await world.executeAll();
    expect([(await world.stateOf()).state, (await world.stateOf()).until]).toEqual([
      'contained',
      '2026-11-21T09:00:02.000Z',
    ]);
  });
});

describe('a lock that a containment without end joins, whose plan is refused', () => {
  it.each(['budget', 'stopped'] as const)('does not end by itself: %s', async (why) => {
    const world = await locked();
    if (why === 'budget') await spendBudget(world);
    else world.fates.stopped = true;
    await world.evaluate(byRule('rule-b'));
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({ state: 'needs-human', outcome: { kind: 'refused', reason: why } });
    expect((await world.stateOf()).until).toBeUndefined();
    world.clock.advance(4 * HOUR);
    await world.sweep();
    await world.executeAll();
    expect(world.denied.has(mallory.key)).toBe(true);
  });
});

describe('a subject whose budget is spent', () => {
  it('is told of again when something graver joins', async () => {
    const world = createCaseWorld({
      rules: [rule({ id: 'rule-a', level: 'low' }), rule({ id: 'rule-b', level: 'critical' })],
    });
    await spendBudget(world);
    await world.evaluate(byRule('rule-a'));
    await world.executeAll();
    await world.evaluate(byRule('rule-b'));
    await world.executeAll();
    expect((await world.store.outbox('C-1')).map(({ alert }) => alert.severity)).toEqual(['low', 'critical']);
  });

  it('is watched on by whoever takes over, and put back, but nothing more is taken; and the verdict says so', async () => {
    const world = lockWorld();
    await world.evaluate(byRule('rule-a'));
    await planCase(world.planDeps, V1);
    await containCase(world.containDeps, { ...V1, pass: 'first' });
    world.flow.started.splice(0);
    await spendBudget(world);
    await world.evaluate(byRule('rule-b'));
    expect(await planCase(world.planDeps, V2)).toEqual({ next: 'watch' });
    expect(await planCase(world.planDeps, V2)).toEqual({ next: 'watch' });
    expect(await verifyCase(world.verifyDeps, V1)).toMatchObject({ next: 'done' });

    world.fates.verify = FOUGHT;
    expect(await verifyCase(world.verifyDeps, V2)).toMatchObject({ next: 'contain', pass: 'reassert' });
    const { contain } = world.containDeps;
    const asked: (readonly string[])[] = [];
    Object.assign(world.containDeps, {
      contain: (...given: Parameters<typeof contain>) => {
        asked.push(given[2].actions);
        return contain(...given);
      },
    });
    expect(await containCase(world.containDeps, { ...V2, pass: 'reassert' })).toEqual({ next: 'verify' });
    expect(asked).toEqual([['quarantine', 'cut-off-tokens']]);

    world.fates.verify = { ...FOUGHT, steps: [], stoodSeconds: 30, next: { kind: 'settled' } };
    await verifyCase(world.verifyDeps, V2);
    const { outcome, until } = await world.stateOf();
    expect(outcome).toMatchObject({
      kind: 'partial',
      missing: expect.arrayContaining([
        { item: 'what joined since', reason: expect.stringContaining('not done: 3 containments of it within an hour') },
      ]),
    });
    expect(until).toBeUndefined();
  });

  it('waits for a person where a person has to approve', async () => {
    const world = lockWorld({ 'rule-a': { ...LOCK, mode: 'approve' }, 'rule-b': { ...CONTAIN, mode: 'approve' } });
    await locked(world);
    await world.order({ kind: 'approve', caseId: 'C-1' });
    await containCase(world.containDeps, { ...V1, pass: 'first' });
    await spendBudget(world);
    await world.evaluate(byRule('rule-b'));
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({
      outcome: { kind: 'refused', reason: 'budget' },
      until: '2026-11-21T06:00:02.000Z',
    });
  });
});

describe('a lock whose end meets an entry that somebody changed', () => {
  it('leaves it with a person at once, and still gives back the rest when its tokens have expired', async () => {
    const world = await locked();
    world.fates.tampered = denyEntry.key;
    world.clock.advance(4 * HOUR);
    await world.lookAgain(V1);
    const found = await world.stateOf();
    expect([found.state, found.until]).toEqual(['needs-human', '2026-11-22T14:01:03.000Z']);
    expect(world.cutOff.has(cutOffEntry().key)).toBe(true);
    world.clock.advance(33 * HOUR);
    await world.sweep();
    await world.executeAll();
    expect(world.cutOff.size).toBe(0);
    expect((await world.stateOf()).until).toBeUndefined();
    world.clock.advance(HOUR);
    expect((await world.sweep()).map(({ kind }) => kind)).toEqual(['forgotten', 'forgotten']);
  });
});

describe('a lock beside a change that is undone', () => {
  it('still ends by itself: what was undone is no reason to keep the access away', async () => {
    const world = await locked(lockWorld({ 'rule-b': { playbook: 'revert', mode: 'enforce' } }));
    await world.evaluate(accessEvent({ eventId: 'event-2', record: { holds: ['rule-b'], ...GRANTED } }));
    await world.executeAll();
    expect((await world.stateOf()).until).toBe('2026-11-21T06:00:02.000Z');
    world.clock.advance(4 * HOUR);
    await world.sweep();
    await world.executeAll();
    expect(world.denied.size).toBe(0);
  });
});

describe('a release that a fault ended', () => {
  const failed = { caseId: 'C-1', release: 1, error: 'Lambda.Unknown' };

  it('of a lock comes back when its second stage was due, and its alert speaks of a release', async () => {
    const world = await locked();
    world.clock.advance(4 * HOUR);
    await lookAtHold(world.holdDeps, V1);
    await recordFailure({ store: world.store, clock: world.clock }, failed);
    expect([(await world.stateOf()).state, (await world.stateOf()).until]).toEqual([
      'needs-human',
      '2026-11-22T14:01:03.000Z',
    ]);
    const alert = (await world.store.outbox('C-1')).at(-1)?.alert;
    expect(alert === undefined ? undefined : situationOf(alert).short).toBe('NOT FULLY released');
    world.clock.advance(33 * HOUR);
    await world.sweep();
    await world.executeAll();
    expect([(await world.stateOf()).state, world.denied.size]).toEqual(['released', 0]);
  });

  it('of a person is left to people', async () => {
    const world = await locked();
    await world.order({ kind: 'release', caseId: 'C-1', all: true });
    await recordFailure({ store: world.store, clock: world.clock }, failed);
    expect(await world.stateOf()).toMatchObject({ state: 'needs-human' });
    expect((await world.stateOf()).until).toBeUndefined();
  });
});

describe('a question about more, while a lock stands', () => {
  it('does not say that the access stands, nor does its end without an answer', async () => {
    const approve = { 'rule-a': { ...LOCK, mode: 'approve' }, 'rule-b': { ...CONTAIN, mode: 'approve' } } as const;
    const world = await locked(lockWorld(approve));
    await world.order({ kind: 'approve', caseId: 'C-1' });
    await world.carryOut(V1);
    await world.evaluate(byRule('rule-b'));
    await world.executeAll();
    await expireApproval({ store: world.store, clock: world.clock }, V2);
    const told = (await world.store.outbox('C-1')).map(({ alert }) => situationOf(alert).meaning);
    expect(told.map((meaning) => meaning.includes('access still stands'))).toEqual([true, false, false, false, false]);
    expect(told.slice(-2)).toEqual([
      expect.stringContaining('More than what stands'),
      expect.stringContaining('Nothing more was taken than what stands'),
    ]);
  });
});

describe('a lock whose end sweep and the execution that waited see at the same moment', () => {
  it('is released by sweep alone when that comes first: two would take the lease from each other', async () => {
    const world = await locked();
    world.clock.advance(4 * HOUR);
    expect(await world.sweep()).toEqual([{ caseId: 'C-1', kind: 'released' }]);
    expect(await lookAtHold(world.holdDeps, V1)).toMatchObject({ next: 'done' });
    await world.executeAll();
    expect([(await world.stateOf()).release?.timed?.stage, world.denied.size]).toEqual(['tokens', 0]);
  });

  it('is released by the execution alone when that comes first', async () => {
    const world = await locked();
    world.clock.advance(4 * HOUR);
    expect(await lookAtHold(world.holdDeps, V1)).toMatchObject({ next: 'release', release: 1 });
    // Asked again, for its answer may have been lost.
    expect(await lookAtHold(world.holdDeps, V1)).toMatchObject({ next: 'release', release: 1 });
    await world.sweep();
    expect(world.flow.names()).toEqual([]);
  });
});
