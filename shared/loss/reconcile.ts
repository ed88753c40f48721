import type { AccessEvent } from '../access/access-event.ts';
import { decodeRecord } from '../cloudtrail/decode-record.ts';
import type { JsonObject } from '../json.ts';
import type { Clock } from '../ports/clock.ts';
import type { TrailHistory } from '../ports/trail-history.ts';

/** How often it is looked, which is also the longest that a lost record waits once CloudTrail's history has it. */
export const CYCLE_SECONDS = 15 * 60;
/** Each cycle looks so far back, for the history itself is late: four cycles look at each record. */
const WINDOW_SECONDS = 60 * 60;
/** What is younger may still be under way by itself, and would be counted as lost. */
const GRACE_SECONDS = 5 * 60;
/** 50 records each, two a second: 200 of the 900 seconds, so that others can ask CloudTrail too. */
export const MOST_PAGES = 400;
/** Then the function has little time left; what is not done is done by the next cycle. */
const WORKING_SECONDS = 270;

export type ReconcileDeps = {
  readonly history: TrailHistory;
  /** Whether some rule could be about the record: judged here, as evaluate judges, so that all others cost no call. */
  readonly concernsRule: (record: JsonObject) => boolean;
  /** Through evaluate's own door, which knows by the event's id what it has judged before. */
  readonly evaluate: (record: JsonObject) => Promise<'missed' | 'seen'>;
  /** Whether the access record is to have it. */
  readonly isRecorded: (event: AccessEvent) => boolean;
  readonly isKept: (event: AccessEvent) => Promise<boolean>;
  /** Through the queue of the access record. */
  readonly record: (record: JsonObject) => Promise<void>;
  readonly clock: Pick<Clock, 'now'>;
};

export type Reconciled = {
  /** Records of the history that this cycle had not settled before. */
  readonly looked: number;
  /** Detections that were missing, and accesses that were. */
  readonly missed: number;
  readonly unrecorded: number;
  /** Cycles of which something is left behind: pages that were not asked for, records that there was no time for. */
  readonly backlog: number;
  readonly unreadable: number;
  /** What could not be settled comes again with the next cycle. */
  readonly failures: readonly unknown[];
};

/** Ids of records that are settled, with their times: what one warm function knows it need not ask again. */
export type Settled = Map<string, number>;

type Due = { readonly event: AccessEvent; readonly ruled: boolean; readonly recorded: boolean };

/**
 * Compares CloudTrail's own history with what reached either lane, and sends on what did not. Of a record that no rule could
 * be about nothing need be known: it is judged here, and whether evaluate saw it makes no difference.
 */
export async function reconcile(deps: ReconcileDeps, settled: Settled): Promise<Reconciled> {
  const start = deps.clock.now().getTime();
  const from = start - WINDOW_SECONDS * 1000;
  for (const [id, time] of settled) if (time < from) settled.delete(id);
  const found = await look(deps, settled, from, start - GRACE_SECONDS * 1000);

  let missed = 0;
  let unrecorded = 0;
  let postponed = 0;
  const failures = [...found.failures];
  // Of the newest first, what a rule could be about before what is only kept.
  const due = [...found.due.filter(({ ruled }) => ruled), ...found.due.filter(({ ruled }) => !ruled)];
  for (const { event, ruled, recorded } of due) {
    if (deps.clock.now().getTime() - start > WORKING_SECONDS * 1000) {
      postponed += 1;
      continue;
    }
    try {
      if (ruled && (await deps.evaluate(event.record)) === 'missed') missed += 1;
      if (recorded && !(await deps.isKept(event))) {
        await deps.record(event.record);
        unrecorded += 1;
      }
      settled.set(event.eventId, Date.parse(event.eventTime));
    } catch (error) {
      failures.push(error);
    }
  }
  const behind = Math.ceil((found.reached - from) / (CYCLE_SECONDS * 1000));
  const backlog = Math.max(0, behind) + (postponed > 0 ? 1 : 0);
  return { looked: found.looked, missed, unrecorded, backlog, unreadable: found.unreadable, failures };
}

/** Every record of the window that something depends on; `reached`: back to where it was looked. */
async function look({ history, concernsRule, isRecorded }: ReconcileDeps, settled: Settled, from: number, to: number) {
  const due = new Map<string, Due>();
  const failures: unknown[] = [];
  let looked = 0;
  let unreadable = 0;
  let pages = 0;
  let reached = to;
  try {
    for await (const page of history.pages({ from: new Date(from), to: new Date(to) })) {
      pages += 1;
      unreadable += page.unreadable;
      for (const record of page.records) {
        const decoded = decodeRecord(record);
        if (decoded.kind === 'undecodable') {
          unreadable += 1;
          continue;
        }
        const { event } = decoded;
        const time = Date.parse(event.eventTime);
        reached = Math.min(reached, time);
        if (settled.has(event.eventId) || due.has(event.eventId)) continue;
        looked += 1;
        const [ruled, recorded] = [concernsRule(record), isRecorded(event)];
        if (ruled || recorded) due.set(event.eventId, { event, ruled, recorded });
        else settled.set(event.eventId, time);
      }
      if (pages === MOST_PAGES) break;
    }
    if (pages < MOST_PAGES) reached = from;
  } catch (error) {
    // What was told before stays good; the rest of the window is behind.
    failures.push(error);
  }
  return { due: [...due.values()], looked, unreadable, reached, failures };
}
