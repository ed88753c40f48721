import type { CaseStore } from '../ports/case-store.ts';
import type { Flow } from '../ports/flow.ts';
import { isEnding } from './case.ts';

/**
 * Starts the execution of the case's newest plan version unless its plan has been made. A crash between joining
 * and starting leaves it due: what joined comes again and starts it. Starting twice is starting once.
 */
export async function startDuePlan(
  { store, flow }: { readonly store: Pick<CaseStore, 'read' | 'plan'>; readonly flow: Flow },
  caseId: string,
): Promise<void> {
  const found = await store.read(caseId);
  if (found === undefined || isEnding(found)) return;
  // A release that came to nothing: who ordered it is asked, and whatever came too late joined it without a plan.
  if (found.release?.planVersion === found.planVersion) return;
  if ((await store.plan(caseId, found.planVersion)) === undefined) {
    await flow.start({ kind: 'contain', caseId, planVersion: found.planVersion });
  }
}
