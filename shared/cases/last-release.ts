import type { Detection } from './case.ts';
import { isHigher } from './join-case.ts';
import type { Subject } from './subject.ts';

/**
 * A person let a subject go last: ordered the release of a case, or closed one as no attack. What had happened before they
 * had to judge by, though not all of it may have been delivered.
 */
export type LastRelease = {
  readonly caseId: string;
  /** By our clock, when they ordered it: what the access did until it was given back, they could not know. */
  readonly at: string;
};

/** The pointer of one subject as a decision found it. */
export type SeenRelease = { readonly subjectKey: string; readonly last: LastRelease | undefined };

/**
 * Clocks may differ by so much, and to the disadvantage of whoever was attacked: in doubt a call came after the release. A
 * containment too many is told and given back; what an attacker takes meanwhile is not. Only a call that failed counts as
 * from before, because it took nothing, and because most that come late are those that the deny itself refused.
 */
const CLOCK_SKEW_MS = 10 * 60 * 1000;

/**
 * The subjects whose releases let a subject go: its own, and its role's, of which it is a part. Not the other way round, and
 * none of another session: whoever vouches for one session knows nothing of who else acts in the role.
 */
export function releaseKeysOf(subject: Subject): readonly string[] {
  return subject.kind === 'session' ? [subject.key, `role:${subject.roleId}`] : [subject.key];
}

/**
 * A detection of something that happened before its subject was let go is no leave to act without being asked: it was told
 * too late for the person who decided. `newest`: of all that it rests on, when the last happened.
 */
export function weighed(
  detection: Detection,
  releases: readonly SeenRelease[],
  newest: string = detection.eventTime,
): Detection {
  const happened = Math.max(Date.parse(detection.eventTime), Date.parse(newest));
  const took = detection.failed !== true || happened > Date.parse(detection.eventTime);
  const [last] = releases
    .flatMap(({ last: one }) => one ?? [])
    .filter(({ at }) => happened < Date.parse(at) - (took ? CLOCK_SKEW_MS : 0))
    .sort((a, b) => (a.at < b.at ? 1 : -1));
  if (last === undefined) return detection;
  const { mode } = detection;
  const lowered = mode !== undefined && isHigher(mode, 'approve') ? { mode: 'approve' as const } : {};
  return { ...detection, ...lowered, releasedSince: last };
}

/** For sure, by the clocks: after the subject was let go, in its own case. */
export function isAfterRelease({ eventTime }: Pick<Detection, 'eventTime'>, [own]: readonly SeenRelease[]): boolean {
  return own?.last !== undefined && Date.parse(eventTime) > Date.parse(own.last.at);
}
