import type { AccessEvent } from '../../access/access-event.ts';
import type { RuleHeader } from '../rule.ts';
import { correlateEvent } from './correlate-event.ts';
import type { Correlator } from './create-correlator.ts';
import type { MarkStore } from './mark-store.ts';

/** The correlations that one event made true, less those that only feed others. An event that feeds none costs nothing. */
export async function correlationsOf(
  correlator: Correlator,
  store: MarkStore,
  event: AccessEvent,
  matches: readonly RuleHeader[],
): Promise<readonly RuleHeader[]> {
  const marks = correlator.marksOf(event.record, matches);
  if (marks.length === 0) return [];
  const findings = await correlateEvent(correlator, store, marks);
  const told = new Set(findings.map(({ correlationId }) => correlationId).filter((id) => !correlator.isSilent(id)));
  return [...told].flatMap((id) => correlator.headers.get(id) ?? []);
}
