import type { OutboxItem } from '../ports/case-store.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import type { CaseState, Detection, Verification } from './case.ts';
import { describeOutcome } from './describe-outcome.ts';

/** One line of a case's history. Its text holds words from records: escape it where it is shown. */
export type TimelineEntry = {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: 'record' | 'detection' | 'state' | 'call' | 'verification' | 'alert';
  readonly text: string;
};

export type History = {
  readonly detections: readonly Detection[];
  readonly ledger: readonly LedgerEntry[];
  readonly verifications: readonly Verification[];
  readonly outbox: readonly OutboxItem[];
};

/** Everything that is known of a case, in the order in which it happened. */
export function timelineOf({ detections, ledger, verifications, outbox }: History): readonly TimelineEntry[] {
  const entries: TimelineEntry[] = [
    ...recordsOf(detections),
    ...detections.map(
      (each): TimelineEntry => ({ at: each.detectedAt, kind: 'detection', text: `${each.level}: ${each.ruleTitle}` }),
    ),
    ...ledger.flatMap(callsOf),
    ...verifications.map((each): TimelineEntry => ({ at: each.at, kind: 'verification', text: each.text })),
    ...outbox.flatMap(statesOf),
  ];
  // Records tell whole seconds, we tell milliseconds: compared as instants. Of equal ones the record came first.
  return entries.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** A record that several rules held for happened once. */
function recordsOf(detections: readonly Detection[]): TimelineEntry[] {
  const byEvent = new Map(detections.map((each) => [each.eventId, each]));
  return [...byEvent.values()].map((each) => ({
    at: each.eventTime,
    kind: 'record',
    text: `${each.actor} called ${each.eventName} in ${each.region}${each.sourceIp === undefined ? '' : ` from ${each.sourceIp}`}`,
  }));
}

function callsOf({ call, target, intendedAt, history = [] }: LedgerEntry): TimelineEntry[] {
  const what = `${call.operation} on ${target}`;
  const settled = history.map(({ at, state, detail }, index): TimelineEntry => {
    const again = state === 'done' && history.slice(0, index).some((before) => before.state === 'done');
    const why = detail === undefined ? '' : ` (${detail})`;
    return { at, kind: 'call', text: `${what}: ${again ? 'put back' : state}${why}` };
  });
  return [{ at: intendedAt, kind: 'call', text: `${what}: written to the ledger with its prior value` }, ...settled];
}

const LEAVING: ReadonlySet<CaseState> = new Set(['releasing', 'released', 'closed']);

function statesOf({ alert, deliveredAt, superseded }: OutboxItem): TimelineEntry[] {
  // A state on the way out still carries the outcome of the containment, which is no news any more.
  const news = alert.outcome !== undefined && !LEAVING.has(alert.state) ? alert.outcome : undefined;
  const outcome = news === undefined ? undefined : describeOutcome(news);
  const says =
    outcome === undefined ? alert.state : news?.kind === alert.state ? outcome : `${alert.state}: ${outcome}`;
  const note = alert.note === undefined ? '' : ` (${alert.note})`;
  const state: TimelineEntry = { at: alert.at, kind: 'state', text: `${says}${note}` };
  if (deliveredAt !== undefined)
    return [state, { at: deliveredAt, kind: 'alert', text: `alert for "${alert.state}" sent` }];
  return superseded === true
    ? [state, { at: alert.at, kind: 'alert', text: `alert for "${alert.state}" not sent: a newer one was` }]
    : [state];
}
