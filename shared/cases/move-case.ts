import type { Alert } from '../alerts/alert.ts';
import { CUT_OFF_AT_CONTAINMENT } from '../containment/plan.ts';
import { proposedIn } from '../residue/residue.ts';
import { type Case, type CaseState, type Detection, isEnding } from './case.ts';
import type { Outcome } from './outcome.ts';
import { subjectLabel } from './subject.ts';

/** The case after a change of state: version and revision go up by one. */
export function moveCase(
  { fighting: _over, ...current }: Case,
  state: CaseState,
  now: string,
  change: { readonly outcome?: Outcome } & Partial<
    Pick<Case, 'planVersion' | 'containedAt' | 'releases' | 'release' | 'verdict' | 'fighting' | 'foughtAt'>
  > = {},
): Case {
  return {
    ...stillTrue(current, state),
    ...change,
    state,
    version: current.version + 1,
    revision: current.revision + 1,
    updatedAt: now,
  };
}

function stillTrue(current: Case, state: CaseState): Case {
  if (state === 'containing') {
    // What was true before is not known to be true while access changes.
    const { outcome: _before, releasedSince: _answered, ...moving } = current;
    return moving;
  }
  if (!isEnding({ state })) return current;
  // A release that is under way has an end of its own, and whoever fights a containment after it is told anew.
  const { until: _end, foughtAt: _told, ...ending } = current;
  return ending;
}

/** The facts of a state as the outbox keeps them: at most this many detections, the newest; the case has them all. */
const ALERTED_DETECTIONS = 10;
const ALERTED_THINGS = 10;

export function alertOf(changed: Case, detections: readonly Detection[], steps: Alert['steps'], note?: string): Alert {
  const { caseId, version, subject, state } = changed;
  const leftBehind = state === 'contained' || state === 'needs-human' ? proposedIn(changed.residue) : [];
  const newest = [...detections].sort((a, b) => a.detectedAt.localeCompare(b.detectedAt)).slice(-ALERTED_DETECTIONS);
  return {
    schema: 'rescind.alert/1',
    dedupId: `${caseId}#${version}`,
    caseId,
    caseVersion: version,
    state: changed.state,
    severity: changed.severity,
    mode: changed.mode,
    account: subject.account,
    region: newest.at(-1)?.region ?? 'unknown region',
    subject: subjectLabel(subject),
    subjectArn: subject.kind === 'beyond' ? subject.key : subject.arn,
    ...(changed.outcome === undefined ? {} : { outcome: changed.outcome }),
    ...(changed.until === undefined ? {} : { until: changed.until }),
    ...(changed.state === 'releasing' && changed.release?.timed !== undefined
      ? { tokensUntil: changed.release.timed.tokensUntil }
      : {}),
    ...(changed.releasedSince === undefined ? {} : { releasedSince: changed.releasedSince }),
    detections: newest,
    ...(detections.length > newest.length ? { olderDetections: detections.length - newest.length } : {}),
    steps: steps.map((step) => ({ ...step, title: step.title.replaceAll(CUT_OFF_AT_CONTAINMENT, 'the containment') })),
    ...(leftBehind.length === 0 ? {} : { leftBehind: leftBehind.slice(0, ALERTED_THINGS) }),
    at: changed.updatedAt,
    ...(note === undefined ? {} : { note }),
  };
}
