import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Flow } from '../ports/flow.ts';
import { closeBreaker } from './breaker.ts';
import type { Case, Verdict } from './case.ts';
import { alertOf, moveCase } from './move-case.ts';
import type { Subject } from './subject.ts';

/** What a person may order about a case. */
export type CaseOrder =
  | { readonly kind: 'approve' | 'reject'; readonly caseId: string }
  | { readonly kind: 'release'; readonly caseId: string; readonly all: boolean }
  | { readonly kind: 'close'; readonly caseId: string; readonly verdict: Verdict };

/** Each order is recorded with the ARN of whoever gave it. */
export type Order = CaseOrder | { readonly kind: 'close-breaker' };

export type Answer =
  | { readonly kind: 'accepted'; readonly text: string; readonly caseId?: string; readonly version?: number }
  | { readonly kind: 'refused'; readonly why: string };

export type OperateDeps = { readonly store: CaseStore; readonly flow: Flow; readonly clock: Pick<Clock, 'now'> };

export async function operate(deps: OperateDeps, order: Order, by: string): Promise<Answer> {
  if (order.kind === 'close-breaker') return closeOpenBreaker(deps, by);
  const found = await deps.store.read(order.caseId);
  if (found === undefined) return refused(`There is no case ${order.caseId}. "npx rescind cases" lists them.`);
  return operateCase(deps, found, order, by);
}

function operateCase(deps: OperateDeps, found: Case, order: CaseOrder, by: string): Promise<Answer> {
  switch (order.kind) {
    case 'approve':
    case 'reject':
      return answerApproval(deps, found, order.kind === 'approve', by);
    case 'release':
      return release(deps, found, order.all, by);
    case 'close':
      return close(deps, found, order.verdict, by);
  }
}

async function answerApproval(deps: OperateDeps, found: Case, approved: boolean, by: string): Promise<Answer> {
  const { store, flow, clock } = deps;
  const { caseId } = found;
  const approval = await store.approval(caseId, found.planVersion);
  if (approval === undefined) return refused(`${caseId} waits for no approval: it is ${found.state}.`);
  if (isSubject(by, found.subject)) return refused('Whom a case is about cannot answer it.');
  const { answer } = approval;
  if (answer !== undefined && (answer.approved !== approved || answer.by !== by)) {
    return refused(`${caseId} was ${answer.approved ? 'approved' : 'rejected'} at ${answer.at} by ${answer.by}.`);
  }
  if (answer === undefined) {
    if (found.state !== 'awaiting-approval') return refused(`${caseId} waits for no approval: it is ${found.state}.`);
    const at = clock.now().toISOString();
    const answered = { ...approval, answer: { approved, by, at } };
    if (approved) {
      await store.advance({ next: { ...found, updatedAt: at, revision: found.revision + 1 }, approval: answered });
    } else {
      const detail = `rejected by ${by}`;
      const next = moveCase(found, 'open', at, { outcome: { kind: 'refused', reason: 'rejected', detail } });
      const alert = alertOf(next, await store.detections(caseId), [], detail);
      await store.advance({ next, approval: answered, alert });
    }
  }
  // Sent again when the answer was kept but perhaps never arrived; an execution takes it once.
  const sent = await flow.answer(approval.taskToken, approved);
  const word = approved ? 'approved' : 'rejected';
  return sent === 'answered' || answer !== undefined || !approved
    ? { kind: 'accepted', text: `${caseId} ${word} by ${by}.`, caseId, version: found.version }
    : refused(`${caseId} no longer waits: its approval has expired. The next detection asks anew.`);
}

