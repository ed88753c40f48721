import { expect, test } from 'vitest';
import { followContainment } from '../../../cli/contain/follow-containment.ts';
import type { Case } from '../../../shared/cases/case.ts';
import type { Plan } from '../../../shared/containment/plan.ts';
import { newCase } from '../../support/case-scene.ts';

const PLAN: Plan = {
  version: 2,
  hash: 'h',
  plannedAt: '2026-11-21T02:00:01.000Z',
  steps: [],
  residual: [],
  unavailable: [],
  shortfalls: [],
};

/** What somebody else writes while the command reads, as a row of moments; each read of the plan is the end of one. */
function moments(...of: readonly { readonly found: Case; readonly planned: boolean }[]) {
  let at = 0;
  const now = () => of[Math.min(at, of.length - 1)];
  return {
    read: async () => now()?.found,
    plan: async () => {
      at += 1;
      return now()?.planned === true ? PLAN : undefined;
    },
  };
}

const planned = newCase({ planVersion: 1, mode: 'observe', outcome: { kind: 'planned' } });
const ordered = newCase({ planVersion: 2, version: 1, outcome: { kind: 'planned' } });
const containing = newCase({ planVersion: 2, version: 2, state: 'containing' });
const contained = newCase({
  planVersion: 2,
  version: 3,
  state: 'contained',
  outcome: { kind: 'contained', grade: 'B', residual: [], unavailable: [] },
});

test('an order to carry out is followed to its end, also where the plan is made between two reads of the command', async () => {
  const told: string[] = [];
  const store = moments(
    { found: ordered, planned: false },
    { found: containing, planned: true },
    { found: contained, planned: true },
  );
  const end = await followContainment(store, { caseId: 'C-1', enforce: true }, (line) => told.push(line));
  expect(end).toEqual(contained);
  expect(told).toEqual(['C-1 is containing …']);
});

test('a change of the case that is not about the order, such as its evidence, ends nothing', async () => {
  const other = newCase({ planVersion: 2, version: 5, outcome: { kind: 'planned' } });
  const store = moments(
    { found: ordered, planned: false },
    { found: other, planned: false },
    { found: contained, planned: true },
  );
  expect(await followContainment(store, { caseId: 'C-1', enforce: true }, () => {})).toEqual(contained);
});

test('an order to plan ends with the plan', async () => {
  const store = moments({ found: planned, planned: true });
  expect(await followContainment(store, { caseId: 'C-1', enforce: false }, () => {})).toEqual(planned);
});

test('a case that is gone is told', async () => {
  const store = { read: async () => undefined, plan: async () => undefined };
  await expect(followContainment(store, { caseId: 'C-1', enforce: true }, () => {})).rejects.toThrow('no case C-1');
});

test('one whose lock ends, or that somebody releases meanwhile, is not waited for: no plan follows', async () => {
  const releasing = newCase({ planVersion: 3, version: 4, state: 'releasing' });
  const store = moments(
    { found: ordered, planned: false },
    { found: containing, planned: true },
    { found: releasing, planned: false },
  );
  expect(await followContainment(store, { caseId: 'C-1', enforce: true }, () => {})).toEqual(releasing);
});
