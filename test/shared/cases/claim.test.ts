import { describe, expect, it } from 'vitest';
import type { AccessEvent } from '../../../shared/access/access-event.ts';
import { restoreCase, verifyReleaseCase } from '../../../shared/cases/restore-case.ts';
import type { Answer } from '../../../shared/config/response.ts';
import { accessEvent, keyEntry, mallory, rule } from '../../support/case-scene.ts';
import { type CaseWorld, createCaseWorld } from '../../support/case-world.ts';

const MINUTE = 60_000;
const release = { kind: 'release', caseId: 'C-1', all: false } as const;

function event(world: CaseWorld, ruleId: string): AccessEvent {
  const eventTime = `${world.clock.now().toISOString().slice(0, 19)}Z`;
  return accessEvent({ eventId: `${ruleId} at ${eventTime}`, eventTime, record: { holds: [ruleId] } });
}

async function judged(world: CaseWorld, ruleId: string) {
  const { results } = await world.evaluate(event(world, ruleId));
  await world.executeAll();
  return results;
}

/** C-1 was contained by rule A and released, all but a key; a minute has passed. */
async function released(answers: Readonly<Record<string, Answer>> = {}): Promise<CaseWorld> {
  const world = createCaseWorld({ rules: ['rule-a', 'rule-b', 'rule-c'].map((id) => rule({ id })), answers });
  await judged(world, 'rule-a');
  await world.order(release);
  await world.executeAll();
  expect((await world.stateOf()).state).toBe('released');
  world.clock.advance(MINUTE);
  return world;
}

describe('the claim on a subject', () => {
  it('is of the case that opened while an older one gave back what it had withheld, which ends without it', async () => {
    const world = await released({ 'rule-b': { playbook: 'alert', mode: 'observe' } });
    await world.order({ ...release, all: true });
    const of = { caseId: 'C-1', release: 2 };
    expect(await restoreCase(world.restoreDeps, of)).toMatchObject({ next: 'verify' });
    await world.evaluate(event(world, 'rule-b'));
    await verifyReleaseCase(world.releaseDeps, { ...of, round: 1 });
    expect((await world.stateOf()).state).toBe('released');
    expect(await world.store.claim(mallory.key)).toBe('C-2');
    world.clock.advance(MINUTE);
    expect(await judged(world, 'rule-b')).toMatchObject([{ kind: 'counted', caseId: 'C-2' }]);
  });

  describe('where a case without it holds the subject', () => {
    /** C-1, taken up again, could not give back the key and holds mallory; C-2 was contained since, and released. */
    async function heldByAnother(): Promise<CaseWorld> {
      const world = await released();
      world.fates.lost = keyEntry.key;
      await world.order({ ...release, all: true });
      await world.executeAll();
      const found = await world.stateOf();
      expect(found.state).toBe('needs-human');
      const hold = { caseId: 'C-1', ruleId: 'rule-a', playbook: 'contain', startedAt: found.openedAt };
      await world.store.advance({ next: { ...found, revision: found.revision + 1 }, holds: [hold] });
      world.clock.advance(MINUTE);
      await judged(world, 'rule-b');
      expect((await world.stateOf('C-2')).state).toBe('contained');
      await world.order({ ...release, caseId: 'C-2' });
      await world.executeAll();
      expect((await world.stateOf('C-2')).state).toBe('released');
      return world;
    }

    it('is given up by the case that ends because of it: what is detected next opens a case of its own', async () => {
      const world = await heldByAnother();
      expect(await world.store.claim(mallory.key)).toBeUndefined();
      world.clock.advance(MINUTE);
      expect(await judged(world, 'rule-c')).toMatchObject([{ kind: 'detected', caseId: 'C-3' }]);
      expect((await world.stateOf('C-3')).state).toBe('contained');
    });

    it('stands in the way of nobody who closes the one that holds', async () => {
      const world = await heldByAnother();
      world.clock.advance(MINUTE);
      await judged(world, 'rule-c');
      delete world.fates.lost;
      expect(await world.order(release)).toMatchObject({ kind: 'accepted' });
      await world.executeAll();
      expect(await world.order({ kind: 'close', caseId: 'C-1', verdict: 'benign' })).toMatchObject({
        kind: 'accepted',
      });
      expect(await world.store.claim(mallory.key)).toBe('C-3');
    });
  });
});
