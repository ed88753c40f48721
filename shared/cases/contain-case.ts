import type { Part } from '../containment/action.ts';
import type { ContainReport, ContainRequest, MayWrite } from '../containment/contain.ts';
import type { OtherAdministrator } from '../containment/last-administrator.ts';
import type { Plan } from '../containment/plan.ts';
import { hasPart } from '../containment/registry.ts';
import { assertNever } from '../json.ts';
import type { CaseStore, CaseWrite, Lease } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { StopSwitch } from '../ports/stop-switch.ts';
import { isAskedByHand } from './asked-by-hand.ts';
import { asksFirst } from './asks-first.ts';
import { beginHolds } from './begin-holds.ts';
import { actionName, spend } from './budget.ts';
import type { Case, Met } from './case.ts';
import { changeCase } from './change-case.ts';
import { grantedIn, revertedBy, touchedIn } from './detection-of.ts';
import { leavesSessions } from './leaves-sessions.ts';
import { alertOf, moveCase } from './move-case.ts';
import type { Outcome } from './outcome.ts';
import { actionsInForce, voidHolds } from './refused-plan.ts';
import { isPrincipal, type PrincipalSubject, type Subject } from './subject.ts';
import { underLease } from './under-lease.ts';

export type ContainCaseDeps = {
  /** Which of the functions it runs in, or a caller without a stack: contain unless told. */
  readonly part?: Part;
  readonly store: CaseStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly isStopped: StopSwitch;
  readonly whyProtected: (subject: Subject) => string | undefined;
  /**
   * Whether the account could still be administered without the subject; asked only about an administrator, and only by
   * contain: the account did not rely on what revert takes away.
   */
  readonly otherAdministrator?: (subject: PrincipalSubject) => Promise<OtherAdministrator>;
  readonly ledgerOf: (caseId: string, planVersion: number, lease: Lease) => Ledger;
  readonly contain: (
    ledger: Ledger,
    mayWrite: () => Promise<MayWrite>,
    request: Pick<
      ContainRequest,
      'subject' | 'actions' | 'pass' | 'part' | 'releases' | 'granted' | 'touched' | 'lineage' | 'approvedSteps'
    >,
  ) => Promise<ContainReport>;
};

/** `revert`: what is left of the plan is the work of the other function. `follow`: sessions that came of the subject are due. */
export type ContainAnswer = { readonly next: 'verify' | 'revert' | 'follow' | 'done' };

type Permission = Extract<MayWrite, { ok: true }>;
type Of = { readonly caseId: string; readonly planVersion: number; readonly pass: ContainRequest['pass'] };

/** One pass of containment under the subject's lease. What it met goes to the case; whether it worked is for verify to say. */
export async function containCase(deps: ContainCaseDeps, of: Of): Promise<ContainAnswer> {
  const { store } = deps;
  const found = await store.read(of.caseId);
  if (found === undefined) throw new Error(`There is no case ${of.caseId}.`);
  if (isOver(found, of.planVersion)) return { next: 'done' };
  const { part = 'contain' } = deps;
  // A plan that only undoes a change, or none: there is nothing to deny.
  if (part === 'contain' && !hasPart('contain', found.actions) && hasPart('revert', found.actions)) {
    return { next: 'revert' };
  }
  return underLease(store, found.subject.key, actionName(of), (lease) => containUnderLease(deps, found, of, lease));
}

