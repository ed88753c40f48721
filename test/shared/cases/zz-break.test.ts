import { describe, expect, it } from 'vitest';
import { restoreCase, verifyReleaseCase } from '../../../shared/cases/restore-case.ts';
import { openCaseOf } from '../../../shared/cases/open-case.ts';
import type { Answer } from '../../../shared/config/response.ts';
import type { AccessEvent } from '../../../shared/access/access-event.ts';
import { accessEvent, mallory, rule, denyEntry } from '../../support/case-scene.ts';
import { type CaseWorld, createCaseWorld, type WorldOptions } from '../../support/case-world.ts';

const MINUTE = 60_000;
const worldOf = (answers: Readonly<Record<string, Answer>> = {}, of: WorldOptions = {}) =>
  createCaseWorld({ rules: ['rule-a', 'rule-b', 'rule-c'].map((id) => rule({ id })), answers, ...of });
const old = (ruleId = 'rule-b', of: Partial<AccessEvent> = {}) =>
  accessEvent({ eventId: `old ${ruleId}`, eventTime: '2026-11-21T01:00:00Z', record: { holds: [ruleId] }, ...of });
const justNow = (world: CaseWorld, ruleId = 'rule-b', of: Partial<AccessEvent> = {}) =>
  accessEvent({ eventId: `new ${ruleId}`, eventTime: `${world.clock.now().toISOString().slice(0, 19)}Z`, record: { holds: [ruleId] }, ...of });
async function judged(world: CaseWorld, event: AccessEvent, of: { readonly reconciled?: boolean } = {}) {
  const { results } = await world.evaluate(event, of);
  await world.executeAll();
  return results;
}
async function contained(world: CaseWorld) {
  await judged(world, accessEvent({ record: { holds: ['rule-a'] } }));
  expect((await world.stateOf()).state).toBe('contained');
  world.clock.advance(30 * MINUTE);
  return world;
}
const release = { kind: 'release', caseId: 'C-1', all: false } as const;
async function released(world = worldOf()) {
  await contained(world);
  await world.order(release);
  await world.executeAll();
  expect((await world.stateOf()).state).toBe('released');
  world.clock.advance(30 * MINUTE);
  return world;
}

describe('exp1: release --all of a released case, another opens between restore and its verification', () => {
  it('ends', async () => {
    const world = await released(worldOf({ 'rule-b': { playbook: 'alert', mode: 'observe' } }));
    expect(await world.order({ ...release, all: true })).toMatchObject({ kind: 'accepted' });
    world.flow.started.length = 0;
    const of = { caseId: 'C-1', release: 2 };
    expect(await restoreCase(world.restoreDeps, of)).toMatchObject({ next: 'verify' });
    expect(await world.evaluate(justNow(world))).toMatchObject({ results: [{ kind: 'detected', caseId: 'C-2' }] });
    await verifyReleaseCase(world.releaseDeps, { ...of, round: 1 });
    expect((await world.stateOf()).state).toBe('released');
  });
});

describe('exp2: failed release', () => {
  it('a late event that comes twice takes nothing (claimed)', async () => {
    const world = await contained(worldOf());
    world.fates.lost = denyEntry.key;
    await world.order(release);
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('needs-human');
    expect(world.denied).toEqual(new Set());
    world.clock.advance(MINUTE);
    console.log(await judged(world, old()));
    expect(world.denied).toEqual(new Set());
    console.log(await judged(world, old()));
    console.log((await world.stateOf()).state, await world.told());
    expect(world.denied).toEqual(new Set());
  });
});

describe('exp3: reconciled after late failed flood', () => {
  it('is no duplicate', async () => {
    const world = await released();
    for (let n = 0; n < 101; n += 1)
      await judged(world, old('rule-a', { eventId: `late ${n}`, eventTime: '2026-11-21T02:29:00Z', errorCode: 'AccessDenied' }));
    const r = await judged(world, justNow(world, 'rule-a'), { reconciled: true });
    console.log(r);
    expect(r[0]?.kind).toBe('detected');
  });
});

describe('exp4: dangling claim', () => {
  it('chain', async () => {
    const world = await released();
    world.fates.lost = 'deactivate-keys#AKIAMALLORY1';
    await world.order({ ...release, all: true });
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('needs-human');
    console.log('claim', await world.store.claim(mallory.key));
    const ev = old('rule-a', { eventId: 'late', eventTime: '2026-11-21T02:29:00Z', errorCode: 'AccessDenied' });
    console.log(await judged(world, ev));
    console.log(await judged(world, ev));
    console.log((await world.stateOf()).state, await world.told(), [...world.denied], 'claim', await world.store.claim(mallory.key), await world.store.holds(mallory.key));
    world.clock.advance(MINUTE);
    console.log(await judged(world, justNow(world)));
    console.log('C-2', (await world.stateOf('C-2')).state, [...world.denied], 'claim', await world.store.claim(mallory.key), await world.store.holds(mallory.key));
    console.log(await world.order({ ...release, caseId: 'C-2' }));
    await world.executeAll();
    console.log('C-2', (await world.stateOf('C-2')).state, [...world.denied], 'claim', await world.store.claim(mallory.key), await world.store.holds(mallory.key));
    world.clock.advance(MINUTE);
    const r = await judged(world, justNow(world, 'rule-c'));
    console.log(r);
    expect(r[0]?.kind).toBe('detected');
  });
});
void openCaseOf;
