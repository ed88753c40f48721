import type { Budget } from '../ports/case-store.ts';

/**
 * At most so many actions on one subject in a sliding window, whoever started them and whatever case they belong to. An
 * action is one plan version that contain carries out. It counts once, however often its passes are run again and
 * whether or not they find something left to change: putting back what somebody undid belongs to the plan that did it,
 * and verify bounds it (`MAX_REASSERTS`). Releases do not count: giving back is never held up.
 *
 * The breaker bounds how many subjects are acted on; this bounds how often one is, should our own changes or somebody
 * else's automation make the very events that a rule is about.
 */
export const ACTIONS_A_WINDOW = 3;
const WINDOW_SECONDS = 3600;

export type Spending =
  /** `next` remembers the action, or is absent when it was counted before. */
  | { readonly kind: 'within'; readonly next?: Budget }
  /** `freeAt`: from then on the next one is possible. ISO 8601, UTC. */
  | { readonly kind: 'over'; readonly freeAt: string };

export function spend(current: Budget, action: string, now: Date): Spending {
  if (current.actions[action] !== undefined) return { kind: 'within' };
  const since = now.getTime() - WINDOW_SECONDS * 1000;
  const recent = Object.entries(current.actions).filter(([, at]) => Date.parse(at) > since);
  if (recent.length < ACTIONS_A_WINDOW) {
    const actions = Object.fromEntries([...recent, [action, now.toISOString()]]);
    return { kind: 'within', next: { actions, revision: current.revision + 1 } };
  }
  const oldest = Math.min(...recent.map(([, at]) => Date.parse(at)));
  return { kind: 'over', freeAt: new Date(oldest + WINDOW_SECONDS * 1000).toISOString() };
}

/** The name under which an action is counted: the same on every retry. */
export function actionName(of: { readonly caseId: string; readonly planVersion: number }): string {
  return `${of.caseId}-plan-${of.planVersion}`;
}

/** What the refusal says. */
export function overBudget(freeAt: string): string {
  return `${ACTIONS_A_WINDOW} containments of it within an hour already; the next event after ${freeAt} is acted on again`;
}
