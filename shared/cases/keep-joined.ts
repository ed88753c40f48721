import type { CaseStore } from '../ports/case-store.ts';
import { joinHolds } from './begin-holds.ts';
import type { Case, Detection } from './case.ts';
import { broughtBy } from './detection-of.ts';
import type { Joined } from './join-case.ts';
import { alertOf } from './move-case.ts';

type Kept = Pick<Parameters<CaseStore['join']>[0], 'mode' | 'mark' | 'releases'> & {
  /** The case that was joined, as it was read; undefined where one is opened. */
  readonly open: Case | undefined;
  readonly detection: Detection;
};

/** Writes what a detection made of a case, with what it adds to a hold and the alert of a state that it changed. */
export async function keepJoined(
  store: CaseStore,
  { next: joined, isNew, planDue, alertDue }: Joined,
  { open, detection, mode, mark, releases = [] }: Kept,
): Promise<Case> {
  const { next, holds } = await joinHolds(store, planDue ? undefined : open, joined, detection);
  const alert = alertDue ? alertOf(next, [...(await store.detections(next.caseId)), detection], []) : undefined;
  await store.join({
    next,
    isNew,
    detection,
    mode,
    brought: broughtBy(detection),
    mark,
    releases,
    ...(alert === undefined ? {} : { alert }),
    holds,
  });
  return next;
}
