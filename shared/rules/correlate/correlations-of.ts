import type { AccessEvent } from '../../access/access-event.ts';
import type { RuleHeader } from '../rule.ts';
import { correlateEvent } from './correlate-event.ts';
import type { Correlator } from './create-correlator.ts';
import type { MarkStore } from './mark-store.ts';

/** `newest`: of the events that made it true, when the last one happened. A late event may complete what went on after it. */
export type Correlated = { readonly rule: RuleHeader; readonly newest: string };

/** The correlations that one event made true, less those that only feed others. An event that feeds none costs nothing. */
export async function correlationsOf(
  correlator: Correlator,
  store: MarkStore,
  event: AccessEvent,
  matches: readonly RuleHeader[],
): Promise<readonly Correlated[]> {
  const marks = correlator.marksOf(event.record, matches);
  if (marks.length === 0) return [];
  const findings = await correlateEvent(correlator, store, marks);
  const told = new Map<string, number>();
  for (const { correlationId, time } of findings) {
    if (!correlator.isSilent(correlationId)) told.set(correlationId, Math.max(time, told.get(correlationId) ?? time));
  }
  return [...told].flatMap(([id, time]) => {
    const rule = correlator.headers.get(id);
    return rule === undefined ? [] : [{ rule, newest: new Date(time).toISOString() }];
  });
}