async function containUnderLease(deps: ContainCaseDeps, found: Case, of: Of, lease: Lease): Promise<ContainAnswer> {
  const { store } = deps;
  // What is begun here is awaited further down, so that the deny need not wait for it: a fault of it surfaces there, and must
  // not end the process before that. A plan never changes, and is read once.
  const planned = store.plan(of.caseId, of.planVersion);
  planned.catch(() => undefined);
  // A user is no workload: the deny does not wait for the plan to be read.
  const denies = hasPart('contain', found.actions);
  const plan = found.subject.kind === 'user' && denies ? undefined : await planned;
  const approved = asksFirst(found, plan) ? await approvedPlan(store, of, planned) : undefined;
  const allowed = mayWrite(deps, of, lease, planned);
  allowed.catch(() => undefined);
  const { part = 'contain' } = deps;
  // Only who reverts, or denies what was touched, has to know them beforehand: every other deny does not wait for it.
  const actions = of.pass === 'first' ? found.actions : await actionsInForce(store, found, await planned);
  const told = part === 'revert' || actions.includes('deny-resource') ? await store.detections(of.caseId) : [];
  const report = await deps.contain(deps.ledgerOf(of.caseId, of.planVersion, lease), () => allowed, {
    subject: found.subject,
    actions,
    pass: of.pass,
    part,
    releases: found.releases,
    granted: part === 'revert' ? grantedIn(revertedBy(told, found.mode)) : [],
    touched: touchedIn(told, found.mode),
    ...(found.lineage === undefined ? {} : { lineage: found.lineage }),
    ...(approved === undefined ? {} : { approvedSteps: approved.steps }),
  });

  const changed = await changeCase(store, of.caseId, (current) => {
    if (isOver(current, of.planVersion)) return undefined;
    const now = deps.clock.now().toISOString();
    return report.kind === 'ran'
      ? ranWrite(store, current, { ...of, part }, report, now)
      : endWrite(store, current, report, now);
  });
  if (changed === undefined || report.kind !== 'ran') return { next: 'done' };
  const rest = part === 'contain' && of.pass !== 'detach' && hasPart('revert', changed.actions);
  if (rest) return { next: 'revert' };
  return { next: of.pass === 'first' && leavesSessions(changed) ? 'follow' : 'verify' };
}

async function ranWrite(
  store: CaseStore,
  current: Case,
  of: Of & { readonly part: Part },
  report: Extract<ContainReport, { kind: 'ran' }>,
  now: string,
): Promise<CaseWrite> {
  const { verifying, ...rest } = current;
  // Verification starts over with a new plan, and goes on where it was when it asked for this pass.
  const found = of.pass === 'first' || verifying === undefined ? rest : current;
  const started = current.state !== 'containing' && current.fighting !== true;
  const moved = started
    ? moveCase(found, 'containing', now)
    : { ...found, revision: found.revision + 1, updatedAt: now };
  const made = of.pass === 'detach' && moved.verifying !== undefined;
  const containing = {
    ...moved,
    // Contain goes first: what it met stays beside what revert met.
    met:
      of.part === 'revert' && hasPart('contain', current.actions)
        ? mergeMet(current.met, metOf(report))
        : metOf(report),
    ...(made ? { verifying: { ...moved.verifying, detached: true } } : {}),
  };
  if (!started) return { next: containing };
  // Approved: the holds begin now. In mode enforce they began with the plan.
  const detections = await store.detections(of.caseId);
  const begun = await beginHolds(store, containing, detections);
  const steps = report.steps.map(({ title, result }) => ({
    title,
    state: result === 'failed' || result === 'unknown' ? ('failed' as const) : ('done' as const),
  }));
  return { ...begun, alert: alertOf(begun.next, detections, steps) };
}

async function endWrite(
  store: CaseStore,
  current: Case,
  report: Exclude<ContainReport, { kind: 'ran' }>,
  now: string,
): Promise<CaseWrite> {
  const { state, outcome } = endOf(report);
  const detections = await store.detections(current.caseId);
  const ended = await voidHolds(store, moveCase(current, state, now, { outcome }));
  const { next } = ended;
  const gone = state === 'released';
  if (!gone) return { ...ended, alert: alertOf(next, detections, []) };
  return { next, alert: alertOf(next, detections, []), clearMarks: true, freeSubject: true };
}

/** Another execution took over, or the case has ended: this one changes nothing more. */
export function isOver({ planVersion, state, fighting }: Case, ours: number): boolean {
  return planVersion !== ours || (state !== 'containing' && state !== 'awaiting-approval' && fighting !== true);
}

async function mayWrite(
  deps: ContainCaseDeps,
  of: Of,
  lease: Lease,
  planned: Promise<Plan | undefined>,
): Promise<MayWrite> {
  const [switched, current, plan] = await Promise.all([deps.isStopped(), deps.store.read(of.caseId), planned]);
  if (switched.stopped) return { ok: false, reason: 'stopped', detail: switched.why };
  if (current === undefined || isOver(current, of.planVersion)) {
    return { ok: false, reason: 'stale-plan', detail: 'a newer plan of the case has taken over' };
  }
  const protection = deps.whyProtected(current.subject);
  if (protection !== undefined) return { ok: false, reason: 'protected', detail: protection };
  // What follows is about beginning: the later passes complete what was begun.
  if (of.pass !== 'first') return { ok: true };
  const because = plan?.administrator;
  const left = because === undefined ? CARRY_ON : await othersLeft(deps, current.subject, because);
  return left.ok ? withinBudget(deps, of, lease, current.actions, left) : left;
}

