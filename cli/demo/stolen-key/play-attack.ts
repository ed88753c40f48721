import type { WholeCase } from '../../cases/whole-case.ts';
import type { ReceivedAlert } from '../../staging/alert-receiver.ts';
import { followFromHere, type LiveTimeline } from '../live-timeline.ts';
import type { StageOf } from '../stage.ts';
import { type AttackResult, attack, DETECTIONS } from './attack.ts';
import type { Cast } from './cast.ts';
import { readBeforeRecords, type Snapshots } from './snapshots.ts';

/** The record from which times are counted: the first one that a rule holds for. */
export const FIRST_DETECTED = 'AttachUserPolicy';

export type Played = AttackResult & {
  readonly timeline: LiveTimeline;
  readonly user: WholeCase;
  readonly session: WholeCase;
  /** What the subscriber got since the attack began. */
  readonly alerts: readonly ReceivedAlert[];
  /** Just before the attack. */
  readonly since: Date;
  /** Everybody as they were before Rescind heard of them. */
  readonly before: Snapshots;
};

/** The attack, with the timeline as it happens, until the two cases that it opens are as wanted. */
export async function playAttack(
  stage: StageOf<Cast>,
  what: string,
  wanted: (found: WholeCase, alerts: readonly ReceivedAlert[]) => boolean,
): Promise<Played> {
  stage.screen.line();
  const timeline = await followFromHere(stage, FIRST_DETECTED);
  const { beforeRecord, taken } = readBeforeRecords(stage.cast);
  const since = new Date();
  const [result, { cases, alerts }] = await Promise.all([
    attack(stage.aws, stage.cast, stage.bus, { onRecord: timeline.onRecord, beforeRecord }),
    timeline.until(what, (seen) => {
      const both = pairOf(seen.cases);
      return (
        both !== undefined && isComplete(both) && wanted(both.user, seen.alerts) && wanted(both.session, seen.alerts)
      );
    }),
  ]);
  const both = pairOf(cases);
  if (both === undefined) throw new Error('The two cases that were there are gone.');
  return { ...result, ...both, alerts, since, timeline, before: taken() };
}

type Pair = { readonly user: WholeCase; readonly session: WholeCase };

/** Every detected call has joined its case. */
function isComplete({ user, session }: Pair): boolean {
  return user.detections.length === DETECTIONS.user.length && session.detections.length === DETECTIONS.session.length;
}

function pairOf(cases: readonly WholeCase[]): Pair | undefined {
  const user = cases.find((each) => each.case.subject.kind === 'user');
  const session = cases.find((each) => each.case.subject.kind === 'session');
  return user === undefined || session === undefined ? undefined : { user, session };
}
