import type { Plan } from '../containment/plan.ts';
import type { Case } from './case.ts';

/**
 * Whether a person is asked before the plan is carried out: in mode approve, wherever it would stop a workload or undo what may
 * have been there before, and for a user of Identity Center, of whom nothing tells whether anybody else administers there.
 */
export function asksFirst(
  { mode, actions, subject }: Case,
  plan: Pick<Plan, 'workload' | 'doubts'> | undefined,
): boolean {
  if (actions.length === 0) return false;
  if (mode !== 'enforce') return mode === 'approve';
  return plan?.workload !== undefined || plan?.doubts !== undefined || subject.kind === 'person';
}
