import type { Alert } from '../alerts/alert.ts';
import { ACTION_IDS } from '../containment/action.ts';
import { judge } from '../containment/judge.ts';
import { residualWithoutRoom } from '../containment/no-room.ts';
import { isFight, whoReversed } from '../containment/reversal.ts';
import { FIRST_VERIFY, type StepVerdict, type VerifyReport, type VerifyRequest } from '../containment/verify.ts';
import type { CaseStore, CaseWrite } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import { proposedIn, type Residue } from '../residue/residue.ts';
import type { sweepResidue } from '../residue/sweep-residue.ts';
import type { Case, Detection } from './case.ts';
import { changeCase } from './change-case.ts';
import { changedByOthers } from './changed-by-others.ts';
import { isOver } from './contain-case.ts';
import { containHelpers, type HelperDeps } from './contain-helpers.ts';
import { grantedElsewhere } from './granted-elsewhere.ts';
import { alertOf, moveCase } from './move-case.ts';
import type { Outcome, Residual } from './outcome.ts';
import { actionsInForce } from './refused-plan.ts';
import { startDuePlan } from './start-due-plan.ts';
import { isPrincipal, type Subject } from './subject.ts';

export type VerifyCaseDeps = {
  readonly store: CaseStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly verify: (caseId: string, request: VerifyRequest) => Promise<VerifyReport>;
  readonly settleSeconds: number;
  readonly endpointIsAws: boolean;
  /** Whether the organisation's guard stands over the subject's account; without it, over none. */
  readonly isGuarded?: (subject: Subject) => boolean;
  /** Looks back for what the subject left behind; without it nobody does. */
  readonly sweepResidue?: (of: Swept, detections: readonly Detection[]) => Promise<Residue>;
  /** What a second reversal leads to; without it a person is told and nothing more is taken. */
  readonly escalation?: Omit<HelperDeps, 'store' | 'clock'>;
};
type Swept = Parameters<typeof sweepResidue>[1];

/** What the flow does next. `seconds` is the wait, `pass` the kind of containing pass; both always there for the machine. */
export type VerifyAnswer = {
  readonly next: 'wait' | 'contain' | 'restore' | 'hold' | 'done';
  readonly seconds: number;
  readonly round: number;
  readonly pass: 'first' | 'detach' | 'reassert';
};

export const VERIFY_DONE: VerifyAnswer = { next: 'done', seconds: 0, round: 0, pass: 'first' };
const HOLD: VerifyAnswer = { ...VERIFY_DONE, next: 'hold' };

/** Rounds of fresh reads until the containment has stood for the settle time, and then what it is worth. */
export async function verifyCase(
  deps: VerifyCaseDeps,
  of: { readonly caseId: string; readonly planVersion: number },
): Promise<VerifyAnswer> {
  const { store } = deps;
  const found = await store.read(of.caseId);
  if (found === undefined) throw new Error(`There is no case ${of.caseId}.`);
  if (isOver(found, of.planVersion)) return carryOn(deps, found, of);
  if (found.subject.kind === 'beyond') throw new TypeError(`${of.caseId} is about somebody who cannot be contained.`);

  const plan = await store.plan(of.caseId, of.planVersion);
  const report = await deps.verify(of.caseId, {
    subject: found.subject,
    actions: await actionsInForce(store, found, plan),
    settleSeconds: deps.settleSeconds,
    progress: found.verifying ?? FIRST_VERIFY,
  });
  const at = deps.clock.now().toISOString();
  await store.putVerification(of.caseId, { at, planVersion: of.planVersion, text: describe(report) });

  const titles = new Map(plan?.steps.map(({ key, title }) => [key, title]));
  const changed = await changeCase(store, of.caseId, async (current) => {
    if (isOver(current, of.planVersion)) return undefined;
    // Read with the case: a detection that has just joined belongs to the verdict.
    const detections = await store.detections(of.caseId);
    const seen = { detections, titles, at, heldBack: plan?.heldBack, workload: plan?.workload !== undefined };
    return writeOf(deps, current, report, seen);
  });
  // A run of this function that its caller had lost was faster, or a newer plan took over: what is left is due all the same.
  if (changed === undefined) return carryOn(deps, (await store.read(of.caseId)) ?? found, of);
  if (report.kind === 'gone') return VERIFY_DONE;
  await escalate(deps, changed);
  // More is to be taken: the execution of the newer plan goes on.
  if (changed.planVersion !== of.planVersion) return VERIFY_DONE;
  const answer = answerOf(report);
  if (answer.next === 'done') await lookBack(deps, of);
  return answer.next === 'done' && isHeldForATime(changed, of.planVersion) ? { ...answer, next: 'hold' } : answer;
}

/** Of a case that is judged already: what its verdict made due, if that was lost, and the end of a lock. */
async function carryOn(
  deps: VerifyCaseDeps,
  found: Case,
  of: { readonly caseId: string; readonly planVersion: number },
): Promise<VerifyAnswer> {
  await escalate(deps, found);
  await lookBack(deps, of);
  return isHeldForATime(found, of.planVersion) ? HOLD : VERIFY_DONE;
}

