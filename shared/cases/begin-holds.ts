import type { CaseStore } from '../ports/case-store.ts';
import type { Case, Detection } from './case.ts';
import { type Hold, holdsOf, withEnd } from './hold.ts';

/** A case that begins to act, with the holds of its detections: a lock's time runs from here, not from the question before. */
export async function beginHolds(
  store: Pick<CaseStore, 'holds'>,
  next: Case,
  detections: readonly Detection[],
): Promise<{ readonly next: Case; readonly holds: readonly Hold[] }> {
  const before = await store.holds(next.subject.key);
  const holds = holdsOf(next, detections, before, next.updatedAt);
  return { next: withEnd(next, before, holds, next.updatedAt), holds };
}

/** A containment that is under way is held by a new detection as well, from now on: it needs no plan for that. */
export async function joinHolds(
  store: Pick<CaseStore, 'holds'>,
  quietly: Case | undefined,
  next: Case,
  detection: Detection,
): Promise<{ readonly next: Case; readonly holds: readonly Hold[] }> {
  const underWay = quietly?.state === 'containing' || quietly?.state === 'contained' || quietly?.fighting === true;
  if (!underWay) return { next, holds: [] };
  const before = await store.holds(next.subject.key);
  const holds = holdsOf(next, [detection], before, detection.detectedAt);
  return holds.length === 0 ? { next, holds } : { next: withEnd(next, before, holds, detection.detectedAt), holds };
}
