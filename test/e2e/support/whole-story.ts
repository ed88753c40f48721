import { describeOutcome } from '../../../shared/cases/describe-outcome.ts';
import { timelineOf } from '../../../shared/cases/timeline.ts';
import type { CaseStore } from '../../../shared/ports/case-store.ts';

/** Everything that is known of a case, for the message of a test that failed. */
export async function wholeStory(store: CaseStore, caseId: string): Promise<string> {
  const found = await store.read(caseId);
  if (found === undefined) return `There is no case ${caseId}.`;
  const [detections, ledger, verifications, outbox] = await Promise.all([
    store.detections(caseId),
    store.ledger(caseId),
    store.verifications(caseId),
    store.outbox(caseId),
  ]);
  return [
    `${caseId} about ${found.subject.key} is ${found.state}, plan ${found.planVersion}, ${found.mode}`,
    `outcome: ${found.outcome === undefined ? 'none' : `${found.outcome.kind}: ${describeOutcome(found.outcome)}`}`,
    `release: ${JSON.stringify(found.release ?? null)}`,
    'ledger:',
    ...ledger.map(({ key, state, detail = '' }) => `  ${key} ${state} ${detail}`),
    'timeline:',
    ...timelineOf({ detections, ledger, verifications, outbox }).map(
      ({ at, kind, text }) => `  ${at} ${kind}: ${text}`,
    ),
  ].join('\n');
}
