import { describe, expect, it } from 'vitest';
import type { Case } from '../../../shared/cases/case.ts';
import { containCase } from '../../../shared/cases/contain-case.ts';
import { openCaseOf } from '../../../shared/cases/open-case.ts';
import { recordFailure } from '../../../shared/cases/record-failure.ts';
import { restoreCase, verifyReleaseCase } from '../../../shared/cases/restore-case.ts';
import { verifyCase } from '../../../shared/cases/verify-case.ts';
import type { VerifyReport } from '../../../shared/containment/verify.ts';
import { accessEvent, denyEntry, detection, keyEntry, mallory, newCase } from '../../support/case-scene.ts';
import { createCaseWorld, type WorldOptions } from '../../support/case-world.ts';

const V1 = { caseId: 'C-1', planVersion: 1 };
const PASS = { ...V1, pass: 'first' } as const;

async function worldWith(of: Partial<Case> = {}, options: WorldOptions = {}) {
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

const seen = (of: Partial<Extract<VerifyReport, { kind: 'seen' }>> = {}): VerifyReport => ({
  kind: 'seen',
  steps: [{ stepKey: denyEntry.key, stage: 'deny', target: 'user mallory', state: 'holds' }],
  unexpected: [],
  unavailable: [],
  stoodSeconds: 30,
  progress: {
    round: 3,
    seen: [],
    held: [],
    unavailable: [],
    reasserts: 0,
    reversals: 0,
    certain: false,
    detached: true,
  },
  next: { kind: 'settled' },
  ...of,
});

describe('a pass of containment', () => {
  it('takes access back and leaves the verdict to verify', async () => {
    const world = await worldWith({ state: 'containing', version: 1 });
    expect(await containCase(world.containDeps, PASS)).toEqual({ next: 'verify' });
    expect(world.denied).toEqual(new Set([mallory.key]));
    expect(await world.stateOf()).toMatchObject({ state: 'containing', met: { shortfalls: [] } });
    expect((await world.stateOf()).outcome).toBeUndefined();
    expect(await world.told()).toEqual([]);
  });

  it.each([
    ['a newer plan took over', { state: 'containing', planVersion: 2 }],
    ['it is being released', { state: 'releasing' }],
    ['it has ended', { state: 'closed' }],
    ['nothing was planned yet', { state: 'open' }],
    ['a person has to look', { state: 'needs-human' }],
  ] as const)('does nothing when %s', async (_, of) => {
    const world = await worldWith(of);
    expect(await containCase(world.containDeps, PASS)).toEqual({ next: 'done' });
    expect(world.denied.size).toBe(0);
  });

  it('waits for whoever holds the lease', async () => {
    const world = await worldWith({ state: 'containing' });
    await world.store.acquireLease(mallory.key, 'C-1-release-1', 90);
    await expect(containCase(world.containDeps, PASS)).rejects.toMatchObject({ name: 'LeaseHeldError' });
    expect(world.denied.size).toBe(0);
  });

  it('gives the lease back, also when it fails', async () => {
    const world = await worldWith({ state: 'containing' });
    const failing = { ...world.containDeps, contain: () => Promise.reject(new Error('IAM is down')) };
    await expect(containCase(failing, PASS)).rejects.toThrow('IAM is down');
    await world.store.acquireLease(mallory.key, 'somebody else', 90);
  });

  it('is stopped by the switch before its first change', async () => {
    const world = await worldWith({ state: 'containing', version: 1 });
    world.fates.stopped = true;
    expect(await containCase(world.containDeps, PASS)).toEqual({ next: 'done' });
    expect(await world.stateOf()).toMatchObject({
      state: 'needs-human',
      outcome: { kind: 'refused', reason: 'stopped' },
    });
    expect(await world.store.ledger('C-1')).toEqual([]);
  });

  it('leaves alone whom the operator has protected since the plan was made', async () => {
    const world = await worldWith({ state: 'containing', version: 1 });
    const deps = { ...world.containDeps, whyProtected: () => 'mallory is protected in rescind.yaml.' };
    expect(await containCase(deps, PASS)).toEqual({ next: 'done' });
    expect(await world.stateOf()).toMatchObject({ outcome: { kind: 'refused', reason: 'protected' } });
    expect(world.denied.size).toBe(0);
    expect(await world.store.ledger('C-1')).toEqual([]);
  });

  it('ends the case of somebody who is gone', async () => {
    const world = await worldWith({ state: 'containing' });
    world.fates.contain = { kind: 'gone', detail: 'Another user bears the name.', mutatingCalls: 0 };
    expect(await containCase(world.containDeps, PASS)).toEqual({ next: 'done' });
    expect(await world.stateOf()).toMatchObject({ state: 'released', outcome: { kind: 'gone' } });
    expect(await openCaseOf(world.store, mallory.key)).toBeUndefined();
  });
});

describe('a round of verification', () => {
  it('tells what the attack gave to others, each once however many rules saw it', async () => {
    const world = await worldWith({ state: 'containing' });
    for (const ruleId of ['rule-b', 'rule-c']) {
      const current = await world.stateOf();
      await world.store.join({
        next: { ...current, revision: current.revision + 1 },
        isNew: false,
        detection: detection({
          ruleId,
          granted: [{ kind: 'access-key-created', principal: 'alice', accessKeyId: 'AKIANEW' }],
        }),
        mode: 'enforce',
        brought: [],
        mark: undefined,
      });
    }
    world.fates.verify = seen();
    await verifyCase(world.verifyDeps, V1);
    const { outcome } = await world.stateOf();
    const residual = outcome?.kind === 'contained' ? outcome.residual : [];
    expect(residual.map(({ what }) => what)).toEqual(['access key AKIANEW of alice, created by this subject']);
  });

  it('says contained only with a report that shows it for the settle time', async () => {
    const world = await worldWith({ state: 'containing', version: 1 });
    world.fates.verify = seen();
    expect(await verifyCase(world.verifyDeps, V1)).toEqual({ next: 'done', seconds: 0, round: 3, pass: 'first' });
    expect(await world.stateOf()).toMatchObject({
      state: 'contained',
      outcome: { kind: 'contained', grade: 'B' },
      containedAt: '2026-11-21T02:00:02.000Z',
    });
    expect(await world.told()).toEqual(['contained']);
  });

  it('says partial when the containment was undone or never stood long enough', async () => {
    for (const report of [
      seen({ steps: [{ stepKey: denyEntry.key, stage: 'deny', target: 'user mallory', state: 'undone' }] }),
      seen({ stoodSeconds: 29 }),
      seen({ steps: [] }),
    ]) {
      const world = await worldWith({ state: 'containing' });
      world.fates.verify = report;
      await verifyCase(world.verifyDeps, V1);
      expect(await world.stateOf()).toMatchObject({ state: 'needs-human', outcome: { kind: 'partial' } });
    }
  });

  it.each([
    ['waits', { kind: 'wait', seconds: 7 }, { next: 'wait', seconds: 7, round: 3, pass: 'first' }],
    ['puts back', { kind: 'reassert' }, { next: 'contain', seconds: 0, round: 3, pass: 'reassert' }],
    ['detaches', { kind: 'detach' }, { next: 'contain', seconds: 0, round: 3, pass: 'detach' }],
  ] as const)('%s without telling anybody, and keeps how far it is', async (_, next, answer) => {
    const world = await worldWith({ state: 'containing' });
    world.fates.verify = seen({ next });
    expect(await verifyCase(world.verifyDeps, V1)).toEqual(answer);
    expect((await world.stateOf()).verifying?.round).toBe(3);
    expect(await world.told()).toEqual([]);
    expect(await world.store.verifications('C-1')).toHaveLength(1);
  });

  it('says nothing about a case that was taken over while it looked', async () => {
    const world = await worldWith({ state: 'containing' });
    const deps = {
      ...world.verifyDeps,
      verify: async () => {
        const current = await world.stateOf();
        await world.store.advance({ next: { ...current, planVersion: 2, revision: current.revision + 1 } });
        return seen();
      },
    };
    expect((await verifyCase(deps, V1)).next).toBe('done');
    expect((await world.stateOf()).state).toBe('containing');
  });

  it('ends the case of somebody who is gone', async () => {
    const world = await worldWith({ state: 'containing' });
    world.fates.verify = { kind: 'gone', detail: 'deleted' };
    expect((await verifyCase(world.verifyDeps, V1)).next).toBe('done');
    expect(await world.stateOf()).toMatchObject({ state: 'released', outcome: { kind: 'gone', detail: 'deleted' } });
  });
});

describe('giving back', () => {
  const R1 = { caseId: 'C-1', release: 1 };

  async function releasing() {
    const world = createCaseWorld();
    await world.evaluate(accessEvent());
    await world.executeAll();
    await world.order({ kind: 'release', caseId: 'C-1', all: true });
    world.flow.started.length = 0;
    return world;
  }

  it('is said only after a fresh read has shown it', async () => {
    const world = await releasing();
    expect(await restoreCase(world.restoreDeps, R1)).toEqual({ next: 'verify', until: '' });
    expect((await world.stateOf()).state).toBe('releasing');
    expect((await verifyReleaseCase(world.releaseDeps, { ...R1, round: 1 })).next).toBe('done');
    expect((await world.stateOf()).state).toBe('released');
    expect(await openCaseOf(world.store, mallory.key)).toBeUndefined();
  });

  it('is tried three times, then a person has to look', async () => {
    const world = await releasing();
    const deps = {
      ...world.releaseDeps,
      verifyRestore: async () =>
        ({ kind: 'different', items: [{ key: denyEntry.key, target: 'user mallory', reason: 'not yet' }] }) as const,
    };
    expect(await verifyReleaseCase(deps, { ...R1, round: 1 })).toMatchObject({ next: 'restore', round: 2 });
    expect(await verifyReleaseCase(deps, { ...R1, round: 2 })).toMatchObject({ next: 'restore', round: 3 });
    expect(await verifyReleaseCase(deps, { ...R1, round: 3 })).toMatchObject({ next: 'done' });
    expect(await world.stateOf()).toMatchObject({
      state: 'needs-human',
      outcome: { kind: 'partial', missing: [{ item: 'user mallory', reason: 'not given back: not yet' }] },
    });
  });

  it('is refused to an older release, and to one that a detection has won over', async () => {
    const world = await releasing();
    expect(await restoreCase(world.restoreDeps, { ...R1, release: 2 })).toEqual({ next: 'done', until: '' });
    await world.evaluate(accessEvent({ eventId: 'event-2' }));
    expect(await restoreCase(world.restoreDeps, R1)).toEqual({ next: 'done', until: '' });
    expect(world.denied.size).toBe(1);
  });

  it('is refused when a detection wins while the lease is waited for', async () => {
    const world = await releasing();
    let won = false;
    const store: typeof world.store = {
      ...world.store,
      async acquireLease(...lease) {
        if (!won) {
          won = true;
          await world.evaluate(accessEvent({ eventId: 'event-2' }));
          await world.executeAll();
        }
        return world.store.acquireLease(...lease);
      },
    };
    expect(await restoreCase({ ...world.restoreDeps, store }, R1)).toEqual({ next: 'done', until: '' });
    expect((await world.stateOf()).state).toBe('contained');
    expect(world.denied.size).toBe(1);
  });

  it('leaves to a newer case what that holds, and says so', async () => {
    const world = createCaseWorld();
    await world.evaluate(accessEvent());
    await world.executeAll();
    await world.order({ kind: 'release', caseId: 'C-1', all: false });
    await world.executeAll();
    await world.order({ kind: 'release', caseId: 'C-1', all: true });
    await world.evaluate(accessEvent({ eventId: 'event-2' }));
    const holder = (await openCaseOf(world.store, mallory.key))?.caseId;
    expect(await restoreCase(world.restoreDeps, { caseId: 'C-1', release: 2 })).toEqual({ next: 'done', until: '' });
    const last = (await world.store.outbox('C-1')).at(-1);
    expect(last?.alert).toMatchObject({
      state: 'released',
      note: `not given back: ${holder} holds the subject now`,
      steps: [
        { title: 'quarantine: user mallory', state: 'undone' },
        { title: `deactivate-keys: access key AKIAMALLORY1 (${holder} holds the subject)`, state: 'withheld' },
      ],
    });
    // The claim of the newer case is untouched, and once it is over the rest can be asked for again.
    expect(holder).toBeDefined();
    expect((await openCaseOf(world.store, mallory.key))?.caseId).toBe(holder);
    await world.order({ kind: 'close', caseId: holder ?? '', verdict: 'benign' });
    world.flow.started.length = 0;
    expect((await world.order({ kind: 'release', caseId: 'C-1', all: true })).kind).toBe('accepted');
    await world.executeAll();
    expect((await world.store.ledger('C-1')).map(({ state }) => state)).toEqual(['undone', 'undone']);
  });

  it('ends the case of somebody who is gone', async () => {
    const world = await releasing();
    const deps = { ...world.restoreDeps, restore: async () => ({ kind: 'gone', detail: 'deleted' }) as const };
    expect(await restoreCase(deps, R1)).toEqual({ next: 'done', until: '' });
    expect(await world.stateOf()).toMatchObject({ state: 'released', outcome: { kind: 'gone' } });
  });

  it('that lost something leaves the case open for a person, and a new detection contains again', async () => {
    const world = await releasing();
    world.fates.lost = keyEntry.key;
    await world.execute({ kind: 'release', all: true, ...R1 });
    expect(await world.stateOf()).toMatchObject({ state: 'needs-human', outcome: { kind: 'partial' } });
    expect(world.denied.size).toBe(0);
    await world.evaluate(accessEvent({ eventId: 'event-2' }));
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('contained');
    expect(world.denied.size).toBe(1);
  });
});

describe('an execution that gave up', () => {
  it.each(['open', 'awaiting-approval', 'containing', 'releasing'] as const)(
    'is told of a case in state %s, once',
    async (state) => {
      const world = await worldWith({ state });
      await recordFailure(world, { caseId: 'C-1', error: 'States.Timeout' });
      await recordFailure(world, { caseId: 'C-1', error: 'States.Timeout' });
      expect(await world.stateOf()).toMatchObject({
        state: 'needs-human',
        outcome: {
          kind: 'partial',
          missing: [{ item: 'the flow', reason: expect.stringContaining('States.Timeout') }],
        },
      });
      expect(await world.told()).toEqual(['needs-human']);
    },
  );

  it.each(['contained', 'needs-human', 'released', 'closed'] as const)(
    'says nothing about a case that is %s',
    async (state) => {
      const world = await worldWith({ state });
      await recordFailure(world, { caseId: 'C-1', error: 'States.Timeout' });
      expect((await world.stateOf()).state).toBe(state);
      expect(await world.told()).toEqual([]);
    },
  );

  it('says nothing about what has overtaken it', async () => {
    const world = await worldWith({ state: 'containing', planVersion: 2, releases: 1 });
    await recordFailure(world, { caseId: 'C-1', planVersion: 1, error: 'E' });
    await recordFailure(world, { caseId: 'C-1', release: 0, error: 'E' });
    expect((await world.stateOf()).state).toBe('containing');
    await recordFailure(world, { caseId: 'C-1', planVersion: 2, error: 'E' });
    expect((await world.stateOf()).state).toBe('needs-human');
  });
});
