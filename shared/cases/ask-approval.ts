import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import { type Approval, type Case, isEnding } from './case.ts';
import { againWhenStale, changeCase } from './change-case.ts';
import { alertOf, moveCase } from './move-case.ts';

type Deps = { readonly store: CaseStore; readonly clock: Pick<Clock, 'now'> };

/**
 * Asks a person: keeps the task token with the hash of the plan that the answer will stand for, and alerts. Asked again
 * with a new token (a retry of the task), the newer token replaces the older, without a second alert.
 */
export function askApproval(
  deps: Deps,
  of: { readonly caseId: string; readonly planVersion: number; readonly taskToken: string },
): Promise<void> {
  return againWhenStale(() => askOnce(deps, of));
}

async function askOnce(
  { store, clock }: Deps,
  { caseId, planVersion, taskToken }: Parameters<typeof askApproval>[1],
): Promise<void> {
  const [found, plan] = await Promise.all([store.read(caseId), store.plan(caseId, planVersion)]);
  if (found === undefined || plan === undefined) throw new Error(`${caseId} has no plan ${planVersion} to ask about.`);
  // A newer plan is asked about by its own execution; this one waits out its time and ends.
  if (found.planVersion !== planVersion || isEnding(found)) return;

  const askedAt = clock.now().toISOString();
  const before = await store.approval(caseId, planVersion);
  if (before !== undefined) {
    // An answer stands; given again, it reaches whoever waits now.
    const next: Case = { ...found, revision: found.revision + 1, updatedAt: askedAt };
    return store.advance({ next, approval: { ...before, taskToken } });
  }
  const approval: Approval = { planVersion, planHash: plan.hash, taskToken, askedAt };
  const next = moveCase(found, 'awaiting-approval', askedAt, { outcome: { kind: 'planned' } });
  const steps = plan.steps.map(({ title }) => ({ title, state: 'planned' as const }));
  const note = plan.doubts === undefined ? undefined : `No record tells ${plan.doubts.join(', or ')}.`;
  await store.advance({ next, approval, alert: alertOf(next, await store.detections(caseId), steps, note) });
}

/** Nobody answered in time: nothing was changed, and a person has to look. */
export async function expireApproval(
  { store, clock }: Deps,
  of: { readonly caseId: string; readonly planVersion: number },
): Promise<void> {
  const detections = await store.detections(of.caseId);
  await changeCase(store, of.caseId, (current) => {
    if (current.planVersion !== of.planVersion || current.state !== 'awaiting-approval') return undefined;
    const next = moveCase(current, 'needs-human', clock.now().toISOString(), { outcome: { kind: 'planned' } });
    return { next, alert: alertOf(next, detections, [], 'Nobody answered in time: nothing was changed.') };
  });
}
