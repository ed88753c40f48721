import type { Case } from '../cases/case.ts';
import type { ActivityEvent } from './activity.ts';
import type { Source } from './evidence.ts';

/** What the files of a case's evidence are made of. */
export type EvidenceContent = {
  readonly case: Pick<Case, 'caseId' | 'openedAt' | 'severity' | 'subject'>;
  readonly from: string;
  readonly to: string;
  /** Where CloudTrail was to be asked. */
  readonly regions: readonly string[];
  readonly sources: readonly Source[];
  readonly events: readonly ActivityEvent[];
};

/** One JSON object a line: what this is and what it lacks, then the events, the oldest first. */
export function activityLog({ case: { caseId, openedAt, subject }, events, ...about }: EvidenceContent): string {
  const header = { schema: 'rescind.evidence/1', caseId, openedAt, subject, ...about, events: events.length };
  return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
}
