import { principalLabel } from '../../shared/access/principal.ts';
import type { Subject } from '../../shared/cases/subject.ts';
import { selectorFor } from '../../shared/cases/subject-of.ts';
import { isUtcInstant } from '../../shared/cloudtrail/decode-record.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import type { Correlator } from '../../shared/rules/correlate/create-correlator.ts';
import type { Mark } from '../../shared/rules/correlate/mark.ts';
import type { Evaluator, RuleFault } from '../../shared/rules/evaluate/create-evaluator.ts';
import type { Run, Sighting } from '../../shared/rules/first-seen/sighting.ts';
import type { RuleHeader, SubjectSelector } from '../../shared/rules/rule.ts';
import { NO_SUBJECT } from './detection-log.ts';
import { fingerprint } from './event-id-set.ts';
import type { FirstSeenScan } from './first-seen-scan.ts';
import { createInterned, type Interned } from './intern.ts';
import type { LogFile } from './log-files.ts';
import { createMarkedEvents, type MarkedEvent, type MarkRows } from './marked-events.ts';
import { readLogFile } from './read-log-file.ts';
import { type Caseless, type RecordSubjects, subjectsOfRecord } from './subjects-of-record.ts';

/** What one file gave; small, because it crosses from worker to main thread. */
export type FileScan = {
  readonly file: string;
  readonly records: number;
  /** Records outside `--since` and `--until`: read, and not looked at. */
  readonly outside: number;
  /** As it is, or as JSON: between threads, cloning so many small objects takes three times as long as a text of them. */
  readonly found: Found | string;
  readonly unreadable: readonly { readonly index: number; readonly reason: string }[];
  readonly faults: readonly (RuleFault & { readonly index: number })[];
  /** What correlations keep of this file's events. */
  readonly marked: MarkRows;
  /** Of the event id of each record that has one. */
  readonly fingerprints: Float64Array<ArrayBuffer>;
  readonly firstTime?: string;
  readonly lastTime?: string;
};

export type Found = {
  readonly hits: readonly RecordHit[];
  /** Of rules that ask what was seen first: hits if one of their keys was not seen before, which the whole log knows. */
  readonly undecided: readonly UndecidedHit[];
  readonly sightings: readonly (readonly [string, readonly Run[]])[];
  readonly suppressed: readonly SuppressedHit[];
  /** Whom the detections are about; each once. */
  readonly subjects: readonly Subject[];
};

export type RecordFacts = {
  readonly index: number;
  readonly eventId: string | null;
  readonly eventTime: string | null;
  readonly eventName: string;
  readonly actor: string;
};

export type RecordHit = RecordFacts & {
  /** Places of the rules in the list that the evaluator was made from. */
  readonly rules: readonly number[];
  /** For each of the rules the place of its subject in `subjects`, or NO_SUBJECT. */
  readonly subjects: readonly number[];
  readonly caseless?: Caseless;
};

export type UndecidedHit = RecordFacts & {
  /** Place of the rule in the list that the evaluator was made from. */
  readonly rule: number;
  readonly silent: boolean;
  readonly keys: readonly string[];
  readonly marks: readonly Mark[];
  /** Its subject, and for its marks those of correlations. */
  readonly subject: number;
  readonly correlated: MarkedEvent['subjects'];
  readonly caseless?: Caseless;
};

/** A detection that an announced change left out. */
export type SuppressedHit = { readonly eventId: string | null; readonly rule: number; readonly by: string };

export type TimeRange = { readonly since?: string; readonly until?: string };

export type Engine = {
  readonly evaluator: Evaluator;
  readonly correlator: Correlator;
  /** What the correlations are about: each kind once. */
  readonly correlatedSubjects: readonly SubjectSelector[];
  /** Where a rule asks what was seen first. */
  readonly firstSeen?: FirstSeenScan;
};