/** What a fight made due: the plan that blocks the trust, and a case of whoever helps. A rerun makes up for one that was lost. */
async function escalate({ store, clock, escalation }: VerifyCaseDeps, found: Case): Promise<void> {
  if (escalation === undefined || found.foughtAt === undefined) return;
  const deps = { store, clock, ...escalation };
  await startDuePlan(deps, found.caseId);
  // Nobody goes on being let in because it could not be looked up who helps: that is tried again with the next round.
  await containHelpers(deps, found, await store.detections(found.caseId)).catch(async (error: unknown) => {
    const why = error instanceof Error ? error.name : 'an unknown fault';
    const text = `whoever takes the containment back could not be given a case: ${why}`;
    await store.putVerification(found.caseId, { at: clock.now().toISOString(), planVersion: found.planVersion, text });
  });
}

/**
 * Once for each plan, after its verdict was written: neither the verdict nor its alert waits for it, and a rerun of a
 * function that was lost meanwhile makes up for it. What it finds is told once.
 */
async function lookBack(
  { store, clock, sweepResidue: sweep }: VerifyCaseDeps,
  of: { readonly caseId: string; readonly planVersion: number },
): Promise<void> {
  if (sweep === undefined) return;
  const found = await store.read(of.caseId);
  if (found === undefined || !isDue(found, of.planVersion)) return;
  const { subject } = found;
  if (!isPrincipal(subject)) return;
  const residue = await sweep({ ...found, subject }, await store.detections(of.caseId));
  const detections = await store.detections(of.caseId);
  await changeCase(store, of.caseId, (current) => {
    if (!isDue(current, of.planVersion)) return undefined;
    const at = clock.now().toISOString();
    const known = new Set(proposedIn(current.residue).map(({ what }) => what));
    if (proposedIn(residue).every(({ what }) => known.has(what))) {
      return { next: { ...current, residue, revision: current.revision + 1, updatedAt: at } };
    }
    const next = { ...moveCase(current, current.state, at), residue };
    return { next, alert: alertOf(next, detections, [], 'A look back found what it left behind.') };
  });
}

function isDue({ state, planVersion, fighting, residue }: Case, ours: number): boolean {
  const judged = state === 'contained' || (state === 'needs-human' && fighting !== true);
  return judged && planVersion === ours && residue?.planVersion !== ours;
}

/** The containment is judged and ends by itself: the execution waits for that. */
function isHeldForATime({ state, planVersion, until }: Case, ours: number): boolean {
  return planVersion === ours && until !== undefined && (state === 'contained' || state === 'needs-human');
}

function writeOf(
  deps: VerifyCaseDeps,
  current: Case,
  report: VerifyReport,
  { detections, titles, at, heldBack, workload }: Seen,
): CaseWrite {
  const reversers = whoReversed(detections, current.openedAt);
  // A plan that came of the fight begins to count anew.
  const fought =
    current.foughtAt !== undefined || (report.kind === 'seen' && isFight(report.progress, reversers.length > 0));
  if (report.kind === 'seen' && report.next.kind !== 'settled') {
    if (fought && current.foughtAt === undefined)
      return fightWrite(
        current,
        report,
        { detections, titles, at, heldBack, workload },
        { reversers, blocks: blocksTrust(deps, current, workload) },
      );
    return { next: { ...current, verifying: report.progress, revision: current.revision + 1, updatedAt: at } };
  }
  const outcome = judge({
    actions: current.actions,
    report,
    settleSeconds: deps.settleSeconds,
    shortfalls: [
      ...(current.met?.shortfalls ?? []),
      ...(heldBack === undefined ? [] : [{ item: 'what joined since', reason: `not done: ${heldBack}` }]),
      ...(current.unfollowed ?? []).map((name) => ({
        item: `session ${name}`,
        reason: 'it came of the subject, and could not be given a case of its own: contain it by hand',
      })),
    ],
    residual: [
      ...(fought ? [foughtBy(reversers)] : []),
      ...changedByOthers(current, detections),
      ...grantedElsewhere(current, detections),
      ...(report.kind === 'seen' ? residualWithoutRoom(current.subject, report.steps) : []),
      ...(current.met?.residual ?? []),
    ],
    unavailable: current.met?.unavailable ?? [],
    endpointIsAws: deps.endpointIsAws,
    guarded: deps.isGuarded?.(current.subject) === true,
  });
  const gone = outcome.kind === 'gone';
  const next = moveCase(current, stateOf(outcome), at, {
    outcome,
    ...(outcome.kind === 'contained' ? { containedAt: at } : {}),
  });
  return { next, alert: alertOf(next, detections, stepsOf(report, titles)), clearMarks: gone, freeSubject: gone };
}

