import type { ActionId } from '../containment/action.ts';
import { type Playbook, playbookActions } from '../containment/playbooks.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Flow } from '../ports/flow.ts';
import { BY_HAND } from './asked-by-hand.ts';
import type { Case, Detection } from './case.ts';
import { againWhenStale } from './change-case.ts';
import { stands } from './hold.ts';
import { type Joined, joinCase } from './join-case.ts';
import { keepJoined } from './keep-joined.ts';
import { type NamedPrincipal, subjectOfNamed } from './named-principal.ts';
import { openCase } from './open-case.ts';
import { type Answer, maybeSubject } from './operate.ts';
import { storable } from './storable.ts';
import type { Subject } from './subject.ts';
import type { PrincipalLookup } from './subject-of.ts';

/** What a person may ask for by name; `alert` would do nothing. */
export const PLAYBOOKS_BY_HAND = [
  'contain',
  'lock',
  'require-mfa',
  'revoke-session',
  'revoke-sessions',
] as const satisfies Playbook[];
export type PlaybookByHand = (typeof PLAYBOOKS_BY_HAND)[number];

/** A containment that a person asks for. It takes the way of every other: a case, a plan, the gates, the ledger. */
export type ContainOrder = {
  readonly kind: 'contain';
  readonly principal: NamedPrincipal;
  readonly playbook: PlaybookByHand;
  /** Of a lock: how long it lasts. */
  readonly seconds?: number;
  /** `false`: only the plan is made. */
  readonly enforce: boolean;
  readonly reason?: string;
  /** The key by which the person named the subject: it counts as compromised, and a release keeps it back. */
  readonly accessKeyId?: string;
};

export type ContainByHandDeps = {
  readonly store: CaseStore;
  readonly flow: Flow;
  readonly clock: Pick<Clock, 'now'>;
  readonly lookup: PrincipalLookup;
  readonly newCaseId: () => string;
  /** Names this order among all others. */
  readonly newOrderId: () => string;
  /** Where the order is taken. */
  readonly region: string;
  /** What the caller adds to the playbook with credentials of their own; a deployed stack adds nothing. */
  readonly adds?: readonly ActionId[];
};

/**
 * Opens a case about somebody whom a person names, or joins the open one. The policy's mode holds rules back, not people:
 * who may call this decides, also beyond the budget. What protects a subject, the stop switch and the breaker hold as always.
 */
export async function containByHand(deps: ContainByHandDeps, order: ContainOrder, by: string): Promise<Answer> {
  const named = await subjectOfNamed(order.principal, deps.lookup);
  if (named.kind === 'nobody') return refused(named.why);
  const { subject } = named;
  if (maybeSubject(by, subject)) return refused('Nobody contains themselves: ask a colleague to do it.');
  const actions = playbookActions(order.playbook, subject);
  if (actions.kind === 'refused') return refused(`${capital(actions.why)}.`);
  return againWhenStale(() => joinByHand(deps, order, by, subject));
}

async function joinByHand(deps: ContainByHandDeps, order: ContainOrder, by: string, subject: Subject): Promise<Answer> {
  const { store, flow } = deps;
  const now = deps.clock.now().toISOString();
  const detection = detectionByHand(deps, order, by, now);
  const { mark, claim } = await store.standing(subject.key, detection.ruleId);
  const open = await openCase(store, claim);
  // A plan of a case that acts would be carried out: whoever wants only to look gets what there is.
  if (open !== undefined && !order.enforce && open.mode !== 'observe') {
    return accepted(
      open,
      `${open.caseId} is about this subject already, in mode ${open.mode}: nothing was added to it, and nobody has looked anew.`,
    );
  }
  if (open !== undefined && order.playbook === 'lock' && order.enforce) {
    const standing = (await store.holds(subject.key)).find(
      (hold) => hold.caseId === open.caseId && hold.ruleId === detection.ruleId && stands(hold, now),
    );
    if (standing?.until !== undefined && (open.state === 'contained' || open.state === 'containing')) {
      return refused(
        `${open.caseId} locks this subject by hand until ${standing.until}: "npx rescind extend ${open.caseId} 2h" moves the end.`,
      );
    }
  }
  const planned = playbookActions(order.playbook, subject);
  const mode = order.enforce ? 'enforce' : 'observe';
  const joined = plannedAnew(
    open,
    joinCase(open, {
      subject,
      detection,
      mode,
      actions: planned.kind === 'actions' ? [...planned.actions, ...(deps.adds ?? [])] : [],
      newCaseId: deps.newCaseId(),
      now,
    }),
  );
  const next = await keepJoined(store, joined, { open, detection, mode, mark });
  if (joined.planDue) await flow.start({ kind: 'contain', caseId: next.caseId, planVersion: next.planVersion });
  return accepted(next, `${next.caseId} ${joined.isNew ? 'is opened' : 'is joined'} by ${by}.`);
}

/**
 * A person who asks again has looked, and may have changed something: what is not under way is planned anew. What was called
 * contained as well: somebody may have taken it back since, and it is called so again only after another look.
 */
function plannedAnew(open: Case | undefined, joined: Joined): Joined {
  if (open === undefined || joined.planDue) return joined;
  const { state, fighting } = open;
  const rests = state === 'open' || ((state === 'contained' || state === 'needs-human') && fighting !== true);
  if (!rests) return joined;
  return { ...joined, planDue: true, next: { ...joined.next, planVersion: joined.next.planVersion + 1 } };
}

function detectionByHand(deps: ContainByHandDeps, order: ContainOrder, by: string, now: string): Detection {
  const { playbook, seconds, enforce, reason, accessKeyId } = order;
  return {
    // One a playbook, so that a lock by hand does not stand in the way of a containment by hand.
    ruleId: `by-hand-${playbook}`,
    ruleTitle: `By hand${reason === undefined || reason === '' ? '' : `: ${storable(reason, LONGEST_REASON)}`}`,
    ruleFile: 'none',
    level: enforce ? 'high' : 'informational',
    eventId: deps.newOrderId(),
    eventTime: now,
    detectedAt: now,
    eventSource: BY_HAND,
    eventName: enforce ? `${playbook} by hand` : `plan of ${playbook} by hand`,
    region: deps.region,
    actor: by,
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    granted: [],
    playbook,
    mode: enforce ? 'enforce' : 'observe',
    ...(seconds === undefined ? {} : { forSeconds: seconds }),
  };
}

export const LONGEST_REASON = 300;

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function refused(why: string): Answer {
  return { kind: 'refused', why };
}

function accepted({ caseId }: Case, text: string): Answer {
  return { kind: 'accepted', text, caseId };
}
