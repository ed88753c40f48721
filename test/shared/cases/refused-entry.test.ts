import { describe, expect, test } from 'vitest';
import { channelOf } from '../../../shared/alerts/channel.ts';
import { accessEvent, keyEntry } from '../../support/case-scene.ts';
import { createCaseWorld } from '../../support/case-world.ts';
import { TAMPERED } from '../../support/memory-ledger.ts';

const release = { kind: 'release', caseId: 'C-1', all: true } as const;

/** A case that was contained, whose entry about the key somebody then changed in the table. */
async function tampered() {
  const world = createCaseWorld();
  await world.evaluate(accessEvent());
  await world.executeAll();
  await world.order(release);
  world.fates.tampered = keyEntry.key;
  await world.executeAll();
  return world;
}

describe('a release that meets an entry which somebody changed', () => {
  test('leaves the case with a person, and pages what was not given back and why', async () => {
    const world = await tampered();
    const found = await world.stateOf();
    expect(found).toMatchObject({
      state: 'needs-human',
      outcome: { kind: 'partial', missing: [{ item: keyEntry.target, reason: `not given back: ${TAMPERED}` }] },
      release: { refused: [{ key: keyEntry.key }] },
    });
    const alert = (await world.store.outbox('C-1')).at(-1)?.alert;
    expect(alert === undefined ? 'no alert' : channelOf(alert)).toBe('page');
    expect(alert?.outcome).toEqual(found.outcome);
  });

  test('is not tried again in vain: nothing that Rescind does mends an entry', async () => {
    const world = await tampered();
    expect((await world.store.verifications('C-1')).length).toBe(1);
  });

  test('can be closed by a person, who gives it back by hand', async () => {
    const world = await tampered();
    expect(await world.order({ kind: 'close', caseId: 'C-1', verdict: 'true-positive' })).toMatchObject({
      kind: 'accepted',
    });
  });

  test('can be asked for again, and says the same', async () => {
    const world = await tampered();
    await world.order(release);
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({ state: 'needs-human', releases: 2 });
  });
});
