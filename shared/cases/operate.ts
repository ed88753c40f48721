import { withhold } from '../containment/withhold.ts';
import { type CaseStore, LeaseHeldError } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Flow } from '../ports/flow.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import { broughtByResidue } from '../residue/residue.ts';
import { closeBreaker } from './breaker.ts';
import type { Case, Verdict } from './case.ts';
import { againWhenStale } from './change-case.ts';
import { extendHold } from './extend-hold.ts';
import { endedBy, type Hold, stands } from './hold.ts';
import { alertOf, moveCase } from './move-case.ts';
import { givingUp, openCaseOf } from './open-case.ts';
import { isPrincipal, type Subject } from './subject.ts';
import { RELEASE_SECONDS } from './timed-release.ts';
import { underLease } from './under-lease.ts';

/** What a person may order about a case. */
export type CaseOrder =
  /** `planHash`: the plan that was looked at. An answer to another one is refused. */
  | { readonly kind: 'approve' | 'reject'; readonly caseId: string; readonly planHash?: string }
  | { readonly kind: 'release'; readonly caseId: string; readonly all: boolean }
  /** Moves the end of a lock by so much. */
  | { readonly kind: 'extend'; readonly caseId: string; readonly seconds: number }
  | { readonly kind: 'close'; readonly caseId: string; readonly verdict: Verdict };

/** Each order is recorded with the ARN of whoever gave it. */
export type Order = CaseOrder | { readonly kind: 'close-breaker' };

export type Answer =
  | { readonly kind: 'accepted'; readonly text: string; readonly caseId?: string }
  | { readonly kind: 'refused'; readonly why: string };

export type OperateDeps = { readonly store: CaseStore; readonly flow: Flow; readonly clock: Pick<Clock, 'now'> };

export function operate(deps: OperateDeps, order: Order, by: string): Promise<Answer> {
  return againWhenStale(() => operateOnce(deps, order, by));
}

async function operateOnce(deps: OperateDeps, order: Order, by: string): Promise<Answer> {
  if (order.kind === 'close-breaker') return closeOpenBreaker(deps, by);
  const found = await deps.store.read(order.caseId);
  if (found === undefined) return refused(`There is no case ${order.caseId}. "npx rescind cases" lists them.`);
  if (maybeSubject(by, found.subject)) return refused('Whom a case is about cannot decide it.');
  return operateCase(deps, found, order, by);
}

function operateCase(deps: OperateDeps, found: Case, order: CaseOrder, by: string): Promise<Answer> {
  switch (order.kind) {
    case 'approve':
    case 'reject':
      return answerApproval(deps, found, order, by);
    case 'release':
      return release(deps, found, order.all, by);
    case 'extend':
      return extendHold(deps, found, order.seconds, by);
    case 'close':
      return close(deps, found, order.verdict, by);
  }
}

async function answerApproval(
  deps: OperateDeps,
  found: Case,
  order: Extract<CaseOrder, { kind: 'approve' | 'reject' }>,
  by: string,
): Promise<Answer> {
  const { store, flow, clock } = deps;
  const approved = order.kind === 'approve';
  const { caseId } = found;
  const approval = await store.approval(caseId, found.planVersion);
  if (approval === undefined) return refused(`${caseId} waits for no approval: it is ${found.state}.`);
  if (order.planHash !== undefined && order.planHash !== approval.planHash) {
    return refused(`The plan of ${caseId} has changed since: look at it again with "npx rescind case show ${caseId}".`);
  }
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
      const next = moveCase(found, 'needs-human', at, { outcome: { kind: 'refused', reason: 'rejected', detail } });
      const alert = alertOf(next, await store.detections(caseId), [], detail);
      await store.advance({ next, approval: answered, alert });
    }
  }
  // Sent again when the answer was kept but perhaps never arrived; an execution takes it once.
  const sent = await flow.answer(approval.taskToken, approved);
  const word = approved ? 'approved' : 'rejected';
  return sent === 'answered' || answer !== undefined || !approved
    ? { kind: 'accepted', text: `${caseId} ${word} by ${by}.`, caseId }
    : refused(`${caseId} no longer waits: its approval has expired. A later detection asks anew.`);
}

async function release(deps: OperateDeps, found: Case, all: boolean, by: string): Promise<Answer> {
  const { store, flow, clock } = deps;
  const { caseId } = found;
  const underWay = clock.now().getTime() - Date.parse(found.updatedAt) < RELEASE_SECONDS * 1000;
  // What the end of a lock still holds back, a person gives back now.
  if (found.state === 'releasing' && underWay && found.release?.timed === undefined) {
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
    release: { all, by, at, withheld: [], conflicts: [], failed: [], planVersion: found.planVersion + 1 },
  });
  const holds = await store.holds(found.subject.key);
  const ends = endedHolds(holds, found, at);
  const alert = alertOf(next, await store.detections(caseId), [], `release asked for by ${by}${ends}`);
  const { clearMarks } = await givingUp(store, next);
  await store.advance({ next, alert, clearMarks, holds: endedBy(holds, next, at), letsGo: { caseId, at } });
  await flow.start({ kind: 'release', caseId, release: next.releases, all });
  return accepted(next, `${caseId} is being released${all ? ', all of it' : ''}${ends}.`);
}

/** A person's release ends every hold of the case: those that stand are named, so that nobody is surprised. */
function endedHolds(holds: readonly Hold[], { caseId }: Case, now: string): string {
  const standing = holds.filter((hold) => hold.caseId === caseId && stands(hold, now));
  if (standing.length < 2 && standing.every(({ until }) => until === undefined)) return '';
  const named = standing.map(({ playbook, ruleId, until }) => {
    const end = until === undefined ? '' : ` until ${until}`;
    return `${playbook}${end} of rule ${ruleId}`;
  });
  return `; it ends ${named.slice(0, NAMED_HOLDS).join(', ')}${named.length > NAMED_HOLDS ? ' and others' : ''}`;
}

