import type { Case, Detection } from '../../shared/cases/case.ts';
import { joinCase } from '../../shared/cases/join-case.ts';
import type { Subject } from '../../shared/cases/subject.ts';
import { whyProtected } from '../../shared/cases/why-protected.ts';
import type { Policy } from '../../shared/config/policy.ts';
import { type Answer, answerFor } from '../../shared/config/response.ts';
import { playbookActions } from '../../shared/containment/playbooks.ts';
import type { RuleHeader } from '../../shared/rules/rule.ts';
import type { DetectionLog, LoggedDetection } from './detection-log.ts';
import { mergeNamedSubjects } from './merge-named-subjects.ts';
import { createBreaker, type Fate, settleCase } from './settle-case.ts';

/**
 * How long a case is taken to stay open. In the account a person closes it, which a log cannot know; within a day the
 * person on call has looked. Noise that goes on is then one case a day, as it would be for that person, and not one in all.
 */
export const CASE_OPEN_HOURS = 24;

/** A rule that goes on holding brings its case to mind this often, as in the account. */
const ANOTHER_LOOK_AFTER_MS = 3600 * 1000;

export type ReplayedCase = {
  readonly subject: Subject;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
  readonly lastAt: number;
  readonly detections: number;
  /** One for each change of state. */
  readonly alerts: number;
  /** When its plans were made, and how many changes of state each brought. */
  readonly settledAt: readonly { readonly at: number; readonly alerts: number }[];
  readonly fate: Fate;
  /** Why nothing could be taken back, where that is so. */
  readonly why?: string;
} & Pick<Case, 'severity' | 'mode' | 'playbooks' | 'actions' | 'ruleIds'>;

export type Replay = {
  readonly cases: readonly ReplayedCase[];
  /** When more subjects would have been contained than the breaker lets through: milliseconds since 1970. */
  readonly breakerOpened: readonly number[];
  /** How many subjects are known only by the name that a request used. */
  readonly byName: number;
};

type Running = {
  readonly openedAt: number;
  lastAt: number;
  detections: number;
  current: Case;
  fate: Fate;
  why: string | undefined;
  unfit: string | undefined;
  readonly settledAt: { at: number; alerts: number }[];
  readonly joined: Map<number, number>;
};

type ReplayPolicy = Pick<Policy, 'mode' | 'responses' | 'protected' | 'breaker'>;

/** The cases that these detections would have opened, by the code that opens them in the account. */
export function replayCases(
  log: DetectionLog,
  subjects: readonly Subject[],
  headers: readonly RuleHeader[],
  policy: ReplayPolicy,
): Replay {
  const { subjectAt, byName } = mergeNamedSubjects(subjects);
  const answers = headers.map((header) => answerFor(policy, header));
  const breaker = createBreaker(policy.breaker);
  const open = new Map<string, Running>();
  const all: Running[] = [];

  for (const event of eventsOf(log)) {
    const due = new Set<Running>();
    for (const { time, rule, subject: place } of event) {
      const header = headers[rule];
      const answer = answers[rule];
      const subject = subjectAt(place);
      if (header === undefined || answer === undefined || subject === undefined) continue;
      let running = open.get(subject.key);
      if (running !== undefined && time - running.openedAt >= CASE_OPEN_HOURS * 3600 * 1000) running = undefined;
      if (
        running !== undefined &&
        time - (running.joined.get(rule) ?? Number.NEGATIVE_INFINITY) < ANOTHER_LOOK_AFTER_MS
      ) {
        running.detections += 1;
        running.lastAt = time;
        continue;
      }
      const planned = playbookActions(answer.playbook, subject);
      const { next, planDue } = joinCase(running?.current, {
        subject,
        detection: detectionFor(header, answer, time),
        mode: answer.mode,
        actions: planned.kind === 'actions' ? planned.actions : [],
        newCaseId: String(all.length),
        now: new Date(time).toISOString(),
      });
      if (running === undefined) {
        running = opened(time, next);
        open.set(subject.key, running);
        all.push(running);
      }
      running.current = next;
      running.detections += 1;
      running.lastAt = time;
      running.joined.set(rule, time);
      if (planned.kind === 'refused') running.unfit ??= planned.why;
      if (planDue) due.add(running);
    }
    for (const running of due) {
      const { current, unfit, lastAt } = running;
      const settled = settleCase(current, {
        unfit,
        protection: whyProtected(policy, current.subject),
        breaker,
        now: new Date(lastAt),
      });
      running.settledAt.push({ at: lastAt, alerts: settled.next.version - current.version });
      running.current = settled.next;
      running.fate = settled.fate;
      running.why = settled.why;
    }
  }
  return { cases: all.map(replayedCase), breakerOpened: breaker.openedAt(), byName };
}

/** Detections of one event, which are joined before its plan is made. */
function* eventsOf(log: DetectionLog): Generator<readonly LoggedDetection[]> {
  let event: LoggedDetection[] = [];
  for (const detection of log.inOrder()) {
    const [first] = event;
    if (first !== undefined && (first.time !== detection.time || first.event !== detection.event)) {
      yield event;
      event = [];
    }
    event.push(detection);
  }
  if (event.length > 0) yield event;
}

function opened(openedAt: number, current: Case): Running {
  return {
    openedAt,
    lastAt: openedAt,
    detections: 0,
    current,
    fate: 'told',
    why: undefined,
    unfit: undefined,
    settledAt: [],
    joined: new Map(),
  };
}

/** What joining a case looks at; the rest of the detection stays in the log file. */
function detectionFor(header: RuleHeader, { playbook }: Answer, time: number): Detection {
  const at = new Date(time).toISOString();
  return {
    ruleId: header.id,
    ruleTitle: header.title,
    ruleFile: header.file,
    level: header.level,
    eventId: '',
    eventTime: at,
    detectedAt: at,
    eventSource: '',
    eventName: '',
    region: '',
    actor: '',
    granted: [],
    playbook,
  };
}

function replayedCase({ current, openedAt, lastAt, detections, fate, why, settledAt }: Running): ReplayedCase {
  const { subject, severity, mode, playbooks, actions, ruleIds, version } = current;
  return {
    subject,
    openedAt,
    lastAt,
    detections,
    alerts: version,
    settledAt,
    fate,
    severity,
    mode,
    playbooks,
    actions,
    ruleIds,
    ...(why === undefined ? {} : { why }),
  };
}
