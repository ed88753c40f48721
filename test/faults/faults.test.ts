import { expect, test } from 'vitest';
import { ACTION_IDS } from '../../shared/containment/action.ts';
import { playbooksOf } from '../../shared/containment/playbooks.ts';
import { FAULT_BENCHES, SMALL } from './benches.ts';
import { KINDS } from './cast.ts';
import { stageKind } from './stage-kind.ts';

// A share of what "npm run bench:faults -- --full" runs, with the same seeds each time.
test.each(Object.keys(FAULT_BENCHES))(
  '%s: every figure keeps its limit',
  async (name) => {
    const { violations = ['no such bench'], figures = [] } =
      (await FAULT_BENCHES[name]?.({ seed: 1, progress: () => undefined, size: SMALL })) ?? {};
    expect(violations).toEqual([]);
    expect(figures.filter(({ within }) => within === false)).toEqual([]);
    expect(figures.some(({ within }) => within === true)).toBe(true);
  },
  120_000,
);

test('each action of a playbook is part of a containment that is disturbed', async () => {
  const made = new Set<string>();
  for (const kind of KINDS) {
    const { world } = stageKind(kind);
    await world.timeline.run();
    for (const { caseId } of await world.store.list()) {
      for (const { actionId } of await world.store.ledger(caseId)) made.add(actionId);
    }
  }
  const used = ACTION_IDS.filter((id) => playbooksOf(id).length > 0);
  expect(used.filter((id) => !made.has(id))).toEqual([]);
});
