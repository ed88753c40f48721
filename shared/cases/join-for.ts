import { playbookActions } from '../containment/playbooks.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Flow } from '../ports/flow.ts';
import { joinHolds } from './begin-holds.ts';
import type { Detection } from './case.ts';
import { broughtBy } from './detection-of.ts';
import { joinCase } from './join-case.ts';
import { startDuePlan } from './start-due-plan.ts';
import type { Subject } from './subject.ts';

export type JoinForDeps = {
  readonly store: CaseStore;
  readonly flow: Flow;
  readonly clock: Pick<Clock, 'now'>;
  readonly newCaseId: () => string;
};

/** A case about somebody to whom another case led: by the door of every detection, and twice is once. */
export async function joinFor(deps: JoinForDeps, subject: Subject, cause: Detection): Promise<void> {
  const detection: Detection = { ...cause, followed: true };
  const { store, flow } = deps;
  const { ruleId, mode = 'observe' } = detection;
  const [mark, open] = await Promise.all([store.mark(subject.key, ruleId), store.openCaseOf(subject.key)]);
  if (mark?.events.includes(detection.eventId) === true) {
    if (mark.caseId !== undefined) await startDuePlan(deps, mark.caseId);
    return;
  }
  const planned = playbookActions(detection.playbook, subject);
  const { next, isNew, planDue } = joinCase(open, {
    subject,
    detection,
    mode,
    actions: planned.kind === 'actions' ? planned.actions : [],
    newCaseId: deps.newCaseId(),
    now: detection.detectedAt,
  });
  const held = await joinHolds(store, planDue ? undefined : open, next, detection);
  await store.join({ next: held.next, isNew, detection, mode, brought: broughtBy(detection), mark, holds: held.holds });
  if (planDue) await flow.start({ kind: 'contain', caseId: next.caseId, planVersion: next.planVersion });
}
