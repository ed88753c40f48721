import type { Mode } from '../config/policy.ts';
import { isTimed } from '../containment/playbooks.ts';
import type { Case, Detection } from './case.ts';

/** A reason to keep a subject contained, made by a rule of a case. Containment lasts while any hold stands. */
export type Hold = {
  readonly caseId: string;
  /** At most one of a rule in a case. */
  readonly ruleId: string;
  readonly playbook: string;
  /** When the containment began, or the rule joined one that was under way: ISO 8601, UTC. */
  readonly startedAt: string;
  /** When a `lock` or `revoke-access` ends by itself; without it, a person ends the hold. */
  readonly until?: string;
  /** Who moved the end, oldest first. `by` is an ARN. */
  readonly extensions?: readonly { readonly by: string; readonly at: string; readonly until: string }[];
};

/** A transaction takes 100 items: so many holds are written at once, the longest first. The others end before those. */
const MOST_HOLDS_AT_ONCE = 60;

export type EndOfHolds =
  /** No hold stands: the containment is over. */
  { readonly kind: 'over' } | { readonly kind: 'at'; readonly at: string } | { readonly kind: 'person' };

/** ISO 8601 in UTC with the same number of digits sorts as time does. */
export function stands({ until }: Hold, now: string): boolean {
  return until === undefined || now < until;
}

/** It never held anybody: what it was made for was refused. */
function isVoid({ startedAt, until }: Hold): boolean {
  return until === startedAt;
}

export function voided(hold: Hold): Hold {
  return { ...hold, until: hold.startedAt };
}

/** The end of the last hold: one that has no end outlasts all others. */
export function endOfHolds(holds: readonly Hold[], now: string): EndOfHolds {
  const standing = holds.filter((hold) => stands(hold, now));
  if (standing.length === 0) return { kind: 'over' };
  const at = standing.map(({ until }) => until ?? '').sort();
  return at[0] === '' ? { kind: 'person' } : { kind: 'at', at: at.at(-1) ?? '' };
}

/**
 * The holds that detections make in the mode in which the case acts. A hold that stands is left as it is, so that a locked
 * subject that keeps trying does not lengthen its own lock; one that has ended is made anew by a detection after its end.
 */
export function holdsOf(
  { caseId, mode }: Pick<Case, 'caseId' | 'mode'>,
  detections: readonly Detection[],
  before: readonly Hold[],
  now: string,
): readonly Hold[] {
  const newest = new Map<string, Detection>();
  for (const detection of detections) {
    const known = newest.get(detection.ruleId);
    if (!makesHold(detection, mode) || (known !== undefined && known.detectedAt >= detection.detectedAt)) continue;
    newest.set(detection.ruleId, detection);
  }
  return [...newest.values()]
    .filter(({ ruleId, detectedAt }) => {
      const own = before.find((hold) => hold.caseId === caseId && hold.ruleId === ruleId);
      if (own === undefined || isVoid(own)) return true;
      return !stands(own, now) && own.until !== undefined && detectedAt >= own.until;
    })
    .map(({ ruleId, playbook, forSeconds }): Hold => {
      const until = isTimed(playbook) && forSeconds !== undefined ? { until: later(now, forSeconds) } : {};
      return { caseId, ruleId, playbook, startedAt: now, ...until };
    })
    .sort((a, b) => (rank(a) < rank(b) ? 1 : -1))
    .slice(0, MOST_HOLDS_AT_ONCE);
}

/** The holds of a case that stand, ended by a person: what is detected afterwards makes its own. */
export function endedBy(holds: readonly Hold[], { caseId }: Pick<Case, 'caseId'>, now: string): readonly Hold[] {
  return holds
    .filter((hold) => hold.caseId === caseId && stands(hold, now))
    .slice(0, MOST_HOLDS_AT_ONCE)
    .map((hold) => ({ ...hold, until: now }));
}

/** What a case knows of its own end: the holds as they will be once `made` are written. */
export function withEnd(next: Case, holds: readonly Hold[], made: readonly Hold[], now: string): Case {
  const { until: _before, ...rest } = next;
  const all = [
    ...holds.filter((old) => old.caseId === next.caseId && !made.some(({ ruleId }) => ruleId === old.ruleId)),
    ...made,
  ];
  const end = endOfHolds(all, now);
  return end.kind === 'at' ? { ...rest, until: end.at } : rest;
}

/** They take no access from the subject: one tells, the other undoes a change, which is not given back with the access. */
const HOLDS_NOBODY: ReadonlySet<string> = new Set(['alert', 'revert']);

/** Only in the mode in force: another rule's mode is no leave to act on it. A detection of an older version held its case for good. */
export function makesHold({ playbook, unfit, mode }: Detection, inForce: Mode): boolean {
  return !HOLDS_NOBODY.has(playbook) && unfit === undefined && (mode === undefined || mode === inForce);
}

export function later(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString();
}

function rank({ until }: Hold): string {
  return until ?? '~';
}
