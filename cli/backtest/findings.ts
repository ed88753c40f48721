import { principalLabel } from '../../shared/access/principal.ts';
import type { Subject } from '../../shared/cases/subject.ts';
import { selectorFor } from '../../shared/cases/subject-of.ts';
import type { JsonObject } from '../../shared/json.ts';
import type { Correlator } from '../../shared/rules/correlate/create-correlator.ts';
import type { Mark } from '../../shared/rules/correlate/mark.ts';
import type { Evaluation } from '../../shared/rules/evaluate/create-evaluator.ts';
import type { Run, Sighting } from '../../shared/rules/first-seen/sighting.ts';
import type { RuleHeader, SubjectSelector } from '../../shared/rules/rule.ts';
import { NO_SUBJECT } from './detection-log.ts';
import type { FirstSeenScan } from './first-seen-scan.ts';
import { createInterned, type Interned } from './intern.ts';
import { createMarkedEvents, type MarkedEvent, type MarkRows } from './marked-events.ts';
import { type Caseless, type RecordSubjects, subjectsOfRecord } from './subjects-of-record.ts';
import { textOf } from './text-of.ts';

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

/** A record that some rule said something about. */
export type MatchedRecord = { readonly record: JsonObject; readonly index: number; readonly evaluation: Evaluation };

export type FindingsSetup = {
  readonly correlator: Correlator;
  /** What the correlations are about: each kind once. */
  readonly correlatedSubjects: readonly SubjectSelector[];
  /** From a rule's header to its place in the list. */
  readonly placeOf: ReadonlyMap<object, number>;
};

export type Findings = {
  readonly add: (matched: MatchedRecord) => Promise<void>;
  readonly all: () => { readonly found: Found; readonly marked: MarkRows };
};

/** What is found in one file: hits, what correlations keep, and whom all of it is about. */
export function createFindings(
  { correlator, correlatedSubjects, placeOf }: FindingsSetup,
  firstSeen: FirstSeenScan | undefined,
): Findings {
  const hits: RecordHit[] = [];
  const undecided: UndecidedHit[] = [];
  const suppressed: SuppressedHit[] = [];
  const marked = createMarkedEvents();
  const subjects = createInterned<Subject>();
  const placeOfRule = (rule: RuleHeader): number => placeOf.get(rule) ?? -1;
  const about = (subjectsOf: RecordSubjects, rules: readonly RuleHeader[], marks: readonly Mark[]): Promise<About> =>
    aboutWhom(subjectsOf, rules, marks.length > 0 ? correlatedSubjects : [], subjects);

  const leaveOpen = async ({ record, index }: MatchedRecord, of: Evaluation['undecided'][number]): Promise<void> => {
    const { rule, silent, keys } = of;
    const marks = correlator.marksOf(record, [rule]);
    const recordSubjects = subjectsOfRecord(record);
    const { hits: subjectPlaces, correlated, caseless } = await about(recordSubjects, [rule], marks);
    const facts = factsOf(record, index, recordSubjects);
    firstSeen?.noteKeys(keys, sightingOf(facts));
    undecided.push({
      ...facts,
      rule: placeOfRule(rule),
      silent,
      keys,
      marks,
      subject: subjectPlaces[0] ?? NO_SUBJECT,
      correlated,
      ...(caseless === undefined ? {} : { caseless }),
    });
  };

  return {
    add: async (found) => {
      const { record, index, evaluation } = found;
      for (const { rule, by } of evaluation.suppressed) {
        suppressed.push({ eventId: textOf(record.eventID) ?? null, rule: placeOfRule(rule), by });
      }
      for (const each of evaluation.undecided) await leaveOpen(found, each);
      if (evaluation.matches.length === 0) return;
      const marks = correlator.marksOf(record, evaluation.matches);
      if (marks.length === 0 && evaluation.hits.length === 0) return;
      const recordSubjects = subjectsOfRecord(record);
      const facts = factsOf(record, index, recordSubjects);
      const { hits: subjectPlaces, correlated, caseless } = await about(recordSubjects, evaluation.hits, marks);
      if (marks.length > 0) marked.add(facts, correlated, marks, caseless);
      if (evaluation.hits.length > 0) {
        const rules = evaluation.hits.map(placeOfRule);
        hits.push({ ...facts, rules, subjects: subjectPlaces, ...(caseless === undefined ? {} : { caseless }) });
      }
    },
    all: () => ({
      found: {
        hits,
        // Most are not the first even in their own file, and need not cross.
        undecided: undecided.filter((hit) => firstSeen?.mayBeFirst(hit.keys, sightingOf(hit)) === true),
        sightings: firstSeen?.runs() ?? [],
        suppressed,
        subjects: subjects.values,
      },
      marked: marked.rows(),
    }),
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
