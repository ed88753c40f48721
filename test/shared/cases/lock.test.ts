import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containCase } from '../../../shared/cases/contain-case.ts';
import { lookAtHold } from '../../../shared/cases/end-hold.ts';
import { planCase } from '../../../shared/cases/plan-case.ts';
import { restoreCase } from '../../../shared/cases/restore-case.ts';
import { sweepCases } from '../../../shared/cases/sweep.ts';
import type { Answer } from '../../../shared/config/response.ts';
import { FIRST_VERIFY } from '../../../shared/containment/verify.ts';
import { accessEvent, rule, userPrincipal } from '../../support/case-scene.ts';
import { type CaseWorld, createCaseWorld, ONCALL } from '../../support/case-world.ts';

const HOUR = 3_600_000;
const LOCK: Answer = { playbook: 'lock', mode: 'enforce', forSeconds: 14_400 };
const CONTAIN: Answer = { playbook: 'contain', mode: 'enforce' };
const MALLORY = 'user:AIDAMALLORY';
const V1 = { caseId: 'C-1', planVersion: 1 };
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

const caseOf = async (world: CaseWorld) => {
  const { state, until, release } = await world.stateOf();
  return [state, until, release?.timed?.stage];
};

describe('a lock', () => {
  it('contains until its end, and releases in two stages by itself', async () => {
    const world = await locked();
    expect(await caseOf(world)).toEqual(['contained', '2026-11-21T06:00:02.000Z', undefined]);
    expect([...world.denied, ...world.cutOff]).toEqual([MALLORY, 'cut-off-tokens#user mallory']);

    world.clock.advance(4 * HOUR - 1);
    expect(await world.lookAgain(V1)).toBe('waits');
    expect((await world.stateOf()).state).toBe('contained');

    world.clock.advance(1);
    expect(await world.lookAgain(V1)).toBe('waits');
    expect(await caseOf(world)).toEqual(['releasing', undefined, 'tokens']);
    expect([...world.denied, ...world.cutOff]).toEqual(['cut-off-tokens#user mallory']);

    // 36 h after the deny, its margin of a minute, and a second for the rounding of the cut-off.
    const { release } = await world.stateOf();
    expect(release?.timed?.tokensUntil).toBe('2026-11-22T14:01:03.000Z');
    world.clock.advance(32 * HOUR + 61_000 - 1);
    expect(await world.execute({ kind: 'release', caseId: 'C-1', release: 1, all: false })).toBe('waits');
    expect(world.cutOff.size).toBe(1);
    world.clock.advance(1);
    expect(await world.execute({ kind: 'release', caseId: 'C-1', release: 1, all: false })).toBe('done');
    expect((await world.stateOf()).state).toBe('released');
    expect(world.cutOff.size).toBe(0);
    expect(await world.store.holds(MALLORY)).toEqual([]);
    expect(await world.told()).toEqual(['containing', 'contained', 'releasing', 'releasing', 'released']);
    expect(await world.versionsTold()).toEqual([1, 2, 3, 4, 5]);
  });

  it('that outlasts every token ends at once', async () => {
    const world = await locked(lockWorld({ 'rule-a': { ...LOCK, forSeconds: 3 * 86_400 } }));
    world.clock.advance(72 * HOUR);
    expect(await world.lookAgain(V1)).toBe('done');
    expect((await world.stateOf()).state).toBe('released');
    expect(await world.told()).toEqual(['containing', 'contained', 'releasing', 'released']);
  });

  it('keeps the whole deny for as long as tokens live that it could not cut off', async () => {
    const world = await locked();
    const lease = await world.store.acquireLease(MALLORY, 'test', 10);
    await world.store.ledgerOf('C-1', 1, lease).settle('cut-off-tokens#user mallory', { state: 'failed' });
    await world.store.releaseLease(lease);
    world.clock.advance(4 * HOUR);
    await world.lookAgain(V1);
    expect(await caseOf(world)).toEqual(['releasing', undefined, 'tokens']);
    expect(world.denied.has(MALLORY)).toBe(true);
    world.clock.advance(33 * HOUR);
    await world.execute({ kind: 'release', caseId: 'C-1', release: 1, all: false });
    expect(world.denied.has(MALLORY)).toBe(false);
    expect((await world.stateOf()).state).toBe('released');
  });

  it('begins when it is approved, not when it is asked for', async () => {
    const world = lockWorld({ 'rule-a': { ...LOCK, mode: 'approve' } });
    await world.evaluate(byRule('rule-a'));
    await world.executeAll();
    expect(await world.store.holds(MALLORY)).toEqual([]);
    world.clock.advance(HOUR);
    await world.order({ kind: 'approve', caseId: 'C-1' });
    expect(await world.carryOut(V1)).toBe('waits');
    expect(await caseOf(world)).toEqual(['contained', '2026-11-21T07:00:02.000Z', undefined]);
  });

  it('holds nobody while it is only observed', async () => {
    const world = lockWorld({ 'rule-a': { ...LOCK, mode: 'observe' } });
    await world.evaluate(byRule('rule-a'));
    await world.executeAll();
    expect(await world.store.holds(MALLORY)).toEqual([]);
    expect(await world.store.due('2030-01-01T00:00:00.000Z')).toEqual([]);
  });
});

