import type { ActionId } from '../containment/action.ts';
import { onlyReverts } from '../containment/registry.ts';
import type { Budget } from '../ports/case-store.ts';

/**
 * At most so many actions on one subject in a sliding window, whoever started them and whatever case they belong to. An
 * action is one plan version that contain carries out. It counts once, however often its passes are run again and
 * whether or not they find something left to change: putting back what somebody undid belongs to the plan that did it,
 * and verify bounds it (`MAX_REASSERTS`). Releases do not count: giving back is never held up. Nor is a person held up who
 * orders it by hand.
 *
 * The breaker bounds how many subjects are acted on; this bounds how often one is, should our own changes or somebody
 * else's automation make the very events that a rule is about.
 */
export const ACTIONS_A_WINDOW = 3;
/** Plans that only undo changes leave the last one to a deny, or an attacker would spend them all by making changes. */
const WITHOUT_DENY = ACTIONS_A_WINDOW - 1;
const WINDOW_SECONDS = 3600;

export type Spending =
  /** `next` remembers the action, or is absent when it was counted before. */
  | { readonly kind: 'within'; readonly next?: Budget }
  /** `detail` is what the refusal says. */
  | { readonly kind: 'over'; readonly detail: string };

/** `actions`: what the plan would do. */
export function spend(current: Budget, action: string, actions: readonly ActionId[], now: Date): Spending {
  if (current.actions[action] !== undefined) return { kind: 'within' };
  const since = now.getTime() - WINDOW_SECONDS * 1000;
  const recent = Object.entries(current.actions).filter(([, at]) => Date.parse(at) > since);
  const most = onlyReverts(actions) ? WITHOUT_DENY : ACTIONS_A_WINDOW;
  if (recent.length < most) {
    const spent = Object.fromEntries([...recent, [action, now.toISOString()]]);
    return { kind: 'within', next: { actions: spent, revision: current.revision + 1 } };
  }
  // So many of the oldest must have left the window that one place is free.
  const times = recent.map(([, at]) => Date.parse(at)).sort((a, b) => a - b);
  const free = times[recent.length - most] ?? now.getTime();
  return { kind: 'over', detail: overBudget(recent.length, new Date(free + WINDOW_SECONDS * 1000).toISOString()) };
}

/** The name under which an action is counted: the same on every retry. */
export function actionName(of: { readonly caseId: string; readonly planVersion: number }): string {
  return `${of.caseId}-plan-${of.planVersion}`;
}

function overBudget(spent: number, freeAt: string): string {
  // An event of a rule that the case knows brings it to mind once an hour: see evaluate-record.
  return `${spent} containments of it within an hour already, and no other before ${freeAt}; after that an event of a new rule leads to one, and one of a rule that has joined the case only an hour after it did`;
}
