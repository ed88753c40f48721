import type { CaseStore, Mark } from '../ports/case-store.ts';
import type { Detection } from './case.ts';
import { countEvent } from './count-event.ts';
import { broughtBy } from './detection-of.ts';
import type { SeenRelease } from './last-release.ts';

/**
 * Most of what comes late after a release are calls that the deny itself refused. One that failed took nothing, and where the
 * case that was released knew its rule, a person has judged the like of it: it is kept with that case, and nobody is asked.
 * `undefined`: it is none of these.
 */
export async function joinReleased(
  store: CaseStore,
  subjectKey: string,
  detection: Detection,
  { mark, releases }: { readonly mark: Mark | undefined; readonly releases: readonly SeenRelease[] },
): Promise<{ readonly kind: 'detected' | 'counted'; readonly ruleId: string; readonly caseId: string } | undefined> {
  const { releasedSince, failed, ruleId, mode = 'observe' } = detection;
  if (releasedSince === undefined || failed !== true) return undefined;
  const found = await store.read(releasedSince.caseId);
  if (found?.subject.key !== subjectKey || !found.ruleIds.includes(ruleId)) return undefined;
  const { caseId } = found;
  if (mark?.caseId === caseId) return countEvent(store, subjectKey, detection, { ...mark, caseId });
  const next = { ...found, revision: found.revision + 1, updatedAt: detection.detectedAt };
  await store.join({ next, isNew: false, detection, mode, brought: broughtBy(detection), mark, releases });
  return { kind: 'detected', ruleId, caseId };
}