const NAMED_HOLDS = 5;

async function whyNotRelease(store: CaseStore, found: Case, all: boolean): Promise<string | undefined> {
  const { caseId, state } = found;
  if (found.subject.kind === 'beyond') {
    return `${caseId} has changed nothing, so there is nothing to give back. "npx rescind close ${caseId} --verdict ..." ends it.`;
  }
  switch (state) {
    case 'contained':
    case 'containing':
    case 'needs-human':
    case 'releasing':
      return undefined;
    case 'open':
      if ((await standingOf(store, found)).length > 0) return undefined;
      return `${caseId} has changed nothing, so there is nothing to give back. "npx rescind close ${caseId} --verdict ..." ends it.`;
    case 'awaiting-approval':
      // An answer that nobody took up must not hold the case for ever.
      if ((await store.approval(caseId, found.planVersion))?.answer !== undefined) return undefined;
      return `${caseId} waits for an approval: answer it first with "npx rescind reject ${caseId}".`;
    case 'closed':
      return `${caseId} is closed.`;
    case 'released': {
      if (!all || (found.release?.withheld.length ?? 0) === 0) {
        return `${caseId} is released already${all ? '' : '. What was withheld comes back with --all'}.`;
      }
      const other = await openCaseOf(store, found.subject.key);
      return other === undefined ? undefined : `The subject is held by ${other.caseId}: release that case first.`;
    }
  }
}

/** Under the subject's lease: nobody is just about to take what would then be taken for ever. */
async function close(deps: OperateDeps, found: Case, verdict: Verdict, by: string): Promise<Answer> {
  const { caseId, state, subject } = found;
  if (state === 'closed') return refused(`${caseId} is closed already, as ${found.verdict ?? 'unjudged'}.`);
  try {
    return await underLease(deps.store, subject.key, `${caseId}-close`, () => closeIdle(deps, found, verdict, by));
  } catch (error) {
    if (!(error instanceof LeaseHeldError)) throw error;
    return refused(`${caseId} is being worked on: try again in a minute.`);
  }
}

async function closeIdle({ store, clock }: OperateDeps, found: Case, verdict: Verdict, by: string): Promise<Answer> {
  const { caseId, state } = found;
  const idle = state === 'released' || state === 'open' || state === 'needs-human';
  if (!idle || (state !== 'released' && (await standingOf(store, found)).length > 0)) {
    return refused(`${caseId} is ${state}: release it first with "npx rescind release ${caseId}", then close it.`);
  }
  const at = clock.now().toISOString();
  const next = moveCase(found, 'closed', at, { verdict });
  const alert = alertOf(next, await store.detections(caseId), [], `closed as ${verdict} by ${by}`);
  // An attack that somebody dealt with elsewhere is no word for its subject; and what was released went with its release.
  const letsGo = verdict === 'true-positive' || state === 'released' ? {} : { letsGo: { caseId, at } };
  await store.advance({ next, alert, ...(await givingUp(store, next)), ...letsGo });
  return accepted(next, `${caseId} is closed as ${verdict}.`);
}

async function closeOpenBreaker({ store }: OperateDeps, by: string): Promise<Answer> {
  const current = await store.breaker();
  if (current.openedAt === undefined) return refused('The breaker is closed: containments are let through.');
  await store.putBreaker(closeBreaker(current));
  return { kind: 'accepted', text: `The breaker, open since ${current.openedAt}, was closed by ${by}.` };
}

/**
 * What was taken and neither given back, nor kept back by the last release, nor changed by somebody else since. What the
 * release refused is a person's to give back: the case would never end if it waited for Rescind.
 */
async function standingOf(store: CaseStore, { caseId, release, residue }: Case): Promise<readonly LedgerEntry[]> {
  const [ledger, detections] = await Promise.all([store.ledger(caseId), store.detections(caseId)]);
  const kept =
    release === undefined
      ? []
      : [...withhold(ledger, [...detections, ...broughtByResidue(residue)], release.all), ...(release.refused ?? [])];
  return ledger.filter(
    ({ key, state }) => state !== 'undone' && state !== 'conflict' && !kept.some((held) => held.key === key),
  );
}

/**
 * `by` is the caller's ARN as IAM tells it: a user's own, `assumed-role/<role>/<session>`, or `federated-user/<name>`,
 * which does not say whose federated session it is.
 */
export function maybeSubject(by: string, subject: Subject): boolean {
  const [, , , account, resource] = /^arn:([^:]*):([^:]*):[^:]*:([^:]*):(.*)$/s.exec(by) ?? [];
  if (subject.kind === 'person') {
    // In whatever account: such a session bears the user's name.
    const [, name] = /^assumed-role\/AWSReservedSSO_[^/]+\/(.*)$/.exec(resource ?? '') ?? [];
    return name !== undefined && (subject.userName === undefined || subject.userName === name);
  }
  if (!isPrincipal(subject)) return false;
  if (subject.kind === 'user') {
    return by === subject.arn || (account === subject.account && resource?.startsWith('federated-user/') === true);
  }
  return account === subject.account && resource?.startsWith(`assumed-role/${subject.roleName}/`) === true;
}

function refused(why: string): Answer {
  return { kind: 'refused', why };
}

function accepted({ caseId }: Case, text: string): Answer {
  return { kind: 'accepted', text, caseId };
}
