import type { Subject } from '../../shared/cases/subject.ts';
import { correlateAll } from '../../shared/rules/correlate/correlate-all.ts';
import type { Correlator } from '../../shared/rules/correlate/create-correlator.ts';
import type { Finding } from '../../shared/rules/correlate/mark.ts';
import { hasLearned } from '../../shared/rules/first-seen/judge-first-seen.ts';
import { LEVELS, type Level, type RuleHeader } from '../../shared/rules/rule.ts';
import { createDetectionLog, type DetectionLog, NO_SUBJECT } from './detection-log.ts';
import { createFingerprintSet, fingerprint } from './event-id-set.ts';
import { type Found, type RecordFacts, sightingOf } from './findings.ts';
import { createFirstSeenTally } from './first-seen-tally.ts';
import { createInterned } from './intern.ts';
import { createMarkedEvents } from './marked-events.ts';
import type { FileScan } from './scan-log-file.ts';
import type { Caseless } from './subjects-of-record.ts';

/** One line of `--json`. */
export type DetectionLine = {
  readonly kind: 'detection';
  readonly ruleId: string;
  readonly ruleFile: string;
  readonly title: string;
  readonly level: Level;
  readonly eventId: string | null;
  readonly eventTime: string | null;
  readonly eventName: string;
  readonly actor: string;
  readonly source: { readonly file: string; readonly index: number };
  readonly duplicate?: true;
};

export type CorrelationLine = Omit<DetectionLine, 'kind' | 'duplicate'> & {
  readonly kind: 'correlation';
  /** Ids of the events that made it true, in order of time. */
  readonly events: readonly string[];
};

export type PrincipalCount = { readonly actor: string; count: number; level: Level; readonly rules: Set<number> };

export type Tally = {
  /** Adds the next file's scan, in the order of the files; gives its detections. */
  readonly add: (scan: FileScan) => DetectionLine[];
  /** After the last file: the detections of rules that ask what was seen first, which only now is known. */
  readonly decide: (learningSeconds: number) => DetectionLine[];
  /** After that: the correlations over all files. */
  readonly correlate: (correlator: Correlator) => CorrelationLine[];
  readonly totals: Totals;
  /** What the cases are replayed from: every detection once. */
  readonly log: DetectionLog;
  readonly subjects: readonly Subject[];
  readonly actors: readonly string[];
};

export type Totals = {
  files: number;
  records: number;
  outside: number;
  duplicates: number;
  detections: number;
  /** Detections that were left out, by what. */
  readonly suppressed: Map<string, number>;
  /** Detections that would open no case. */
  readonly caseless: Record<Caseless, number>;
  unreadable: { file: string; index: number; reason: string }[];
  faults: { file: string; index: number; rule: string; message: string }[];
  unreadableCount: number;
  faultCount: number;
  readonly byRule: number[];
  readonly byPrincipal: Map<string, PrincipalCount>;
  highest: Level | undefined;
  firstTime: string | undefined;
  lastTime: string | undefined;
};

type About = { readonly subject: number; readonly caseless: Caseless | undefined };

/** Lists grow no further than this; the counts go on. */
const MAX_LISTED = 1_000;