/** Reads one file and evaluates its records. `placeOf` turns a rule's header into its place in the list. */
export async function scanLogFile(
  file: LogFile,
  { evaluator, correlator, correlatedSubjects, firstSeen }: Engine,
  placeOf: ReadonlyMap<object, number>,
  range: TimeRange,
): Promise<FileScan> {
  const hits: RecordHit[] = [];
  const undecided: UndecidedHit[] = [];
  const suppressed: SuppressedHit[] = [];
  const marked = createMarkedEvents();
  const unreadable: { index: number; reason: string }[] = [];
  const faults: (RuleFault & { index: number })[] = [];
  const fingerprints = createNumbers();
  const subjects = createInterned<Subject>();
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
        if ((firstTime === undefined || time < firstTime) && isUtcInstant(time)) firstTime = time;
        if ((lastTime === undefined || time > lastTime) && isUtcInstant(time)) lastTime = time;
      }
      const eventId = textOf(record.eventID);
      if (eventId !== undefined) fingerprints.add(fingerprint(eventId));
      const evaluation = evaluator.evaluate(record);
      for (const fault of evaluation.faults) faults.push({ ...fault, index });
      firstSeen?.note(record);
      for (const { rule, by } of evaluation.suppressed) {
        suppressed.push({ eventId: eventId ?? null, rule: placeOf.get(rule) ?? -1, by });
      }
      for (const { rule, silent, keys } of evaluation.undecided) {
        const marks = correlator.marksOf(record, [rule]);
        const recordSubjects = subjectsOfRecord(record);
        const about = await aboutWhom(recordSubjects, [rule], marks.length > 0 ? correlatedSubjects : [], subjects);
        const facts = factsOf(record, index, recordSubjects);
        firstSeen?.noteKeys(keys, sightingOf(facts));
        undecided.push({
          ...facts,
          rule: placeOf.get(rule) ?? -1,
          silent,
          keys,
          marks,
          subject: about.hits[0] ?? NO_SUBJECT,
          correlated: about.correlated,
          ...(about.caseless === undefined ? {} : { caseless: about.caseless }),
        });
      }
      if (evaluation.matches.length === 0) continue;
      const marks = correlator.marksOf(record, evaluation.matches);
      if (marks.length === 0 && evaluation.hits.length === 0) continue;
      const recordSubjects = subjectsOfRecord(record);
      const facts = factsOf(record, index, recordSubjects);
      const about = await aboutWhom(
        recordSubjects,
        evaluation.hits,
        marks.length > 0 ? correlatedSubjects : [],
        subjects,
      );
      const { caseless } = about;
      if (marks.length > 0) marked.add(facts, about.correlated, marks, caseless);
      if (evaluation.hits.length > 0) {
        const rules = evaluation.hits.map((header) => placeOf.get(header) ?? -1);
        hits.push({ ...facts, rules, subjects: about.hits, ...(caseless === undefined ? {} : { caseless }) });
      }
    }
  }
  return {
    file: file.path,
    records,
    outside,
    found: {
      hits,
      // Most are not the first even in their own file, and need not cross.
      undecided: undecided.filter((hit) => firstSeen?.mayBeFirst(hit.keys, sightingOf(hit)) === true),
      sightings: firstSeen?.runs() ?? [],
      suppressed,
      subjects: subjects.values,
    },
    marked: marked.rows(),
    unreadable,
    faults,
    fingerprints: fingerprints.all(),
    ...(firstTime === undefined ? {} : { firstTime }),
    ...(lastTime === undefined ? {} : { lastTime }),
  };
}

function factsOf(record: JsonObject, index: number, { principal }: RecordSubjects): RecordFacts {
  return {
    index,
    eventId: textOf(record.eventID) ?? null,
    eventTime: textOf(record.eventTime) ?? null,
    eventName: textOf(record.eventName) ?? '',
    actor: principalLabel(principal),
  };
}

/** `only` is judged of records that can be decoded, which have both. */
export function sightingOf({ eventId, eventTime }: RecordFacts): Sighting {
  return { time: Date.parse(eventTime ?? ''), eventId: eventId ?? '' };
}

type About = {
  readonly hits: readonly number[];
  readonly correlated: MarkedEvent['subjects'];
  readonly caseless?: Caseless;
};

async function aboutWhom(
  subjects: RecordSubjects,
  hits: readonly RuleHeader[],
  correlated: readonly SubjectSelector[],
  known: Interned<Subject>,
): Promise<About> {
  if (subjects.kind === 'none') return { hits: hits.map(() => NO_SUBJECT), correlated: {}, caseless: subjects.why };
  const placeOf = async (selector: SubjectSelector | 'changed'): Promise<number> => {
    const subject = await subjects.of(selector);
    return known.place(subject.key, subject);
  };
  const ofHits: number[] = [];
  for (const { subject, respond = 'alert' } of hits) ofHits.push(await placeOf(selectorFor(respond, subject)));
  const ofCorrelations: Partial<Record<SubjectSelector, number>> = {};
  for (const selector of correlated) ofCorrelations[selector] = await placeOf(selector);
  return { hits: ofHits, correlated: ofCorrelations };
}

/** A list of numbers that crosses to another thread without being copied one by one. */
function createNumbers() {
  let numbers = new Float64Array(1_024);
  let count = 0;
  return {
    add: (number: number): void => {
      if (count === numbers.length) {
        const longer = new Float64Array(count * 2);
        longer.set(numbers);
        numbers = longer;
      }
      numbers[count] = number;
      count += 1;
    },
    all: () => numbers.slice(0, count),
  };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A record without a time that can be read is inside, so that nothing is left out unseen. */
function isOutside(time: string | undefined, { since, until }: TimeRange): boolean {
  if (time === undefined || (since === undefined && until === undefined) || !isUtcInstant(time)) return false;
  return (since !== undefined && isBefore(time, since)) || (until !== undefined && !isBefore(time, until));
}

/** ISO 8601 in UTC sorts as text where both are written to the second, which is how AWS writes them. */
function isBefore(time: string, other: string): boolean {
  return time.length === WHOLE_SECONDS && other.length === WHOLE_SECONDS
    ? time < other
    : Date.parse(time) < Date.parse(other);
}

const WHOLE_SECONDS = '2026-11-20T06:00:00Z'.length;
