import { describe, expect, it } from 'vitest';
import { CASE_STATES, type Case } from '../../../shared/cases/case.ts';
import { openCaseOf } from '../../../shared/cases/open-case.ts';
import { accessEvent, denyEntry, detection, keyEntry, mallory, newCase } from '../../support/case-scene.ts';
import { createCaseWorld, type WorldOptions } from '../../support/case-world.ts';
import { markOf } from '../../support/standing.ts';

const release = (all = false) => ({ kind: 'release', caseId: 'C-1', all }) as const;
const close = { kind: 'close', caseId: 'C-1', verdict: 'false-positive' } as const;

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

/** With the deny and the key in its ledger. */
async function holding(of: Partial<Case> = {}) {
  const world = await worldWith(of);
  const lease = await world.store.acquireLease(mallory.key, 'test', 90);
  const ledger = world.store.ledgerOf('C-1', 1, lease);
  await ledger.intend([denyEntry, keyEntry]);
  for (const { key } of [denyEntry, keyEntry]) await ledger.settle(key, { state: 'done' });
  await world.store.releaseLease(lease);
  world.denied.add(mallory.key);
  return world;
}

async function contained() {
  const world = createCaseWorld();
  await world.evaluate(accessEvent());
  await world.executeAll();
  return world;
}

describe('a release', () => {
  const MAY_RELEASE = new Set(['containing', 'contained', 'needs-human', 'open', 'releasing']);
  it.each(CASE_STATES)('of a case that holds its subject in state %s', async (state) => {
    const world = await holding({ state });
    const { kind } = await world.order(release());
    expect(kind).toBe(MAY_RELEASE.has(state) ? 'accepted' : 'refused');
  });

  it('of an open case that has changed nothing is refused', async () => {
    const world = await worldWith();
    expect(await world.order(release())).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('changed nothing'),
    });
  });

  it('takes the case over from a containment that is still under way', async () => {
    const world = await worldWith({ state: 'containing' });
    expect(await world.order(release())).toMatchObject({ kind: 'accepted', caseId: 'C-1' });
    expect(await world.stateOf()).toMatchObject({ state: 'releasing', planVersion: 2, releases: 1 });
    expect(world.flow.started).toEqual([{ kind: 'release', caseId: 'C-1', release: 1, all: false }]);
  });

  it('asked for again is the same release, started again in case it never was', async () => {
    const world = await holding({ state: 'contained' });
    await world.order(release());
    expect(await world.order(release(true))).toMatchObject({
      kind: 'accepted',
      text: 'C-1 is being released already.',
    });
    expect(world.flow.started).toEqual([
      { kind: 'release', caseId: 'C-1', release: 1, all: false },
      { kind: 'release', caseId: 'C-1', release: 1, all: false },
    ]);
    expect(await world.told()).toEqual(['releasing']);
  });

  it('whose execution died is started anew after half an hour', async () => {
    const world = await holding({ state: 'contained' });
    await world.order(release());
    world.clock.advance(30 * 60_000);
    await world.order(release());
    expect(world.flow.started.at(-1)).toEqual({ kind: 'release', caseId: 'C-1', release: 2, all: false });
  });

  it('gives back all but what it withholds, and with --all that too', async () => {
    const world = createCaseWorld();
    await world.evaluate(accessEvent());
    await world.executeAll();
    await world.order(release());
    await world.executeAll();
    const released = await world.stateOf();
    expect(released).toMatchObject({ state: 'released', release: { all: false } });
    expect(released.release?.withheld.map(({ target }) => target)).toEqual(['access key AKIAMALLORY1']);
    expect(await world.order(release())).toMatchObject({ kind: 'refused', why: expect.stringContaining('--all') });
    await world.order(release(true));
    await world.executeAll();
    expect((await world.stateOf()).release?.withheld).toEqual([]);
    expect((await world.store.ledger('C-1')).map(({ state }) => state)).toEqual(['undone', 'undone']);
    expect((await world.order(release(true))).kind).toBe('refused');
    expect(await world.told()).toEqual(['containing', 'contained', 'releasing', 'released', 'releasing', 'released']);
  });

  it('of what was withheld waits for a newer case on the same subject', async () => {
    const world = await contained();
    await world.order(release());
    await world.executeAll();
    await world.evaluate(accessEvent({ eventId: 'event-2' }));
    const holder = (await openCaseOf(world.store, mallory.key))?.caseId;
    expect(await world.order(release(true))).toMatchObject({
      kind: 'refused',
      why: `The subject is held by ${holder}: release that case first.`,
    });
  });

  it('is refused to whom the case is about', async () => {
    const world = await holding({ state: 'contained' });
    expect((await world.order(release(), mallory.arn)).kind).toBe('refused');
    expect(world.denied.size).toBe(1);
  });

  it('of somebody beyond reach is refused with the way to end the case', async () => {
    const world = await worldWith({
      state: 'needs-human',
      subject: { kind: 'beyond', key: 'root:1', account: '1', label: 'root', why: '', humanSteps: [] },
    });
    expect(await world.order(release())).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('rescind close'),
    });
  });
});

