import { type Case, isEnding } from '../../shared/cases/case.ts';
import type { CaseStore, CaseWrite } from '../../shared/ports/case-store.ts';

/** A detection that asks to act now joined a case from which nothing comes any more, or which goes on giving access back. */
export function lostByJoining({ next, detection, mode }: Parameters<CaseStore['join']>[0]): readonly string[] {
  const acts = mode === 'enforce' && detection.releasedSince === undefined && detection.failed !== true;
  return acts && isEnding(next) ? [`${detection.eventId} joined ${next.caseId}, which is ${next.state}`] : [];
}

/** A case ended as released although its release was over: what had joined it since is given back with it. */
export function lostByAdvancing(before: Case | undefined, { next }: CaseWrite): readonly string[] {
  const ends = next.state === 'released' && next.outcome?.kind !== 'gone';
  return ends && before?.state !== 'releasing' ? [`${next.caseId} was ${before?.state}, and is released`] : [];
}
