import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Case } from './case.ts';
import { alertOf, moveCase } from './move-case.ts';

/**
 * Asks a person: keeps the task token with the hash of the plan that the answer will stand for, and alerts. Asked again
 * with a new token (a retry of the task), the newer token replaces the older, without a second alert.
 */
export async function askApproval(
  { store, clock }: { readonly store: CaseStore; readonly clock: Pick<Clock, 'now'> },
  of: { readonly caseId: string; readonly planVersion: number; readonly taskToken: string },
): Promise<void> {
  const { caseId, planVersion, taskToken } = of;
  const found = await store.read(caseId);
  const plan = await store.plan(caseId, planVersion);
  if (found === undefined || plan === undefined) throw new Error(`${caseId} has no plan ${planVersion} to ask about.`);
  // A newer plan is asked about by its own execution; this one waits out its time and ends.
  if (found.planVersion !== planVersion) return;

  const askedAt = clock.now().toISOString();
  const approval = { planVersion, planHash: plan.hash, taskToken, askedAt };
  if (found.state === 'awaiting-approval') {
    const before = await store.approval(caseId, planVersion);
    if (before?.answer !== undefined) return;
    const next: Case = { ...found, revision: found.revision + 1, updatedAt: askedAt };
    if (before !== undefined) return store.advance({ next, approval });
  }
  const next = moveCase(found, 'awaiting-approval', askedAt, { outcome: { kind: 'planned' } });
  const steps = plan.steps.map(({ title }) => ({ title, state: 'planned' as const }));
  await store.advance({ next, approval, alert: alertOf(next, await store.detections(caseId), steps) });
}

/** Nobody answered in time: nothing was changed, and a person has to look. */
export async function expireApproval(
  { store, clock }: { readonly store: CaseStore; readonly clock: Pick<Clock, 'now'> },
  of: { readonly caseId: string; readonly planVersion: number },
): Promise<void> {
  const found = await store.read(of.caseId);
  if (found === undefined || found.planVersion !== of.planVersion || found.state !== 'awaiting-approval') return;
  const next = moveCase(found, 'needs-human', clock.now().toISOString(), { outcome: { kind: 'planned' } });
  const alert = alertOf(next, await store.detections(of.caseId), [], 'Nobody answered in time: nothing was changed.');
  await store.advance({ next, alert });
}