describe('closing', () => {
  it.each(CASE_STATES)('a case in state %s that has changed nothing', async (state) => {
    const world = await worldWith({ state });
    const closable = state === 'open' || state === 'needs-human' || state === 'released';
    expect((await world.order(close)).kind).toBe(closable ? 'accepted' : 'refused');
    expect((await world.stateOf()).state).toBe(closable ? 'closed' : state);
  });

  it.each(CASE_STATES)('a case in state %s that holds its subject', async (state) => {
    const world = await holding({ state, outcome: { kind: 'refused', reason: 'stopped', detail: '' } });
    // Once it was released, what is withheld stays so.
    expect((await world.order(close)).kind).toBe(state === 'released' ? 'accepted' : 'refused');
  });

  it('lets the next event open a case, and keeps the verdict', async () => {
    const world = await worldWith();
    await world.order(close);
    expect(await world.stateOf()).toMatchObject({ state: 'closed', verdict: 'false-positive' });
    expect(await openCaseOf(world.store, mallory.key)).toBeUndefined();
    expect((await markOf(world.store, mallory.key, 'rule-a'))?.caseId).toBeUndefined();
    expect(await world.told()).toEqual(['closed']);
    expect((await world.order(close)).kind).toBe('refused');
  });

  it('ends a release that lost something, where no release ever will', async () => {
    const world = await contained();
    world.fates.lost = keyEntry.key;
    await world.order(release(true));
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({ state: 'needs-human', outcome: { kind: 'partial' } });
    expect((await world.order(close)).kind).toBe('accepted');
  });

  it('waits while somebody works on the subject', async () => {
    const world = await worldWith({ state: 'needs-human' });
    await world.store.acquireLease(mallory.key, 'C-1-plan-1', 90);
    expect(await world.order(close)).toMatchObject({ kind: 'refused', why: expect.stringContaining('worked on') });
  });

  it('before the plan is made leaves nothing to be contained', async () => {
    const world = createCaseWorld();
    await world.evaluate(accessEvent());
    await world.order(close);
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('closed');
    expect(world.denied.size).toBe(0);
  });
});

describe('an order', () => {
  it('about a case that does not exist is refused', async () => {
    const world = createCaseWorld();
    for (const order of [release(), close, { kind: 'approve', caseId: 'C-1' }] as const) {
      expect(await world.order(order)).toMatchObject({ kind: 'refused', why: expect.stringContaining('no case C-1') });
    }
  });

  it('is decided again when a detection joins in between', async () => {
    let joined = false;
    const world = createCaseWorld({
      around: async (call, run) => {
        if (call.name === 'advance' && !joined) {
          joined = true;
          const current = await world.stateOf();
          const next = { ...current, ruleIds: ['rule-a', 'rule-b'], revision: current.revision + 1 };
          const second = detection({ ruleId: 'rule-b', eventId: 'event-2' });
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
    expect((await world.order(close)).kind).toBe('accepted');
    expect((await markOf(world.store, mallory.key, 'rule-b'))?.caseId).toBeUndefined();
  });

  it('closes the breaker once', async () => {
    const world = createCaseWorld({ subjects: 0 });
    await world.evaluate(accessEvent());
    await world.executeAll();
    expect((await world.order({ kind: 'close-breaker' })).kind).toBe('accepted');
    expect(await world.store.breaker()).toEqual({ passed: {}, revision: 2 });
    expect((await world.order({ kind: 'close-breaker' })).kind).toBe('refused');
  });
});
