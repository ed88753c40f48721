import type { ContainReport, ContainRequest, MayWrite } from '../containment/contain.ts';
import type { Plan } from '../containment/plan.ts';
import type { CaseStore, Lease } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { StopSwitch } from '../ports/stop-switch.ts';
import type { Case, Met } from './case.ts';
import { grantedElsewhere } from './granted-elsewhere.ts';
import { alertOf, moveCase } from './move-case.ts';
import type { Outcome } from './outcome.ts';
import type { Subject } from './subject.ts';
import { underLease } from './under-lease.ts';

export type ContainCaseDeps = {
  readonly store: CaseStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly isStopped: StopSwitch;
  readonly whyProtected: (subject: Subject) => string | undefined;
  readonly ledgerOf: (caseId: string, planVersion: number, lease: Lease) => Ledger;
  readonly contain: (
    ledger: Ledger,
    mayWrite: () => Promise<MayWrite>,
    request: Pick<ContainRequest, 'subject' | 'actions' | 'pass' | 'approvedSteps'>,
  ) => Promise<ContainReport>;
};

export type ContainAnswer = { readonly next: 'verify' | 'done' };

type Of = { readonly caseId: string; readonly planVersion: number; readonly pass: ContainRequest['pass'] };

/** One pass of containment under the subject's lease. What it met goes to the case; whether it worked is for verify to say. */
export async function containCase(deps: ContainCaseDeps, of: Of): Promise<ContainAnswer> {
  const { store } = deps;
  const found = await store.read(of.caseId);
  if (found === undefined) throw new Error(`There is no case ${of.caseId}.`);
  if (isOver(found, of.planVersion)) return { next: 'done' };
  const owner = `${of.caseId}-plan-${of.planVersion}`;
  return underLease(store, found.subject.key, owner, (lease) => containUnderLease(deps, found, of, lease));
}

async function containUnderLease(deps: ContainCaseDeps, found: Case, of: Of, lease: Lease): Promise<ContainAnswer> {
  const { store } = deps;
  const approved = found.mode === 'approve' ? await approvedPlan(store, of) : undefined;
  const report = await deps.contain(deps.ledgerOf(of.caseId, of.planVersion, lease), () => mayWrite(deps, of), {
    subject: found.subject,
    actions: found.actions,
    pass: of.pass,
    ...(approved === undefined ? {} : { approvedSteps: approved.steps }),
  });

  const current = await store.read(of.caseId);
  if (current === undefined || isOver(current, of.planVersion)) return { next: 'done' };
  const detections = await store.detections(of.caseId);
  if (report.kind === 'ran') {
    const met = metOf(report, grantedElsewhere(current, detections));
    const now = deps.clock.now().toISOString();
    const started = current.state !== 'containing';
    const moved = started
      ? moveCase(current, 'containing', now)
      : { ...current, revision: current.revision + 1, updatedAt: now };
    const steps = report.steps.map(({ title, result }) => ({
      title,
      state: result === 'failed' || result === 'unknown' ? ('failed' as const) : ('done' as const),
    }));
    const next = { ...moved, met };
    await store.advance({ next, ...(started ? { alert: alertOf(next, detections, steps) } : {}) });
    return { next: 'verify' };
  }

  const { state, outcome } = endOf(report);
  const next = moveCase(current, state, deps.clock.now().toISOString(), { outcome });
  const gone = state === 'released';
  await store.advance({ next, alert: alertOf(next, detections, []), clearMarks: gone, freeSubject: gone });
  return { next: 'done' };
}

/** Another execution took over, or the case has ended: this one changes nothing more. */
function isOver({ planVersion, state }: Case, ours: number): boolean {
  return planVersion !== ours || (state !== 'containing' && state !== 'awaiting-approval');
}

async function mayWrite(deps: ContainCaseDeps, of: Of): Promise<MayWrite> {
  const [switched, current] = await Promise.all([deps.isStopped(), deps.store.read(of.caseId)]);
  if (switched.stopped) return { ok: false, reason: 'stopped', detail: switched.why };
  if (current === undefined || isOver(current, of.planVersion)) {
    return { ok: false, reason: 'stale-plan', detail: 'a newer plan of the case has taken over' };
  }
  const protection = deps.whyProtected(current.subject);
  return protection === undefined ? { ok: true } : { ok: false, reason: 'protected', detail: protection };
}

/** Only an answered approval reaches contain, and it stands for exactly the plan it was asked with. */
async function approvedPlan(store: CaseStore, of: Of): Promise<Plan> {
  const [approval, plan] = await Promise.all([
    store.approval(of.caseId, of.planVersion),
    store.plan(of.caseId, of.planVersion),
  ]);
  if (plan === undefined || approval?.answer?.approved !== true || approval.planHash !== plan.hash) {
    throw new Error(`Plan ${of.planVersion} of ${of.caseId} was not approved.`);
  }
  return plan;
}

function metOf(report: Extract<ContainReport, { kind: 'ran' }>, elsewhere: Met['residual']): Met {
  const unapproved = report.unapproved.map(({ title }) => ({
    item: title,
    reason: 'not done: it was not part of the plan that was approved',
  }));
  const fought = report.escalate
    ? [
        {
          what: 'somebody takes the containment back again and again',
          humanStep:
            'Find who made the Detach, Put or UpdateAccessKey calls of the last minutes in CloudTrail, and contain them.',
        },
      ]
    : [];
  return {
    shortfalls: [...report.shortfalls, ...unapproved],
    residual: [...fought, ...elsewhere, ...report.residual],
    unavailable: report.unavailable,
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
  }
}
