import { playbookActions } from '../containment/playbooks.ts';
import type { IdentityCenterPolicy, PersonReach } from '../identity-center/reach.ts';
import type { IdentityCenter } from '../ports/identity-center.ts';
import { NotLoadedError } from '../ports/not-loaded.ts';
import { commandWord } from './beyond/command-word.ts';
import type { Case, Detection } from './case.ts';
import { againWhenStale } from './change-case.ts';
import { type JoinForDeps, joinFor } from './join-for.ts';
import { openCaseOf } from './open-case.ts';
import { personOf } from './person-subject.ts';

/** What is left to do in the case of a session, once its user has a case; `undefined` where they have none. */
export type FollowPerson = (found: Case, detections: readonly Detection[]) => Promise<readonly string[] | undefined>;

/** Marks tell for eight days which events a case was told; what is older could open anew what a person has ended. */
const REMEMBERED_MS = 7 * 24 * 3600 * 1000;

/**
 * A session of a permission set bears its user's name alone. Whose id that is, Identity Center says, and the detections go
 * to the user's own case, by the door of every other: a person has one case, whatever sessions they act in.
 */
export function createFollowPerson(
  deps: JoinForDeps & { readonly identityCenter: IdentityCenter; readonly center: IdentityCenterPolicy },
): FollowPerson {
  return async ({ subject }, detections) => {
    if (deps.center.contain !== true || subject.kind !== 'beyond' || subject.person === undefined) return undefined;
    let reach: PersonReach | undefined;
    try {
      reach = await deps.identityCenter.reachOf(subject.person);
    } catch (error) {
      // No answer of AWS's: nobody of Identity Center would ever be contained.
      if (error instanceof NotLoadedError) throw error;
      // The steps of the case are made from another read, and say why there are no ids in them.
      return undefined;
    }
    const { account } = subject;
    const person = reach && personOf({ ...reachedBy(reach), account }, deps.center);
    if (person === undefined) return undefined;
    const since = deps.clock.now().getTime() - REMEMBERED_MS;
    for (const detection of detections) {
      if (Date.parse(detection.detectedAt) < since) continue;
      const planned = playbookActions(detection.playbook, person);
      const fitting = planned.kind === 'refused' ? { ...detection, unfit: planned.why } : detection;
      await againWhenStale(() => joinFor(deps, person, fitting, { isTheirs: true }));
    }
    const open = await openCaseOf(deps.store, person.key);
    return [
      `Whoever it is has a case of their own, which acts in Identity Center: npx rescind case show ${commandWord(open?.caseId, 'CASE')}`,
    ];
  };
}

function reachedBy({ userId, userName }: PersonReach) {
  return { userId, userName, label: `user ${userName} of Identity Center` };
}