const CARRY_ON: Permission = { ok: true };

/**
 * Under the lease and with a read of now: containing the last administrator would lock everybody out, the release
 * included. Where it cannot be told, nothing is done either, in every mode: an approver cannot know it.
 */
async function othersLeft(deps: ContainCaseDeps, subject: Subject, because: string): Promise<MayWrite> {
  if (!isPrincipal(subject) || deps.otherAdministrator === undefined) return CARRY_ON;
  const other = await deps.otherAdministrator(subject);
  switch (other.kind) {
    case 'remains':
      return CARRY_ON;
    case 'unavailable':
      return { ok: true, unavailable: [{ operation: other.operation, reason: other.reason }] };
    case 'none':
      return refusedAsLast(subject, `nobody else is left who can administer the account (${because})`);
    case 'unknown':
      return refusedAsLast(subject, `it is not known whether anybody else could administer the account: ${other.why}`);
    default:
      return assertNever(other);
  }
}

function refusedAsLast(subject: PrincipalSubject, detail: string): MayWrite {
  const list =
    subject.kind === 'user'
      ? `aws iam list-access-keys --user-name ${subject.userName}`
      : `aws iam get-role --role-name ${subject.roleName}`;
  return {
    ok: false,
    reason: 'last-administrator',
    detail,
    humanSteps: [
      'Sign in as root, and give administrator rights to somebody whom you trust and who can sign in.',
      'Whoever else administered may have been disabled or deleted just now, as a part of the attack: look for that in the record before you trust who is left.',
      `Then contain it: npx rescind contain ${subject.arn} --enforce`,
      `If it cannot wait, act by hand as root. What it has: ${list}`,
    ],
  };
}

/** Counted before anything is done: an action that is not on record is not made. Later passes belong to the same one. */
async function withinBudget(
  { store, clock }: ContainCaseDeps,
  of: Of,
  lease: Lease,
  actions: Case['actions'],
  permission: Permission,
): Promise<MayWrite> {
  const spending = spend(await store.budget(lease.subjectKey), actionName(of), actions, clock.now());
  if (spending.kind === 'over' && isAskedByHand(await store.detections(of.caseId))) return permission;
  if (spending.kind === 'over') return { ok: false, reason: 'budget', detail: spending.detail };
  if (spending.next !== undefined) await store.putBudget(spending.next, lease);
  return permission;
}

/** Only an answered approval reaches contain, and it stands for exactly the plan it was asked with. */
async function approvedPlan(store: CaseStore, of: Of, planned: Promise<Plan | undefined>): Promise<Plan> {
  const [approval, plan] = await Promise.all([store.approval(of.caseId, of.planVersion), planned]);
  if (plan === undefined || approval?.answer?.approved !== true || approval.planHash !== plan.hash) {
    throw new Error(`Plan ${of.planVersion} of ${of.caseId} was not approved.`);
  }
  return plan;
}

function metOf(report: Extract<ContainReport, { kind: 'ran' }>): Met {
  const unapproved = report.unapproved.map(({ title }) => ({
    item: title,
    reason: 'not done: it was not part of the plan that was approved',
  }));
  return {
    shortfalls: [...report.shortfalls, ...unapproved],
    residual: report.residual,
    unavailable: report.unavailable,
  };
}

function mergeMet(before: Met | undefined, now: Met): Met {
  if (before === undefined) return now;
  const distinct = <T>(all: readonly T[]): readonly T[] => [
    ...new Map(all.map((one) => [JSON.stringify(one), one])).values(),
  ];
  return {
    shortfalls: distinct([...before.shortfalls, ...now.shortfalls]),
    residual: distinct([...before.residual, ...now.residual]),
    unavailable: distinct([...before.unavailable, ...now.unavailable]),
  };
}

function endOf(report: Exclude<ContainReport, { kind: 'ran' }>): { state: Case['state']; outcome: Outcome } {
  switch (report.kind) {
    case 'gone':
      return { state: 'released', outcome: { kind: 'gone', detail: report.detail } };
    case 'not-containable':
      return { state: 'needs-human', outcome: report };
    case 'refused':
      return { state: 'needs-human', outcome: report };
    default:
      return assertNever(report);
  }
}