describe('holds are counted: the first end never releases what another still holds', () => {
  it('a longer lock that joins', async () => {
    const world = await locked();
    await world.evaluate(byRule('rule-c'));
    await world.executeAll();
    expect((await world.stateOf()).until).toBe('2026-11-21T09:00:02.000Z');
    world.clock.advance(4 * HOUR);
    expect(await world.lookAgain(V1)).toBe('waits');
    expect((await world.stateOf()).state).toBe('contained');
    world.clock.advance(3 * HOUR);
    await world.lookAgain(V1);
    expect(await caseOf(world)).toEqual(['releasing', undefined, 'tokens']);
  });

  it('a shorter lock that joins', async () => {
    const world = await locked(lockWorld({ 'rule-b': { ...LOCK, forSeconds: 3600 } }));
    await world.evaluate(byRule('rule-b'));
    expect((await world.stateOf()).until).toBe('2026-11-21T06:00:02.000Z');
    expect(await world.store.holds(MALLORY)).toHaveLength(2);
  });

  it('a containment without end that joins a lock', async () => {
    const world = await locked();
    await world.evaluate(byRule('rule-b'));
    await world.executeAll();
    expect(await caseOf(world)).toEqual(['contained', undefined, undefined]);
    world.clock.advance(5 * HOUR);
    expect(await world.lookAgain(V1)).toBe('done');
    expect(await world.lookAgain({ ...V1, planVersion: 2 })).toBe('done');
    expect(await world.sweep()).toEqual([{ caseId: 'C-1', kind: 'forgotten' }]);
    expect(world.denied.has(MALLORY)).toBe(true);
  });

  it('a lock that joins a containment without end', async () => {
    const world = lockWorld();
    await world.evaluate(byRule('rule-b'));
    await world.executeAll();
    await world.evaluate(byRule('rule-a'));
    await world.executeAll();
    world.clock.advance(5 * HOUR);
    await world.sweep();
    expect(await caseOf(world)).toEqual(['contained', undefined, undefined]);
    expect((await world.store.holds(MALLORY)).map(({ playbook, until }) => [playbook, until])).toEqual([
      ['lock', '2026-11-21T06:00:02.000Z'],
      ['contain', undefined],
    ]);
  });

  it('but not what another rule asked for in a lower mode', async () => {
    const world = await locked(lockWorld({ 'rule-b': { ...CONTAIN, mode: 'observe' } }));
    await world.evaluate(byRule('rule-b'));
    await world.executeAll();
    expect((await world.stateOf()).until).toBe('2026-11-21T06:00:02.000Z');
  });
});

