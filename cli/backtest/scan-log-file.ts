import { principalLabel } from '../../shared/access/principal.ts';
import { decodePrincipal } from '../../shared/cloudtrail/decode-principal.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import type { Correlator } from '../../shared/rules/correlate/create-correlator.ts';
import type { Mark } from '../../shared/rules/correlate/mark.ts';
import type { Evaluator, RuleFault } from '../../shared/rules/evaluate/create-evaluator.ts';
import { fingerprint } from './event-id-set.ts';
import type { LogFile } from './log-files.ts';
import { readLogFile } from './read-log-file.ts';

/** What one file gave; small, because it crosses from worker to main thread. */
export type FileScan = {
  readonly file: string;
  readonly records: number;
  /** Records outside `--since` and `--until`: read, and not looked at. */
  readonly outside: number;
  readonly hits: readonly RecordHit[];
  /** What correlations keep of this file's events. */
  readonly marked: readonly MarkedRecord[];
  readonly unreadable: readonly { readonly index: number; readonly reason: string }[];
  readonly faults: readonly (RuleFault & { readonly index: number })[];
  /** Of the event id of each record that has one. */
  readonly fingerprints: Float64Array<ArrayBuffer>;
  readonly firstTime?: string;
  readonly lastTime?: string;
};

export type RecordFacts = {
  readonly index: number;
  readonly eventId: string | null;
  readonly eventTime: string | null;
  readonly eventName: string;
  readonly actor: string;
};

export type MarkedRecord = RecordFacts & { readonly marks: readonly Mark[] };

export type RecordHit = RecordFacts & {
  /** Places of the rules in the list that the evaluator was made from. */
  readonly rules: readonly number[];
};

export type TimeRange = { readonly since?: string; readonly until?: string };

export type Engine = { readonly evaluator: Evaluator; readonly correlator: Correlator };

/** Reads one file and evaluates its records. `placeOf` turns a rule's header into its place in the list. */
export async function scanLogFile(
  file: LogFile,
  { evaluator, correlator }: Engine,
  placeOf: ReadonlyMap<object, number>,
  range: TimeRange,
): Promise<FileScan> {
  const hits: RecordHit[] = [];
  const marked: MarkedRecord[] = [];
  const unreadable: { index: number; reason: string }[] = [];
  const faults: (RuleFault & { index: number })[] = [];
  const fingerprints: number[] = [];
  let firstTime: string | undefined;
  let lastTime: string | undefined;
  let index = -1;
  let records = 0;
  let outside = 0;
  for await (const batch of readLogFile(file)) {
    for (const entry of batch) {
      index += 1;
      if (entry.kind === 'unreadable') {
        unreadable.push({ index, reason: entry.reason });
        continue;
      }
      records += 1;
      const { record } = entry;
      const time = textOf(record.eventTime);
      if (isOutside(time, range)) {
        outside += 1;
        continue;
      }
      if (time !== undefined) {
        if (firstTime === undefined || time < firstTime) firstTime = time;
        if (lastTime === undefined || time > lastTime) lastTime = time;
      }
      const eventId = textOf(record.eventID);
      if (eventId !== undefined) fingerprints.push(fingerprint(eventId));
      const evaluation = evaluator.evaluate(record);
      for (const fault of evaluation.faults) faults.push({ ...fault, index });
      if (evaluation.matches.length === 0) continue;
      const facts: RecordFacts = {
        index,
        eventId: eventId ?? null,
        eventTime: time ?? null,
        eventName: textOf(record.eventName) ?? '',
        actor: actorOf(record),
      };
      const marks = correlator.marksOf(record, evaluation.matches);
      if (marks.length > 0) marked.push({ ...facts, marks });
      if (evaluation.hits.length > 0) {
        hits.push({ ...facts, rules: evaluation.hits.map((header) => placeOf.get(header) ?? -1) });
      }
    }
  }
  return {
    file: file.path,
    records,
    outside,
    hits,
    marked,
    unreadable,
    faults,
    fingerprints: Float64Array.from(fingerprints),
    ...(firstTime === undefined ? {} : { firstTime }),
    ...(lastTime === undefined ? {} : { lastTime }),
  };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function actorOf(record: JsonObject): string {
  return principalLabel(decodePrincipal(Object.hasOwn(record, 'userIdentity') ? record.userIdentity : undefined));
}

/** ISO 8601 in UTC sorts as text. A record without a time is inside, so that nothing is left out unseen. */
function isOutside(time: string | undefined, { since, until }: TimeRange): boolean {
  if (time === undefined) return false;
  return (since !== undefined && time < since) || (until !== undefined && time >= until);
}
