import { NO_LINEAGE, type SessionLineage } from '../access/session-lineage.ts';
import { BREAKER_CASE } from '../alerts/alert.ts';
import type { ActionId, Step } from '../containment/action.ts';
import { CUT_OFF_AT_CONTAINMENT, type Plan } from '../containment/plan.ts';
import type { ContainmentPlan } from '../containment/plan-containment.ts';
import type { ContainableSubject } from '../containment/read-subject.ts';
import { endsAdministration, planEndsAdministration } from '../containment/why-administrator.ts';
import type { Breaker, CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { StopSwitch } from '../ports/stop-switch.ts';
import { isAskedByHand } from './asked-by-hand.ts';
import { asksFirst } from './asks-first.ts';
import { beginHolds } from './begin-holds.ts';
import { type BreakerLimits, type Passage, passBreaker } from './breaker.ts';
import { actionName, spend } from './budget.ts';
import { type Case, type Detection, type Granted, isEnding, type Touched } from './case.ts';
import { againWhenStale } from './change-case.ts';
import { changedByOthers } from './changed-by-others.ts';
import { grantedIn, revertedBy, touchedIn } from './detection-of.ts';
import type { FollowPerson } from './follow-person.ts';
import { grantedElsewhere } from './granted-elsewhere.ts';
import { isGrantOn } from './is-grant-on.ts';
import { highestLevel } from './join-case.ts';
import { type FindLineage, type FindPartners, knownLineage, knownPartners } from './known-lineage.ts';
import { type MfaDevices, mfaOrContain } from './mfa-or-contain.ts';
import { alertOf, moveCase } from './move-case.ts';
import type { Outcome } from './outcome.ts';
import type { PersonSteps } from './person-steps.ts';
import { holdOn } from './refused-plan.ts';
import { isPrincipal, type PrincipalSubject, type Subject, subjectLabel } from './subject.ts';

export type PlanDeps = {
  readonly store: CaseStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly makePlan: (
    subject: ContainableSubject,
    actions: readonly ActionId[],
    cutOff: string,
    releases: number,
    granted: readonly Granted[],
    touched: Touched,
    lineage?: SessionLineage,
  ) => Promise<ContainmentPlan>;
  /** Without it nobody knows whether MFA can be required, and a user is contained instead. */
  readonly mfaDevices?: MfaDevices;
  /** What is on record of the subject's sessions. Without it, nothing is known of them. */
  readonly lineageOf?: FindLineage;
  /** Which accounts were let into a role before it was opened to them. Without it, every one of them counts as new. */
  readonly partnersOf?: FindPartners;
  /** What a person does about a user of Identity Center, with what is read there. Without it, as the subject says. */
  readonly personSteps?: PersonSteps;
  /** Where the policy lets Rescind act in Identity Center: opens the case of the user behind a session. */
  readonly followPerson?: FollowPerson;
  /** Why the subject administers the account, if it does; `granted` by the attack itself does not count. */
  readonly whyAdministrator: (subject: PrincipalSubject, granted: readonly Granted[]) => Promise<string | undefined>;
  readonly hashPlan: (steps: readonly Step[]) => string;
  /** The reason why nobody may touch this subject, if there is one. */
  readonly whyProtected: (subject: Subject) => string | undefined;
  readonly isStopped: StopSwitch;
  readonly breakerLimits: BreakerLimits;
};

/** What the flow does next: act, ask a person, or end. */
export type PlanAnswer = {
  /** `watch`: nothing of this plan is done, but the containment that it found under way is verified on. */
  readonly next: 'contain' | 'watch' | 'ask' | 'done';
};

const DONE: PlanAnswer = { next: 'done' };

/** Nothing is to be changed, so there is nothing to hold back. */
const PASS: Passage = { kind: 'pass' };

/**
 * Makes the plan of one plan version and passes it through the gates: protected, mode, breaker. A rerun finds the
 * plan made and the state moved, and answers the same without a second alert.
 */
export async function planCase(deps: PlanDeps, of: { caseId: string; planVersion: number }): Promise<PlanAnswer> {
  return againWhenStale(() => planOnce(deps, of));
}

async function planOnce(deps: PlanDeps, of: { caseId: string; planVersion: number }): Promise<PlanAnswer> {
  const { store, clock } = deps;
  const [read, made, detections] = await Promise.all([
    store.read(of.caseId),
    store.plan(of.caseId, of.planVersion),
    store.detections(of.caseId),
  ]);
  if (read === undefined) throw new Error(`There is no case ${of.caseId}.`);
  // A newer version has an execution of its own; this one ends at its fence.
  if (read.planVersion !== of.planVersion || isEnding(read)) return DONE;
  if (made !== undefined) {
    // A twin of ours may have made it between the two reads: what it moved the case to is read after its plan was seen.
    const moved = await store.read(of.caseId);
    if (moved === undefined || moved.planVersion !== of.planVersion) return DONE;
    return made.heldBack === undefined ? nextOf(moved, made) : watchOf(moved);
  }
  const found = await mfaOrContain(deps.mfaDevices, read, detections);

  const end = async (state: Case['state'], outcome: Outcome, steps: readonly Step[] = []): Promise<PlanAnswer> => {
    const now = clock.now().toISOString();
    // Held back once more is no news: one page when it begins, whatever events come after it.
    const heldBack = isHeldBack(found.outcome) && isHeldBack(outcome) && found.state === state;
    const same = isSameObstacle(found.outcome, outcome) && found.state === state;
    const known = (heldBack || same) && (await wasToldAsGrave(store, found));
    const moved = known
      ? { ...found, outcome, revision: found.revision + 1, updatedAt: now }
      : moveCase(found, state, now, { outcome });
    const { next, holds } =
      outcome.kind === 'refused' ? await holdOn(store, moved, detections) : { next: moved, holds: [] };
    await store.advance({
      next,
      holds,
      plan: planOf(deps, of.planVersion, now, { steps, residual: [], unavailable: [], shortfalls: [] }),
      ...(known ? {} : { alert: alertOf(next, detections, planned(steps)) }),
      freeSubject: state === 'released',
      clearMarks: state === 'released',
    });
    return DONE;
  };

  const { subject } = found;
  if (subject.kind === 'beyond') {
    const humanSteps =
      (await deps.followPerson?.(found, detections)) ??
      (await deps.personSteps?.(subject, clock.now())) ??
      subject.humanSteps;
    return end('needs-human', { kind: 'not-containable', why: subject.why, humanSteps });
  }
  const unfit = detections.find((detection) => detection.unfit !== undefined)?.unfit;
  if (unfit !== undefined && found.actions.length === 0) {
    const humanSteps = ['Decide what to do, and give the rule a playbook that fits its subject.'];
    return end('needs-human', { kind: 'not-containable', why: unfit, humanSteps });
  }
  const protection = deps.whyProtected(subject);
  if (protection !== undefined && found.actions.length > 0) {
    return end('needs-human', { kind: 'refused', reason: 'protected', detail: protection });
  }
  const [sessions, partners] = await Promise.all([
    knownLineage(deps.lineageOf, found, subject, detections),
    knownPartners(deps.partnersOf, found, subject, detections),
  ]);
  const lineage = partners === undefined ? sessions : { ...(sessions ?? NO_LINEAGE), partners };
  const gated = found.actions.length > 0 && found.mode !== 'observe';
  const [plan, switched, breaker, budget, administrator] = await Promise.all([
    deps.makePlan(
      subject,
      found.actions,
      CUT_OFF_AT_CONTAINMENT,
      found.releases,
      grantedIn(revertedBy(detections, found.mode)),
      touchedIn(detections, found.mode),
      lineage,
    ),
    gated ? deps.isStopped() : undefined,
    gated ? store.breaker() : undefined,
    gated ? store.budget(subject.key) : undefined,
    gated && isPrincipal(subject) && endsAdministration(found.actions)
      ? deps.whyAdministrator(subject, grantedTo(subject, detections))
      : undefined,
  ]);
  if (plan.kind === 'gone') return end('released', { kind: 'gone', detail: plan.detail });
  if (plan.kind === 'not-containable') {
    return end('needs-human', { kind: 'not-containable', why: plan.why, humanSteps: plan.humanSteps });
  }
  if (switched?.stopped === true) {
    return end('needs-human', { kind: 'refused', reason: 'stopped', detail: switched.why }, plan.steps);
  }
  // Contain counts it, under the lease; here it is only not begun in vain.
  const spending = budget === undefined ? undefined : spend(budget, actionName(of), found.actions, clock.now());
  if (spending?.kind === 'over' && !isAskedByHand(detections)) {
    const { detail } = spending;
    if (found.mode === 'enforce' && watchOf(found).next === 'watch') return watchOn(deps, found, plan.steps, detail);
    return end('needs-human', { kind: 'refused', reason: 'budget', detail }, plan.steps);
  }
  // The fight may be about the only way into the account: a deny on one session goes on, the block of everybody is a person's.
  if (found.fighting === true && administrator !== undefined && blockEndsAdministration(found)) {
    const detail = `the role administers the account (${administrator}), so that its trust is not blocked without a person`;
    return watchOn(deps, found, plan.steps, detail);
  }
  const passage =
    breaker === undefined ? PASS : passBreaker(breaker, deps.breakerLimits, found.subject.key, clock.now());
  if (passage.kind === 'refused') return end('needs-human', await refuse(deps, passage, found, detections), plan.steps);
  const contents = {
    steps: plan.steps,
    unavailable: plan.unavailable,
    shortfalls: plan.shortfalls,
    residual: [...plan.residual, ...changedByOthers(found, detections), ...grantedElsewhere(found, detections)],
    ...(administrator !== undefined && planEndsAdministration(found.actions, plan.steps) ? { administrator } : {}),
    // Whoever orders it by name has seen the plan, and has said so.
    ...(plan.workload === undefined || isAskedByHand(detections) ? {} : { workload: plan.workload }),
    ...(plan.doubts === undefined || isAskedByHand(detections) ? {} : { doubts: plan.doubts }),
  };
  const known = lineage === undefined ? found : { ...found, lineage };
  return keepPlan(deps, known, detections, contents, passage.next);
}

/**
 * Stores the plan together with the state that it leads to: planned, waiting for an answer, or containing. And with the
 * subject's place in the breaker's window: whichever plan comes second for the last place is made again.
 */
async function keepPlan(
  deps: PlanDeps,
  found: Case,
  detections: readonly Detection[],
  contents: Omit<Plan, 'version' | 'hash' | 'plannedAt'>,
  breaker: Breaker | undefined,
): Promise<PlanAnswer> {
  const passed = breaker === undefined ? {} : { breaker };
  const now = deps.clock.now().toISOString();
  const plan = planOf(deps, found.planVersion, now, contents);
  // What is asked about is alerted by the question itself, which is a state of its own.
  if (asksFirst(found, plan)) {
    // What an older version left the case in must not be taken for the fate of this plan, should this be run again.
    const next: Case = { ...found, state: 'open', revision: found.revision + 1, updatedAt: now };
    await deps.store.advance({ next, plan, ...passed });
    return { next: 'ask' };
  }
  const acts = found.mode === 'enforce' && found.actions.length > 0;
  const begun = acts
    ? await beginHolds(deps.store, moveCase(found, 'containing', now), detections)
    : { next: moveCase(found, 'open', now, { outcome: { kind: 'planned' } }) };
  const { next } = begun;
  await deps.store.advance({ ...begun, plan, alert: alertOf(next, detections, planned(plan.steps)), ...passed });
  return nextOf(next, plan);
}

function nextOf(of: Case, plan: Plan): PlanAnswer {
  const { state } = of;
  if (state === 'containing') return { next: 'contain' };
  return asksFirst(of, plan) && (state === 'open' || state === 'awaiting-approval') ? { next: 'ask' } : DONE;
}

/** What the detected calls gave to the subject itself. */
function grantedTo(subject: PrincipalSubject, detections: readonly Detection[]): readonly Granted[] {
  return detections.flatMap(({ granted }) => granted).filter((grant) => isGrantOn(subject, grant));
}

/** What was done so far did not end administration, so nobody asked who else could do it. */
function blockEndsAdministration({ actions }: Case): boolean {
  return (
    actions.includes('block-trust') &&
    !planEndsAdministration(
      actions.filter((one) => one !== 'block-trust'),
      [],
    )
  );
}

/** Under way in mode enforce: somebody may be taking back at this very moment what an earlier plan did, and its execution ends at its fence. */
function watchOf({ state, fighting }: Case): PlanAnswer {
  return state === 'containing' || fighting === true ? { next: 'watch' } : DONE;
}

/** No change of state: the verdict that follows says what was held back. */
async function watchOn(
  { store, clock, hashPlan }: PlanDeps,
  found: Case,
  steps: readonly Step[],
  heldBack: string,
): Promise<PlanAnswer> {
  const now = clock.now().toISOString();
  const detections = await store.detections(found.caseId);
  const held = await holdOn(store, { ...found, revision: found.revision + 1, updatedAt: now }, detections);
  const plan = planOf({ hashPlan }, found.planVersion, now, {
    steps,
    residual: [],
    unavailable: [],
    shortfalls: [],
    heldBack,
  });
  await store.advance({ ...held, plan });
  return watchOf(held.next);
}

/** Held back once more is news where it is about something graver than the page was. */
async function wasToldAsGrave(store: CaseStore, { caseId, severity }: Case): Promise<boolean> {
  const told = (await store.outbox(caseId)).map(({ alert }) => alert.severity).at(-1);
  return told !== undefined && highestLevel(told, severity) === told;
}

/** Looked into once more for whoever is behind it, and nothing of it is new. */
function isSameObstacle(before: Outcome | undefined, now: Outcome): boolean {
  return (
    now.kind === 'not-containable' &&
    before?.kind === now.kind &&
    before.why === now.why &&
    before.humanSteps.join('\n') === now.humanSteps.join('\n')
  );
}

function isHeldBack(outcome: Outcome | undefined): boolean {
  return outcome?.kind === 'refused' && outcome.reason === 'budget';
}

/**
 * What the breaker's refusal says. The case that opened it pages as well. One that only other cases led to does not open it:
 * whoever opens sessions without end must not be able to keep everybody else from being contained.
 */
async function refuse(
  { store, clock, breakerLimits: { subjects, windowSeconds } }: PlanDeps,
  { next }: Extract<Passage, { kind: 'refused' }>,
  found: Case,
  detections: readonly Detection[],
): Promise<Outcome> {
  const many = `more than ${subjects} subjects in ${windowSeconds / 60} minutes`;
  if (next !== undefined && detections.every(({ followed }) => followed === true)) {
    const detail = `${many}; another case led to this one, so it did not open the breaker: contain it by hand`;
    return { kind: 'refused', reason: 'breaker', detail };
  }
  if (next !== undefined) {
    await store.putBreaker(next, breakerAlert(found, detections, next.revision, clock.now()));
  }
  return { kind: 'refused', reason: 'breaker', detail: `${many}; close the breaker with "npx rescind breaker close"` };
}

/** The one page of the breaker, under an id of its own, so that it is sent whatever becomes of the case. */
function breakerAlert(found: Case, detections: readonly Detection[], revision: number, now: Date) {
  const note = `The breaker opened at ${subjectLabel(found.subject)}: nothing is contained until a person closes it.`;
  const alert = alertOf(
    { ...found, state: 'needs-human', severity: 'critical', updatedAt: now.toISOString() },
    detections,
    [],
    note,
  );
  return { ...alert, caseId: BREAKER_CASE, caseVersion: revision, dedupId: `${BREAKER_CASE}#${revision}` };
}

function planOf(
  deps: Pick<PlanDeps, 'hashPlan'>,
  version: number,
  plannedAt: string,
  contents: Omit<Plan, 'version' | 'hash' | 'plannedAt'>,
): Plan {
  return { version, hash: deps.hashPlan(contents.steps), plannedAt, ...contents };
}

function planned(steps: readonly Step[]) {
  return steps.map(({ title }) => ({ title, state: 'planned' as const }));
}
