import { describe, expect, it } from 'vitest';
import type { AccessEvent } from '../../../shared/access/access-event.ts';
import { containCase } from '../../../shared/cases/contain-case.ts';
import { planCase } from '../../../shared/cases/plan-case.ts';
import { verifyCase } from '../../../shared/cases/verify-case.ts';
import type { Answer } from '../../../shared/config/response.ts';
import { accessEvent, denyEntry, keyEntry, rule } from '../../support/case-scene.ts';
import { type CaseWorld, createCaseWorld, FOUGHT } from '../../support/case-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const release = { kind: 'release', caseId: 'C-1', all: false } as const;

function worldOf(answers: Readonly<Record<string, Answer>> = {}): CaseWorld {
  return createCaseWorld({ rules: ['rule-a', 'rule-b'].map((id) => rule({ id })), answers });
}

function event(world: CaseWorld, ruleId: string): AccessEvent {
  const eventTime = `${world.clock.now().toISOString().slice(0, 19)}Z`;
  return accessEvent({ eventId: `${ruleId} at ${eventTime}`, eventTime, record: { holds: [ruleId] } });
}

async function detected(world: CaseWorld, ruleId: string): Promise<void> {
  await world.evaluate(event(world, ruleId));
  await world.executeAll();
}

/** A release of C-1: under way, or over and unable to give all back. */
async function letGo(world: CaseWorld, how: 'releasing' | 'failed'): Promise<void> {
  if (how === 'failed') world.fates.lost = denyEntry.key;
  await world.order(release);
  if (how === 'failed') await world.executeAll();
  else world.flow.started.length = 0;
  delete world.fates.lost;
  expect((await world.stateOf()).state).toBe(how === 'failed' ? 'needs-human' : 'releasing');
}

describe('what is detected after a person’s release, whether it is under way or could not give all back', () => {
  it.each(['releasing', 'failed'] as const)(
    'locks for as long as it says, not until the end of the lock that was released: %s',
    async (how) => {
      const world = worldOf({ 'rule-a': { playbook: 'lock', mode: 'enforce', forSeconds: 14_400 } });
      await detected(world, 'rule-a');
      world.clock.advance(4 * HOUR - 10 * MINUTE);
      await letGo(world, how);
      world.clock.advance(MINUTE);
      await detected(world, 'rule-a');
      expect(await world.stateOf()).toMatchObject({ state: 'contained', until: '2026-11-21T09:51:02.000Z' });
    },
  );

  it.each(['approve', 'observe'] as const)(
    'wins in mode %s also where one of its rule came too late before it',
    async (mode) => {
      for (const how of ['releasing', 'failed'] as const) {
        const world = worldOf({ 'rule-b': { playbook: 'contain', mode } });
        await detected(world, 'rule-a');
        world.clock.advance(HOUR);
        await letGo(world, how);
        world.clock.advance(20 * MINUTE);
        await world.evaluate({ ...event(world, 'rule-b'), eventId: 'late', eventTime: '2026-11-21T01:00:00Z' });
        expect(world.flow.started).toEqual([]);
        world.clock.advance(MINUTE);
        await detected(world, 'rule-b');
        expect([how, (await world.stateOf()).state]).toEqual([how, 'contained']);
      }
    },
  );

  it('is told anew when somebody fights it, although another fight was told before the release', async () => {
    const world = worldOf();
    const deps = { ...world.verifyDeps, escalation: { ...world.evaluateDeps, whyProtected: () => undefined } };
    const fought = async (planVersion: number): Promise<void> => {
      const input = { kind: 'contain', caseId: 'C-1', planVersion } as const;
      await planCase(world.planDeps, input);
      await containCase(world.containDeps, { ...input, pass: 'first' });
      world.fates.verify = FOUGHT;
      await verifyCase(deps, input);
      delete world.fates.verify;
    };
    await world.evaluate(event(world, 'rule-a'));
    await fought(1);
    expect(await world.stateOf()).toMatchObject({ state: 'needs-human', fighting: true });
    world.flow.started.length = 0;
    world.clock.advance(HOUR);
    await letGo(world, 'releasing');
    expect((await world.stateOf()).foughtAt).toBeUndefined();
    world.clock.advance(MINUTE);
    await world.evaluate(event(world, 'rule-b'));
    await fought((await world.stateOf()).planVersion);
    expect(await world.stateOf()).toMatchObject({ state: 'needs-human', fighting: true });
  });
});

it('a release of a case that has no claim leaves the marks to the case that has it', async () => {
  const world = worldOf();
  await detected(world, 'rule-a');
  await world.order(release);
  await world.executeAll();
  world.clock.advance(MINUTE);
  world.fates.lost = keyEntry.key;
  await world.order({ ...release, all: true });
  await world.executeAll();
  expect((await world.stateOf()).state).toBe('needs-human');
  delete world.fates.lost;
  world.clock.advance(30 * MINUTE);
  const lost = event(world, 'rule-a');
  await world.evaluate(lost);
  // Whoever evaluated it died before it started anything.
  world.flow.started.length = 0;
  expect(await world.order(release)).toMatchObject({ kind: 'accepted' });
  await world.executeAll();
  await world.evaluate(lost);
  await world.executeAll();
  expect((await world.stateOf('C-2')).state).toBe('contained');
});
