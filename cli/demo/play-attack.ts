import type { WholeCase } from '../cases/whole-case.ts';
import { type AttackResult, attack } from './attack.ts';
import { followFromHere, type LiveTimeline } from './live-timeline.ts';
import { readBeforeRecords, type Snapshots } from './snapshots.ts';
import type { Stage } from './stage.ts';

/** The record from which times are counted: the first one that a rule holds for. */
export const FIRST_DETECTED = 'AttachUserPolicy';

export type Played = AttackResult & {
  readonly timeline: LiveTimeline;
  readonly user: WholeCase;
  readonly session: WholeCase;
  /** Everybody as they were before Rescind heard of them. */
  readonly before: Snapshots;
};

/** The attack, with the timeline as it happens, until the two cases that it opens are as wanted. */
export async function playAttack(
  stage: Stage,
  what: string,
  wanted: (found: { readonly user: WholeCase; readonly session: WholeCase }) => boolean,
): Promise<Played> {
  const timeline = await followFromHere(stage, FIRST_DETECTED);
  const { beforeRecord, taken } = readBeforeRecords(stage.cast);
  const [result, cases] = await Promise.all([
    attack(stage.aws, stage.cast, stage.bus, { onRecord: timeline.onRecord, beforeRecord }),
    timeline.until(what, (all) => {
      const both = pairOf(all);
      return both !== undefined && wanted(both);
    }),
  ]);
  const both = pairOf(cases);
  if (both === undefined) throw new Error('The two cases that were there are gone.');
  return { ...result, ...both, timeline, before: taken() };
}

export function pairOf(cases: readonly WholeCase[]): { user: WholeCase; session: WholeCase } | undefined {
  const user = cases.find((each) => each.case.subject.kind === 'user');
  const session = cases.find((each) => each.case.subject.kind === 'session');
  return user === undefined || session === undefined ? undefined : { user, session };
}
