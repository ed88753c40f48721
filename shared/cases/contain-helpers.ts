import type { Mode } from '../config/policy.ts';
import { BY_HAND } from './asked-by-hand.ts';
import { type Case, type Detection, isEnding } from './case.ts';
import { againWhenStale } from './change-case.ts';
import { makesHold } from './hold.ts';
import { type JoinForDeps, joinFor } from './join-for.ts';
import { subjectOfNamed } from './named-principal.ts';
import type { Subject } from './subject.ts';
import type { PrincipalLookup } from './subject-of.ts';

export type HelperDeps = JoinForDeps & {
  readonly lookup: PrincipalLookup;
  /** Asked here too, so that nobody of these even gets a plan. */
  readonly whyProtected: (subject: Subject) => string | undefined;
};

/** More than the breaker lets through at once. */
const MOST_HELPERS = 5;

/**
 * Whoever, by the record, takes a containment back that is fought over gets a case of their own: in the mode of the
 * response by which this one acts, with every gate. The record's unique id must be whom the name means now.
 */
export async function containHelpers(deps: HelperDeps, found: Case, detections: readonly Detection[]): Promise<void> {
  if (found.foughtAt === undefined || isEnding(found)) return;
  const mode = modeFor(found, detections);
  // Records tell whole seconds.
  const since = Math.floor(Date.parse(found.openedAt) / 1_000) * 1_000;
  const done = new Set<string>();
  const sinceThen = detections.filter(({ eventTime }) => Date.parse(eventTime) >= since);
  for (const { undoneBy, unfit: _ofAnother, ...call } of sinceThen) {
    if (undoneBy === undefined || done.size >= MOST_HELPERS) continue;
    const named = await subjectOfNamed(undoneBy, deps.lookup);
    if (named.kind === 'nobody' || done.has(named.subject.key)) continue;
    const { subject } = named;
    if (isSame(subject, found.subject) || subject.kind === 'beyond' || deps.whyProtected(subject) !== undefined)
      continue;
    done.add(subject.key);
    await againWhenStale(() =>
      joinFor(deps, subject, {
        ...call,
        ruleTitle: `Took back the containment of ${found.caseId}`,
        // Once for each case that was fought over.
        eventId: `${found.caseId} ${call.ruleId}`,
        detectedAt: deps.clock.now().toISOString(),
        granted: [],
        playbook: 'contain',
        mode,
      }),
    );
  }
}

/** An order by hand is leave to act on whom it names, and on nobody else. */
function modeFor({ mode }: Case, detections: readonly Detection[]): Mode {
  return detections.some((one) => one.eventSource !== BY_HAND && makesHold(one, mode)) ? mode : 'observe';
}

/** A session of the role that is contained is that role's. */
function isSame(helper: Subject, subject: Subject): boolean {
  if (helper.key === subject.key) return true;
  return subject.kind === 'role' && helper.kind === 'session' && helper.roleId === subject.roleId;
}
