import type { Plan } from '../containment/plan.ts';
import type { Case } from './case.ts';

/** Whether a person is asked before the plan is carried out: in mode approve, and wherever it would stop a workload. */
export function asksFirst({ mode, actions }: Case, plan: Pick<Plan, 'workload'> | undefined): boolean {
  if (actions.length === 0) return false;
  return mode === 'approve' || (mode === 'enforce' && plan?.workload !== undefined);
}