describe('a person', () => {
  it('releases all that holds the subject, and is told what', async () => {
    const world = await locked();
    await world.evaluate(byRule('rule-b'));
    await world.executeAll();
    const answer = await world.order({ kind: 'release', caseId: 'C-1', all: true });
    expect(answer).toMatchObject({
      kind: 'accepted',
      text: 'C-1 is being released, all of it; it ends lock until 2026-11-21T06:00:02.000Z of rule rule-a, contain of rule rule-b.',
    });
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('released');
    expect([...world.denied, ...world.cutOff]).toEqual([]);
    expect(await world.store.holds(MALLORY)).toEqual([]);
    world.clock.advance(5 * HOUR);
    expect(await world.sweep()).toEqual([{ caseId: 'C-1', kind: 'forgotten' }]);
    expect(await world.lookAgain(V1)).toBe('done');
  });

  it('need not wait for tokens to expire: an order in the second stage gives everything back now', async () => {
    const world = await locked();
    world.clock.advance(4 * HOUR);
    await world.lookAgain(V1);
    expect(await world.order({ kind: 'release', caseId: 'C-1', all: false })).toMatchObject({ kind: 'accepted' });
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('released');
    expect(world.cutOff.size).toBe(0);
    // The execution that waited for the tokens finds that somebody was faster.
    expect(await restoreCase(world.restoreDeps, { caseId: 'C-1', release: 1 })).toEqual({ next: 'done', until: '' });
  });

  it('moves the end of a lock, and the execution waits again', async () => {
    const world = await locked();
    expect(await world.order({ kind: 'extend', caseId: 'C-1', seconds: 7200 })).toMatchObject({
      kind: 'accepted',
      text: 'C-1 is contained until 2026-11-21T08:00:02.000Z.',
    });
    world.clock.advance(4 * HOUR);
    expect(await world.lookAgain(V1)).toBe('waits');
    expect(await world.sweep()).toEqual([{ caseId: 'C-1', kind: 'forgotten' }]);
    expect(await caseOf(world)).toEqual(['contained', '2026-11-21T08:00:02.000Z', undefined]);
    expect((await world.store.holds(MALLORY))[0]?.extensions).toEqual([
      { by: ONCALL, at: '2026-11-21T02:00:02.000Z', until: '2026-11-21T08:00:02.000Z' },
    ]);
    expect((await world.store.outbox('C-1')).at(-1)?.alert).toMatchObject({
      state: 'contained',
      until: '2026-11-21T08:00:02.000Z',
      note: `extended by 2 h, until 2026-11-21T08:00:02.000Z, by ${ONCALL}`,
    });
    world.clock.advance(2 * HOUR);
    await world.lookAgain(V1);
    expect((await world.stateOf()).state).toBe('releasing');
  });

  it('moves it to 30 days from its start and no further', async () => {
    const world = await locked();
    const day = 86_400;
    world.clock.advance(2 * HOUR);
    expect(await world.order({ kind: 'extend', caseId: 'C-1', seconds: 30 * day - 14_400 })).toMatchObject({
      text: 'C-1 is contained until 2026-12-21T02:00:02.000Z.',
    });
    expect(await world.order({ kind: 'extend', caseId: 'C-1', seconds: 1 })).toEqual({
      kind: 'refused',
      why: 'C-1 is locked since 2026-11-21T02:00:02.000Z, and no lock lasts longer than 30 d: at most until 2026-12-21T02:00:02.000Z.',
    });
  });

  it('is told why where there is no end to move', async () => {
    const contained = lockWorld();
    await contained.evaluate(byRule('rule-b'));
    await contained.executeAll();
    const extend = { kind: 'extend', caseId: 'C-1', seconds: 60 } as const;
    expect(await contained.order(extend)).toEqual({
      kind: 'refused',
      why: 'C-1 stays contained until a person releases it: there is no end to move.',
    });
    await contained.order({ kind: 'release', caseId: 'C-1', all: true });
    expect(await contained.order(extend)).toMatchObject({ why: expect.stringContaining('is being released') });
    await contained.executeAll();
    expect(await contained.order(extend)).toMatchObject({ why: 'C-1 is released: there is no lock to extend.' });

    const observed = lockWorld({ 'rule-a': { ...LOCK, mode: 'observe' } });
    await observed.evaluate(byRule('rule-a'));
    await observed.executeAll();
    expect(await observed.order(extend)).toMatchObject({ why: 'C-1 has no lock that could be extended.' });
  });

  it('whom the case is about does not move its end', async () => {
    const world = await locked();
    const mallory = 'arn:aws:iam::111122223333:user/mallory';
    expect(await world.order({ kind: 'extend', caseId: 'C-1', seconds: 60 }, mallory)).toMatchObject({
      kind: 'refused',
    });
  });
});

