import type { ActionId } from '../containment/action.ts';
import { isOpen } from '../containment/chain.ts';
import type { Plan } from '../containment/plan.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { beginHolds } from './begin-holds.ts';
import type { Case, Detection } from './case.ts';
import { type Hold, stands, voided, withEnd } from './hold.ts';

/**
 * A plan was refused before it took anything: its holds never held, so that no end of them is waited for, and they begin
 * anew once it is let through. What stands by an earlier plan is held on.
 */
export async function voidHolds(
  store: Pick<CaseStore, 'holds' | 'ledger'>,
  next: Case,
): Promise<{ readonly next: Case; readonly holds: readonly Hold[] }> {
  if (await hasTaken(store, next)) return { next, holds: [] };
  const before = await store.holds(next.subject.key);
  const holds = before.filter((hold) => hold.caseId === next.caseId && stands(hold, next.updatedAt)).map(voided);
  return { next: withEnd(next, before, holds, next.updatedAt), holds };
}

/** A plan was refused while an earlier one stands: what joined holds that as well, and its end is not the end. */
export async function holdOn(
  store: Pick<CaseStore, 'holds' | 'ledger'>,
  next: Case,
  detections: readonly Detection[],
): Promise<{ readonly next: Case; readonly holds: readonly Hold[] }> {
  if (next.mode !== 'enforce' || !(await hasTaken(store, next))) return { next, holds: [] };
  return beginHolds(store, next, detections);
}

async function hasTaken(store: Pick<CaseStore, 'ledger'>, { caseId }: Case): Promise<boolean> {
  return (await store.ledger(caseId)).some(isOpen);
}

/** What is watched and put back: of a plan that was held back only what an earlier one had begun, for nobody let it through. */
export async function actionsInForce(
  store: Pick<CaseStore, 'ledger'>,
  { caseId, actions }: Case,
  plan: Pick<Plan, 'heldBack'> | undefined,
): Promise<readonly ActionId[]> {
  if (plan?.heldBack === undefined) return actions;
  const begun = new Set((await store.ledger(caseId)).filter(isOpen).map(({ actionId }) => actionId));
  return actions.filter((action) => begun.has(action));
}
