import type { Approval, Case } from '../../shared/cases/case.ts';
import type { Hold } from '../../shared/cases/hold.ts';
import { type History, type TimelineEntry, timelineOf } from '../../shared/cases/timeline.ts';
import type { Plan } from '../../shared/containment/plan.ts';
import type { CaseStore } from '../../shared/ports/case-store.ts';

/** One case with everything that belongs to it. The task token of an approval is left out: it is a key, not information. */
export type WholeCase = History & {
  readonly case: Case;
  /** What keeps the subject contained, as long as it stands. */
  readonly holds: readonly Hold[];
  readonly plan?: Plan;
  readonly approval?: Omit<Approval, 'taskToken'>;
  readonly timeline: readonly TimelineEntry[];
};

export async function readWholeCase(store: CaseStore, caseId: string): Promise<WholeCase | undefined> {
  const found = await store.read(caseId);
  if (found === undefined) return undefined;
  const [holds, detections, ledger, verifications, outbox] = await Promise.all([
    store.holds(found.subject.key),
    store.detections(caseId),
    store.ledger(caseId),
    store.verifications(caseId),
    store.outbox(caseId),
  ]);
  const plan = await newestPlan(store, found);
  const approval = plan === undefined ? undefined : await store.approval(caseId, plan.version);
  const history = { detections, ledger, verifications, outbox };
  return {
    case: found,
    holds: holds.filter((hold) => hold.caseId === caseId),
    ...history,
    ...(plan === undefined ? {} : { plan }),
    ...(approval === undefined ? {} : { approval: withoutToken(approval) }),
    timeline: timelineOf(history),
  };
}

/** A release counts the plan version up without a plan of its own, so the newest plan may be an older version. */
async function newestPlan(store: CaseStore, { caseId, planVersion }: Case): Promise<Plan | undefined> {
  for (let version = planVersion; version > 0; version -= 1) {
    const plan = await store.plan(caseId, version);
    if (plan !== undefined) return plan;
  }
  return undefined;
}

function withoutToken({ taskToken: _token, ...approval }: Approval): Omit<Approval, 'taskToken'> {
  return approval;
}
