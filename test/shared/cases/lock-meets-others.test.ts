import { describe, expect, it } from 'vitest';
import { verifyCase } from '../../../shared/cases/verify-case.ts';
import type { Answer } from '../../../shared/config/response.ts';
import { FIRST_VERIFY, type VerifyReport } from '../../../shared/containment/verify.ts';
import { accessEvent, cutOffEntry, denyEntry, rule } from '../../support/case-scene.ts';
import { type CaseWorld, createCaseWorld } from '../../support/case-world.ts';

const HOUR = 3_600_000;
const LOCK: Answer = { playbook: 'lock', mode: 'enforce', forSeconds: 14_400 };
const CONTAIN: Answer = { playbook: 'contain', mode: 'enforce' };
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