describe('a new detection', () => {
  it('between the stages wins: the subject is locked anew, with a cut-off of its own', async () => {
    const world = await locked();
    world.clock.advance(4 * HOUR);
    await world.lookAgain(V1);
    await world.evaluate(byRule('rule-a', 'event-2'));
    await world.executeAll();
    expect(await caseOf(world)).toEqual(['contained', '2026-11-21T10:00:02.000Z', 'tokens']);
    expect(world.denied.has(MALLORY)).toBe(true);
    expect([...world.cutOff]).toEqual(['cut-off-tokens#user mallory', 'cut-off-tokens#user mallory-1']);
    // The release that was under way changes nothing more.
    world.clock.advance(33 * HOUR);
    expect(await world.execute({ kind: 'release', caseId: 'C-1', release: 1, all: false })).toBe('done');
    expect(world.cutOff.size).toBe(2);
  });

  it('of a rule that was heard within the hour wins after a short lock, too: its end forgets what is known', async () => {
    const world = await locked(lockWorld({ 'rule-a': { ...LOCK, forSeconds: 1_800 } }));
    world.clock.advance(HOUR / 2);
    await world.lookAgain(V1);
    expect(world.denied.has(MALLORY)).toBe(false);
    await world.evaluate(byRule('rule-a', 'event-2'));
    await world.executeAll();
    expect(await caseOf(world)).toEqual(['contained', '2026-11-21T03:00:02.000Z', 'tokens']);
    expect(world.denied.has(MALLORY)).toBe(true);
  });

  it('before the first stage wins as well', async () => {
    const world = await locked();
    world.clock.advance(4 * HOUR);
    await lookAtHold(world.holdDeps, V1);
    await world.evaluate(byRule('rule-b'));
    await world.executeAll();
    expect(await restoreCase(world.restoreDeps, { caseId: 'C-1', release: 1 })).toEqual({ next: 'done', until: '' });
    expect(world.denied.has(MALLORY)).toBe(true);
    expect((await world.stateOf()).until).toBeUndefined();
  });

  it('of which a person is to be asked is asked about: that the lock acted by itself is no leave to do so again', async () => {
    const world = await locked(lockWorld({ 'rule-b': { ...CONTAIN, mode: 'approve' } }));
    world.clock.advance(4 * HOUR);
    await world.lookAgain(V1);
    await world.evaluate(byRule('rule-b'));
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({ state: 'awaiting-approval', mode: 'approve' });
    expect(world.denied.has(MALLORY)).toBe(false);
  });

  it('that only tells, or is only observed, does not take access back that a lock has just given', async () => {
    const world = await locked(
      lockWorld({ 'rule-b': { ...CONTAIN, mode: 'observe' }, 'rule-c': { playbook: 'alert', mode: 'enforce' } }),
    );
    world.clock.advance(4 * HOUR);
    await world.lookAgain(V1);
    await world.evaluate(byRule('rule-b'));
    await world.evaluate(byRule('rule-c'));
    expect(world.flow.started).toEqual([]);
    expect(await caseOf(world)).toEqual(['releasing', undefined, 'tokens']);
    expect((await world.store.detections('C-1')).map(({ ruleId }) => ruleId)).toEqual(['rule-a', 'rule-b', 'rule-c']);
  });
});