async function release(deps: OperateDeps, found: Case, all: boolean, by: string): Promise<Answer> {
  const { store, flow, clock } = deps;
  const { caseId } = found;
  if (found.state === 'releasing') {
    await flow.start({ kind: 'release', caseId, release: found.releases, all: found.release?.all === true });
    return accepted(found, `${caseId} is being released already.`);
  }
  const objection = await whyNotRelease(store, found, all);
  if (objection !== undefined) return refused(objection);

  const at = clock.now().toISOString();
  const next = moveCase(found, 'releasing', at, {
    // A containment still under way ends at its fence: it belongs to an older plan version.
    planVersion: found.planVersion + 1,
    releases: found.releases + 1,
    release: { all, by, at, withheld: [], conflicts: [], failed: [] },
  });
  const alert = alertOf(next, await store.detections(caseId), [], `release asked for by ${by}`);
  await store.advance({ next, alert, clearMarks: true });
  await flow.start({ kind: 'release', caseId, release: next.releases, all });
  return accepted(next, `${caseId} is being released${all ? ', all of it' : ''}.`);
}

async function whyNotRelease(store: CaseStore, found: Case, all: boolean): Promise<string | undefined> {
  const { caseId, state } = found;
  if (found.subject.kind === 'beyond') {
    return `${caseId} has changed nothing, so there is nothing to give back. "npx rescind close ${caseId} --verdict ..." ends it.`;
  }
  switch (state) {
    case 'contained':
    case 'containing':
    case 'needs-human':
      return undefined;
    case 'open':
      return `${caseId} has changed nothing, so there is nothing to give back. "npx rescind close ${caseId} --verdict ..." ends it.`;
    case 'awaiting-approval':
      return `${caseId} waits for an approval: answer it first with "npx rescind reject ${caseId}".`;
    case 'closed':
      return `${caseId} is closed.`;
    case 'released': {
      if (!all || (found.release?.withheld.length ?? 0) === 0) {
        return `${caseId} is released already${all ? '' : '. What was withheld comes back with --all'}.`;
      }
      const other = await store.openCaseOf(found.subject.key);
      return other === undefined ? undefined : `The subject is held by ${other.caseId}: release that case first.`;
    }
    case 'releasing':
      return `${caseId} is being released already.`;
  }
}

async function close({ store, clock }: OperateDeps, found: Case, verdict: Verdict, by: string): Promise<Answer> {
  const { caseId, state, outcome } = found;
  if (state === 'closed') return refused(`${caseId} is closed already, as ${found.verdict ?? 'unjudged'}.`);
  const untouched = outcome === undefined || outcome.kind !== 'partial';
  if (state !== 'released' && !((state === 'open' || state === 'needs-human') && untouched)) {
    return refused(`${caseId} is ${state}: release it first with "npx rescind release ${caseId}", then close it.`);
  }
  const next = moveCase(found, 'closed', clock.now().toISOString(), { verdict });
  const alert = alertOf(next, await store.detections(caseId), [], `closed as ${verdict} by ${by}`);
  await store.advance({ next, alert, clearMarks: true, freeSubject: true });
  return accepted(next, `${caseId} is closed as ${verdict}.`);
}

async function closeOpenBreaker({ store }: OperateDeps, by: string): Promise<Answer> {
  const current = await store.breaker();
  if (current.openedAt === undefined) return refused('The breaker is closed: containments are let through.');
  await store.putBreaker(closeBreaker(current));
  return { kind: 'accepted', text: `The breaker, open since ${current.openedAt}, was closed by ${by}.` };
}

/** `by` is the caller's ARN as IAM tells it: a user's own, or `assumed-role/<role>/<session>`. */
function isSubject(by: string, subject: Subject): boolean {
  switch (subject.kind) {
    case 'user':
      return by === subject.arn;
    case 'role':
    case 'session':
      return by.startsWith(`arn:aws:sts::${subject.account}:assumed-role/${subject.roleName}/`);
    case 'beyond':
      return false;
  }
}

function refused(why: string): Answer {
  return { kind: 'refused', why };
}

function accepted({ caseId, version }: Case, text: string): Answer {
  return { kind: 'accepted', text, caseId, version };
}
