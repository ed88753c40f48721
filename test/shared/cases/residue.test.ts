import { describe, expect, it } from 'vitest';
import { renderText } from '../../../shared/alerts/render-text.ts';
import { verifyCase } from '../../../shared/cases/verify-case.ts';
import { withhold } from '../../../shared/containment/withhold.ts';
import type { Residue, ResidueItem } from '../../../shared/residue/residue.ts';
import { broughtByResidue } from '../../../shared/residue/residue.ts';
import { accessEvent, detection, keyEntry } from '../../support/case-scene.ts';
import { createCaseWorld } from '../../support/case-world.ts';

const backdoor: ResidueItem = {
  what: 'user backdoor, created',
  by: 'mallory',
  at: '2026-11-21T01:30:00Z',
  eventId: 'e-9',
  state: 'live',
  contain: 'npx rescind contain backdoor --enforce',
};
const found = (...items: readonly ResidueItem[]): Residue => ({
  planVersion: 1,
  from: '2026-11-20T02:00:00.000Z',
  to: '2026-11-21T02:01:00.000Z',
  items,
  limits: ['CloudTrail tells management events of us-east-1 only, up to 15 minutes late'],
});

/** A case that is contained, and was not looked back from. */
async function contained() {
  const world = createCaseWorld();
  await world.evaluate(accessEvent());
  await world.executeAll();
  expect((await world.stateOf()).state).toBe('contained');
  return world;
}
const of = { caseId: 'C-1', planVersion: 1 };

describe('a look back after the verdict', () => {
  it('keeps what it found on the case and tells it once, in a state that is told already', async () => {
    const world = await contained();
    const before = await world.stateOf();
    const deps = { ...world.verifyDeps, sweepResidue: async () => found(backdoor) };
    await verifyCase(deps, of);
    await verifyCase(deps, of);
    const after = await world.stateOf();
    expect(after).toMatchObject({ state: 'contained', outcome: before.outcome, residue: { items: [backdoor] } });
    expect(await world.told()).toEqual(['containing', 'contained', 'contained']);
    const last = (await world.store.outbox('C-1')).at(-1)?.alert;
    expect(last?.leftBehind).toEqual([backdoor]);
    const text = last === undefined ? '' : renderText(last, 'UTC');
    expect(text).toContain('LEFT BEHIND, decide on each\n- user backdoor, created by mallory, still there\n');
    expect(text).toContain('To contain it: npx rescind contain backdoor --enforce');
  });

  it('that finds nothing for a person to decide tells nothing', async () => {
    const world = await contained();
    const nothing = found({ ...backdoor, state: 'gone' }, { ...backdoor, own: true });
    await verifyCase({ ...world.verifyDeps, sweepResidue: async () => nothing }, of);
    expect(await world.told()).toEqual(['containing', 'contained']);
    expect((await world.stateOf()).residue?.items).toHaveLength(2);
  });

  it('is made by a rerun where the function was lost before it, and not for a case that was released meanwhile', async () => {
    const world = await contained();
    const lost = { ...world.verifyDeps, sweepResidue: () => Promise.reject(new Error('lost')) };
    await expect(verifyCase(lost, of)).rejects.toThrow('lost');
    expect((await world.stateOf()).residue).toBeUndefined();
    await verifyCase({ ...world.verifyDeps, sweepResidue: async () => found(backdoor) }, of);
    expect((await world.stateOf()).residue?.items).toEqual([backdoor]);

    const released = await contained();
    await released.order({ kind: 'release', caseId: 'C-1', all: false });
    await verifyCase({ ...released.verifyDeps, sweepResidue: async () => found(backdoor) }, of);
    expect((await released.stateOf()).residue).toBeUndefined();
  });

  it('lets a release keep back a key that no rule told of, and give it back when all is asked for', () => {
    const entry = {
      ...keyEntry,
      state: 'done',
      planVersion: 1,
      intendedAt: '2026-11-21T02:00:03.000Z',
      reasserted: 0,
    } as const;
    const granted = { kind: 'access-key-created', principal: 'mallory', accessKeyId: 'AKIAMALLORY1' } as const;
    const brought = [detection(), ...broughtByResidue(found({ ...backdoor, own: true, granted }))];
    expect(withhold([entry], [detection()], false)).toEqual([]);
    expect(withhold([entry], brought, false)).toEqual([
      {
        key: keyEntry.key,
        target: keyEntry.target,
        reason: 'the subject created it itself shortly before, or helped by what it made',
      },
    ]);
    expect(withhold([entry], brought, true)).toEqual([]);
  });
});