/** A person is told at once, while it goes on being put back; whether it ever stands is judged as always. */
function fightWrite(
  current: Case,
  report: Extract<VerifyReport, { kind: 'seen' }>,
  { detections, titles, at }: Seen,
  { reversers, blocks }: { readonly reversers: readonly string[]; readonly blocks: boolean },
): CaseWrite {
  const undone = report.steps.filter(({ state }) => state === 'undone').map(({ target }) => target);
  const reason = `taken back ${report.progress.reversals} times, and put back each time`;
  const outcome: Outcome = {
    kind: 'partial',
    missing: (undone.length === 0 ? ['the containment'] : undone).map((item) => ({ item, reason })),
    residual: [foughtBy(reversers), ...(current.met?.residual ?? [])],
    unavailable: current.met?.unavailable ?? [],
  };
  const next: Case = {
    ...moveCase(current, 'needs-human', at, { outcome, fighting: true, foughtAt: at }),
    verifying: report.progress,
    ...(blocks ? trustBlocked(current) : {}),
  };
  const who = reversers.length === 0 ? 'somebody whom no record names yet' : reversers.join(', ');
  const note = `The containment is being taken back again and again, by ${who}. Rescind goes on putting it back${blocks ? ', and plans to keep everybody from assuming the role again' : ''}.`;
  return { next, alert: alertOf(next, detections, stepsOf(report, titles), note) };
}

/**
 * In mode enforce only: in mode approve the question would end the execution that puts the deny back. Where a workload
 * runs with the role a person is asked, and asking is what the alert does.
 */
function blocksTrust({ escalation }: VerifyCaseDeps, current: Case, workload: boolean): boolean {
  const { kind } = current.subject;
  const due = (kind === 'role' || kind === 'session') && !current.actions.includes('block-trust');
  return due && !workload && escalation !== undefined && current.mode === 'enforce';
}

/** One more action, and so one more plan: with the fence, the budget and the stop switch of every other. */
function trustBlocked({ actions, asked, planVersion, mode }: Case): Partial<Case> {
  const before = asked ?? Object.fromEntries(actions.map((action) => [action, mode]));
  return {
    actions: ACTION_IDS.filter((action) => action === 'block-trust' || actions.includes(action)),
    asked: { ...before, 'block-trust': mode },
    planVersion: planVersion + 1,
  };
}

function foughtBy(reversers: readonly string[]): Residual {
  const who = reversers.length === 0 ? 'somebody' : reversers.join(', ');
  return {
    what: `${who} took the containment back again and again`,
    humanStep:
      reversers.length === 0
        ? 'Find who made the Detach, Delete, Put or UpdateAccessKey calls of these minutes in CloudTrail, and contain them.'
        : `Contain ${who} as well, and deny the role or user that they come from in its trust policy.`,
  };
}

function stateOf(outcome: Outcome): Case['state'] {
  switch (outcome.kind) {
    case 'contained':
      return 'contained';
    case 'gone':
      return 'released';
    case 'partial':
    case 'not-containable':
    case 'planned':
    case 'refused':
      return 'needs-human';
  }
}

function answerOf(report: Extract<VerifyReport, { kind: 'seen' }>): VerifyAnswer {
  const { next, progress } = report;
  const { round } = progress;
  switch (next.kind) {
    case 'wait':
      return { next: 'wait', seconds: next.seconds, round, pass: 'first' };
    case 'reassert':
      return { next: 'contain', seconds: 0, round, pass: 'reassert' };
    case 'detach':
      return { next: 'contain', seconds: 0, round, pass: 'detach' };
    case 'settled':
      return { ...VERIFY_DONE, round };
  }
}

type Seen = {
  readonly detections: readonly Detection[];
  readonly titles: Titles;
  readonly at: string;
  /** See `Plan`. */
  readonly heldBack: string | undefined;
  readonly workload: boolean;
};

/** By ledger key, as the plan words it. */
type Titles = ReadonlyMap<string, string>;

function stepsOf(report: VerifyReport, titles: Titles) {
  if (report.kind === 'gone') return [];
  return report.steps.map((step) => ({
    title: titles.get(step.stepKey) ?? `${step.stepKey.split('#')[0]}: ${step.target}`,
    state: toldState(step),
  }));
}

function toldState({ state, by }: StepVerdict): Alert['steps'][number]['state'] {
  if (state === 'holds') return 'done';
  if (state === 'undone') return 'undone';
  return by === undefined ? 'failed' : 'unconfirmed';
}

function describe(report: VerifyReport): string {
  if (report.kind === 'gone') return `gone: ${report.detail}`;
  const holding = report.steps.filter(({ state }) => state === 'holds').length;
  const undone = report.steps.filter(({ state }) => state === 'undone').map(({ target }) => target);
  const stood = `stood for ${report.stoodSeconds.toFixed(1)} s`;
  const bad = undone.length === 0 ? '' : `; undone by somebody: ${undone.join(', ')}`;
  const unexpected =
    report.unexpected.length === 0 ? '' : `; new: ${report.unexpected.map(({ item }) => item).join(', ')}`;
  return `fresh reads: ${holding} of ${report.steps.length} changes hold, ${stood}${bad}${unexpected}`;
}