/** Counts each event once, whichever file brought it first. */
export function createTally(headers: readonly RuleHeader[]): Tally {
  const seen = createFingerprintSet();
  const detected = new Set<string>();
  const marked = createMarkedEvents();
  const log = createDetectionLog();
  const subjects = createInterned<Subject>();
  const actors = createInterned<string>();
  const firstSeen = createFirstSeenTally();
  const left = new Set<string>();
  const suppress = (eventId: string | null, rule: number, by: string): void => {
    const name = JSON.stringify([eventId, rule]);
    if (eventId !== null && left.has(name)) return;
    left.add(name);
    totals.suppressed.set(by, (totals.suppressed.get(by) ?? 0) + 1);
  };
  const totals: Totals = {
    files: 0,
    records: 0,
    outside: 0,
    duplicates: 0,
    detections: 0,
    suppressed: new Map(),
    caseless: { parked: 0, own: 0 },
    unreadable: [],
    faults: [],
    unreadableCount: 0,
    faultCount: 0,
    byRule: headers.map(() => 0),
    byPrincipal: new Map(),
    highest: undefined,
    firstTime: undefined,
    lastTime: undefined,
  };

  const count = (place: number, header: RuleHeader, facts: RecordFacts, about: About): void => {
    const { actor } = facts;
    if (about.caseless !== undefined) totals.caseless[about.caseless] += 1;
    log.add({
      time: Date.parse(facts.eventTime ?? ''),
      event: facts.eventId === null ? 0 : fingerprint(facts.eventId),
      rule: place,
      actor: actors.place(actor, actor),
      subject: about.subject,
    });
    totals.detections += 1;
    totals.byRule[place] = (totals.byRule[place] ?? 0) + 1;
    totals.highest = higher(totals.highest, header.level);
    const principal = totals.byPrincipal.get(actor) ?? {
      actor,
      count: 0,
      level: header.level,
      rules: new Set<number>(),
    };
    principal.count += 1;
    principal.level = higher(principal.level, header.level);
    principal.rules.add(place);
    totals.byPrincipal.set(actor, principal);
  };

  const add = (scan: FileScan): DetectionLine[] => {
    totals.files += 1;
    totals.records += scan.records;
    totals.outside += scan.outside;
    for (const print of scan.fingerprints) if (!seen.add(print)) totals.duplicates += 1;
    totals.unreadableCount += scan.unreadable.length;
    totals.faultCount += scan.faults.length;
    for (const { index, reason } of scan.unreadable.slice(0, MAX_LISTED - totals.unreadable.length)) {
      totals.unreadable.push({ file: scan.file, index, reason });
    }
    for (const { index, file, message } of scan.faults.slice(0, MAX_LISTED - totals.faults.length)) {
      totals.faults.push({ file: scan.file, index, rule: file, message });
    }
    if (scan.firstTime !== undefined && (totals.firstTime === undefined || scan.firstTime < totals.firstTime))
      totals.firstTime = scan.firstTime;
    if (scan.lastTime !== undefined && (totals.lastTime === undefined || scan.lastTime > totals.lastTime))
      totals.lastTime = scan.lastTime;
    const found: Found = typeof scan.found === 'string' ? JSON.parse(scan.found) : scan.found;
    const subjectPlaces = found.subjects.map((subject) => subjects.place(subject.key, subject));
    const placeOf = (own: number | undefined): number => subjectPlaces[own ?? NO_SUBJECT] ?? NO_SUBJECT;
    marked.addRows(scan.marked, scan.file, placeOf);
    firstSeen.add(found, scan.file, placeOf);
    for (const { eventId, rule, by } of found.suppressed) suppress(eventId, rule, by);
    return found.hits.flatMap((hit): DetectionLine[] => {
      const duplicate = hit.eventId !== null && detected.has(hit.eventId);
      if (hit.eventId !== null) detected.add(hit.eventId);
      return hit.rules.flatMap((place, index): DetectionLine[] => {
        const header = headers[place];
        if (header === undefined) return [];
        if (!duplicate) {
          const subject = placeOf(hit.subjects[index]);
          count(place, header, hit, { subject, caseless: hit.caseless });
        }
        return [{ ...detectionLine(header, hit, scan.file), ...(duplicate ? { duplicate } : {}) }];
      });
    });
  };
  const decide = (learningSeconds: number): DetectionLine[] => {
    const since = Date.parse(totals.firstTime ?? '');
    const lines: DetectionLine[] = [];
    for (const { hit, file, duplicate } of firstSeen.first()) {
      const header = headers[hit.rule];
      if (header === undefined) continue;
      if (!hasLearned(since, sightingOf(hit).time, learningSeconds)) {
        if (!hit.silent) suppress(hit.eventId, hit.rule, 'the learning period');
        continue;
      }
      if (duplicate) {
        if (!hit.silent) lines.push({ ...detectionLine(header, hit, file), duplicate });
        continue;
      }
      const { subject, caseless, correlated, marks } = hit;
      const own = createMarkedEvents();
      own.add(hit, correlated, marks, caseless);
      marked.addRows(own.rows(), file, (place) => place);
      if (hit.silent) continue;
      count(hit.rule, header, hit, { subject, caseless });
      lines.push(detectionLine(header, hit, file));
    }
    return lines;
  };
  const correlate = (correlator: Correlator): CorrelationLine[] => {
    const findings = correlateAll(correlator, marked.marks());
    const byKey = new Map(findings.map((finding) => [finding.key, finding]));
    return findings.flatMap((finding): CorrelationLine[] => {
      const place = headers.findIndex((header) => header.id === finding.correlationId);
      const header = headers[place];
      const events = eventsOf(finding, byKey);
      const last = marked.event(events.at(-1) ?? '');
      // A correlation that only feeds another one raises nothing of its own.
      if (header === undefined || last === undefined || correlator.isSilent(finding.correlationId)) return [];
      const { file, event } = last;
      const { index, subjects: about, caseless, ...facts } = event;
      count(place, header, event, { subject: about[header.subject] ?? NO_SUBJECT, caseless });
      return [
        {
          kind: 'correlation',
          ruleId: header.id,
          ruleFile: header.file,
          title: header.title,
          level: header.level,
          ...facts,
          source: { file, index },
          events,
        },
      ];
    });
  };
  return { add, decide, correlate, totals, log, subjects: subjects.values, actors: actors.values };
}

function detectionLine(header: RuleHeader, facts: RecordFacts, file: string): DetectionLine {
  const { eventId, eventTime, eventName, actor, index } = facts;
  return {
    kind: 'detection',
    ruleId: header.id,
    ruleFile: header.file,
    title: header.title,
    level: header.level,
    eventId,
    eventTime,
    eventName,
    actor,
    source: { file, index },
  };
}

/** The events of a finding; where it is made of findings, the events of those. */
function eventsOf(finding: Finding, byKey: ReadonlyMap<string, Finding>): string[] {
  const events = finding.events.flatMap((id) => {
    const part = byKey.get(id);
    return part === undefined ? [id] : eventsOf(part, byKey);
  });
  return [...new Set(events)];
}

export function higher(left: Level | undefined, right: Level): Level {
  return left !== undefined && LEVELS.indexOf(left) >= LEVELS.indexOf(right) ? left : right;
}