describe('sweep', () => {
  it('releases what an execution should have, when that is lost', async () => {
    const world = await locked();
    expect(await world.sweep()).toEqual([]);
    world.clock.advance(4 * HOUR);
    expect(await world.sweep()).toEqual([{ caseId: 'C-1', kind: 'released' }]);
    expect(world.flow.names()).toEqual(['C-1 release 1']);
    await world.executeAll();
    expect(await caseOf(world)).toEqual(['releasing', undefined, 'tokens']);
    expect(await world.sweep()).toEqual([{ caseId: 'C-1', kind: 'forgotten' }]);
    expect(await world.sweep()).toEqual([]);
  });

  it('releases nobody whom a person has to end, whatever the case itself says of its end', async () => {
    const world = await locked();
    const found = await world.stateOf();
    const next = { ...found, revision: found.revision + 1 };
    const hold = { caseId: 'C-1', ruleId: 'rule-b', playbook: 'contain', startedAt: '2026-11-21T03:00:00.000Z' };
    await world.store.advance({ next, holds: [hold] });
    world.clock.advance(4 * HOUR);
    expect(await world.sweep()).toEqual([{ caseId: 'C-1', kind: 'later' }]);
    expect(world.denied.has(MALLORY)).toBe(true);
  });

  it('and the execution that was not lost after all come to the same one release', async () => {
    const world = await locked();
    world.clock.advance(4 * HOUR);
    await world.sweep();
    await world.lookAgain(V1);
    await world.executeAll({ twice: true });
    expect(await caseOf(world)).toEqual(['releasing', undefined, 'tokens']);
    expect((await world.stateOf()).releases).toBe(1);
    expect(await world.told()).toEqual(['containing', 'contained', 'releasing', 'releasing']);
  });

  it('takes over a release whose execution is lost, in either stage', async () => {
    const world = await locked();
    world.clock.advance(4 * HOUR);
    await lookAtHold(world.holdDeps, V1);
    await world.sweep();
    expect(world.flow.started).toEqual([]);
    world.clock.advance(HOUR / 2);
    expect(await world.sweep()).toContainEqual({ caseId: 'C-1', kind: 'taken-over' });
    expect(world.flow.names()).toEqual(['C-1 release 2']);
    await world.executeAll();
    expect(await caseOf(world)).toEqual(['releasing', undefined, 'tokens']);

    world.clock.advance(33 * HOUR);
    expect(await world.sweep()).toContainEqual({ caseId: 'C-1', kind: 'taken-over' });
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('released');
    expect(world.cutOff.size).toBe(0);
  });

  it('releases what could only partly be contained as well, for a lock has an end', async () => {
    const world = lockWorld();
    world.fates.verify = {
      kind: 'seen',
      steps: [],
      unexpected: [{ item: 'access key', reason: 'is new' }],
      unavailable: [],
      stoodSeconds: 30,
      progress: FIRST_VERIFY,
      next: { kind: 'settled' },
    };
    await world.evaluate(byRule('rule-a'));
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('needs-human');
    world.clock.advance(4 * HOUR);
    expect(await world.sweep()).toEqual([{ caseId: 'C-1', kind: 'released' }]);
  });

  it('leaves a question alone that waits for its answer, and a plan that is being made', async () => {
    const world = await locked(
      lockWorld({ 'rule-a': { ...LOCK, mode: 'approve' }, 'rule-b': { ...CONTAIN, mode: 'approve' } }),
    );
    await world.order({ kind: 'approve', caseId: 'C-1' });
    await world.carryOut(V1);
    await world.evaluate(byRule('rule-b'));
    world.clock.advance(4 * HOUR - 60_000);
    await planCase(world.planDeps, { caseId: 'C-1', planVersion: 2 });
    world.clock.advance(60_000);
    expect((await world.stateOf()).state).toBe('open');
    expect(await world.sweep()).toEqual([{ caseId: 'C-1', kind: 'later' }]);
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('awaiting-approval');
    expect(await world.sweep()).toEqual([{ caseId: 'C-1', kind: 'later' }]);
    await world.order({ kind: 'approve', caseId: 'C-1' });
    await containCase(world.containDeps, { caseId: 'C-1', planVersion: 2, pass: 'first' });
    expect((await world.stateOf()).until).toBeUndefined();
    expect(world.denied.has(MALLORY)).toBe(true);
  });

  it('releases what a plan without an execution left open', async () => {
    const world = await locked(
      lockWorld({ 'rule-a': { ...LOCK, mode: 'approve' }, 'rule-b': { ...CONTAIN, mode: 'approve' } }),
    );
    await world.order({ kind: 'approve', caseId: 'C-1' });
    await world.carryOut(V1);
    await world.evaluate(byRule('rule-b'));
    await planCase(world.planDeps, { caseId: 'C-1', planVersion: 2 });
    world.clock.advance(4 * HOUR);
    expect(await world.sweep()).toEqual([{ caseId: 'C-1', kind: 'released' }]);
  });

  it('does not let one case that fails keep the others locked', async () => {
    const world = await locked();
    const eve = { ...userPrincipal(), userId: 'AIDAEVE', userName: 'eve' };
    await world.evaluate(accessEvent({ eventId: 'event-9', principal: eve, record: { holds: ['rule-a'] } }));
    await world.executeAll();
    world.clock.advance(4 * HOUR);
    const store = {
      ...world.store,
      read: (caseId: string) => (caseId === 'C-1' ? Promise.reject(new Error('table down')) : world.store.read(caseId)),
    };
    await expect(sweepCases({ ...world.holdDeps, store, flow: world.flow })).rejects.toThrow(
      '1 cases could not be looked after',
    );
    expect(world.flow.names()).toEqual(['C-2 release 1']);
    expect((await world.stateOf('C-1')).state).toBe('contained');
  });

  it('goes on while Rescind is stopped: a stop takes nothing more, and gives back what is due', async () => {
    const world = await locked();
    world.fates.stopped = true;
    world.clock.advance(4 * HOUR);
    expect(await world.lookAgain(V1)).toBe('waits');
    expect(world.denied.size).toBe(0);
    world.clock.advance(33 * HOUR);
    await world.execute({ kind: 'release', caseId: 'C-1', release: 1, all: false });
    expect((await world.stateOf()).state).toBe('released');
  });
});

