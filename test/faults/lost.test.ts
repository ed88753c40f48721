import { expect, test } from 'vitest';
import type { Case } from '../../shared/cases/case.ts';
import { detection, newCase } from '../support/case-scene.ts';
import { lostByAdvancing, lostByJoining } from '../support/lost.ts';

const joining = (state: Case['state'], of: Parameters<typeof detection>[0] = {}, mode: Case['mode'] = 'enforce') =>
  lostByJoining({
    next: newCase({ state }),
    isNew: false,
    detection: detection(of),
    mode,
    brought: [],
    mark: undefined,
  });

test('a detection that asks to act is lost in a case that gives access back or is over, and in no other', () => {
  const states: readonly Case['state'][] = ['open', 'awaiting-approval', 'containing', 'contained', 'needs-human'];
  expect(states.flatMap((state) => joining(state))).toEqual([]);
  for (const state of ['releasing', 'released', 'closed'] as const) {
    expect(joining(state)).toEqual([expect.stringContaining(`which is ${state}`)]);
  }
});

test('one that is not to act is none: it only tells, failed, or happened before the release', () => {
  const releasedSince = { caseId: 'C-1', at: '2026-11-21T03:00:00.000Z' };
  expect(joining('released', {}, 'observe')).toEqual([]);
  expect(joining('released', { failed: true })).toEqual([]);
  expect(joining('releasing', { releasedSince })).toEqual([]);
});

test('a case is released from its release, or because its subject is gone; from elsewhere a new plan is lost', () => {
  const released = newCase({ state: 'released' });
  expect(lostByAdvancing(newCase({ state: 'releasing' }), { next: released })).toEqual([]);
  expect(lostByAdvancing(newCase({ state: 'open' }), { next: released })).toHaveLength(1);
  const gone = { kind: 'gone', detail: 'it was deleted' } as const;
  expect(lostByAdvancing(newCase({ state: 'contained' }), { next: { ...released, outcome: gone } })).toEqual([]);
});
