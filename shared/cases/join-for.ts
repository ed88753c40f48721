import { deniesEverything, playbookActions } from '../containment/playbooks.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Flow } from '../ports/flow.ts';
import type { Detection } from './case.ts';
import { isAfterContainment } from './is-after-containment.ts';
import { joinCase } from './join-case.ts';
import { keepJoined } from './keep-joined.ts';
import { releaseKeysOf, weighed } from './last-release.ts';
import { openCase } from './open-case.ts';
import { startDuePlan } from './start-due-plan.ts';
import type { Subject } from './subject.ts';

export type JoinForDeps = {
  readonly store: CaseStore;
  readonly flow: Flow;
  readonly clock: Pick<Clock, 'now'>;
  readonly newCaseId: () => string;
};

/**
 * A case about somebody to whom another case led: by the door of every detection, and twice is once. `isTheirs`: they made
 * the call of the detection themselves. `newest`: when the last of what led to them happened, where that is another call.
 */
export async function joinFor(
  deps: JoinForDeps,
  subject: Subject,
  cause: Detection,
  { isTheirs = false, newest }: { readonly isTheirs?: boolean; readonly newest?: string } = {},
): Promise<void> {
  const { store, flow } = deps;
  const { ruleId } = cause;
  const { mark, claim, releases } = await store.standing(subject.key, ruleId, releaseKeysOf(subject));
  const open = await openCase(store, claim);
  const { releasedSince: _ofAnother, ...call } = cause;
  const detection = weighed({ ...call, followed: true }, releases, newest);
  const { mode = 'observe' } = detection;
  if (mark?.events.includes(detection.eventId) === true) {
    if (mark.caseId !== undefined) await startDuePlan(deps, mark.caseId);
    return;
  }
  const planned = playbookActions(detection.playbook, subject);
  const joined = joinCase(open, {
    subject,
    detection,
    mode,
    actions: planned.kind === 'actions' ? planned.actions : [],
    newCaseId: deps.newCaseId(),
    now: detection.detectedAt,
    provesAccess:
      isTheirs && detection.failed !== true && isAfterContainment(open, detection) && deniesEverything(open.actions),
  });
  const { caseId, planVersion } = await keepJoined(store, joined, { open, detection, mode, mark, releases });
  if (joined.planDue) await flow.start({ kind: 'contain', caseId, planVersion });
}