describe('the end of a lock, sweep, a person who extends it and a new detection at the very same time', () => {
  it('come to one end, however they are interleaved: contained where the detection joined, and told in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, detected) => {
        let racing = false;
        const world = createCaseWorld({
          rules: ['rule-a', 'rule-b'].map((id) => rule({ id })),
          answers: { 'rule-a': LOCK, 'rule-b': CONTAIN },
          around: async (call, run) => {
            if (racing) await scheduler.schedule(Promise.resolve(), call.name);
            return run();
          },
        });
        await locked(world);
        world.clock.advance(4 * HOUR);
        racing = true;
        const all = Promise.all([
          lookAtHold(world.holdDeps, V1),
          world.sweep(),
          world.order({ kind: 'extend', caseId: 'C-1', seconds: 60 }),
          ...(detected ? [world.evaluate(byRule('rule-b'))] : []),
        ]);
        await scheduler.waitFor(all);
        racing = false;
        // What the execution would go on with, and what sweep or the detection started.
        const { releases } = await world.stateOf();
        if (releases > 0) await world.execute({ kind: 'release', caseId: 'C-1', release: releases, all: false });
        await world.executeAll();
        const { state } = await world.stateOf();
        expect([state, world.denied.has(MALLORY)]).toEqual(detected ? ['contained', true] : ['releasing', false]);
        expect(releases).toBeLessThanOrEqual(1);
        const versions = await world.versionsTold();
        expect(versions).toEqual(versions.map((_, index) => index + 1));
      }),
      { numRuns: 300 },
    );
  });
});
