import { type CaseStore, MARKED_EVENTS, type Mark, StaleCaseError } from '../ports/case-store.ts';
import type { Detection } from './case.ts';

/** One more event of a rule that a case knows, on the rule's mark. Where that changed meanwhile, it is decided again. */
export async function countEvent(
  store: Pick<CaseStore, 'countEvent'>,
  subjectKey: string,
  { ruleId, eventId }: Pick<Detection, 'ruleId' | 'eventId'>,
  { events, caseId }: Pick<Mark, 'events'> & { readonly caseId: string },
): Promise<{ readonly kind: 'counted'; readonly ruleId: string; readonly caseId: string }> {
  if (events.length < MARKED_EVENTS && !(await store.countEvent(subjectKey, ruleId, eventId, caseId))) {
    throw new StaleCaseError(`The mark of ${ruleId} on ${subjectKey} changed meanwhile.`);
  }
  return { kind: 'counted', ruleId, caseId };
}
