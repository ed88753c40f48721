import { expect, it } from 'vitest';
import { containCase } from '../../../shared/cases/contain-case.ts';
import { detection, newCase } from '../../support/case-scene.ts';
import { createCaseWorld } from '../../support/case-world.ts';

it.each(['first', 'detach', 'reassert'] as const)('a pass %s makes nothing while Rescind is stopped', async (pass) => {
  const world = createCaseWorld();
  const next = newCase({ state: 'containing', version: 1 });
  await world.store.join({ next, isNew: true, detection: detection(), mode: 'enforce', brought: [], mark: undefined });
  world.fates.stopped = true;
  expect(await containCase(world.containDeps, { caseId: 'C-1', planVersion: 1, pass })).toEqual({ next: 'done' });
  expect(await world.stateOf()).toMatchObject({
    state: 'needs-human',
    outcome: { kind: 'refused', reason: 'stopped', detail: 'the switch is on' },
  });
  expect(world.denied.size).toBe(0);
  expect(await world.store.ledger('C-1')).toEqual([]);
  expect(await world.told()).toEqual(['needs-human']);
});
