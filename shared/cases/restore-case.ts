import type { Alert } from '../alerts/alert.ts';
import type { RestoreReport, RestoreRequest } from '../containment/restore.ts';
import type { RestoreVerdict } from '../containment/verify-restore.ts';
import { type Withheld, withhold } from '../containment/withhold.ts';
import type { CaseStore, CaseWrite, Lease } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger, LedgerEntry } from '../ports/ledger.ts';
import { broughtByResidue } from '../residue/residue.ts';
import type { Case, Detection, Release } from './case.ts';
import { changeCase } from './change-case.ts';
import { stands } from './hold.ts';
import { alertOf, moveCase } from './move-case.ts';
import { givingUp, openCase, openCaseOf } from './open-case.ts';
import type { Outcome } from './outcome.ts';
import { beginTokenStage, keptForTokens, triedAgainAt, waitsForTokens } from './timed-release.ts';
import { underLease } from './under-lease.ts';
import { VERIFY_DONE, type VerifyAnswer } from './verify-case.ts';

export type RestoreCaseDeps = {
  readonly store: CaseStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly ledgerOf: (caseId: string, planVersion: number, lease: Lease) => Ledger;
  readonly restore: (ledger: Ledger, request: RestoreRequest) => Promise<RestoreReport>;
};

export type VerifyReleaseDeps = {
  readonly store: CaseStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly verifyRestore: (caseId: string, request: RestoreRequest) => Promise<RestoreVerdict>;
};

type Of = { readonly caseId: string; readonly release: number };

const NEXT_STAGE: VerifyAnswer = { next: 'restore', seconds: 0, round: 1, pass: 'first' };

/** What is still not as it was is tried again this often before a person has to look. */
const ATTEMPTS = 3;

/** What the flow does next. `hold`: nothing before `until`; both are always there for the machine. */
export type RestoreAnswer = { readonly next: 'verify' | 'hold' | 'done'; readonly until: string };

const RESTORE_DONE: RestoreAnswer = { next: 'done', until: '' };

/** Gives back what the ledger says was taken, under the subject's lease, and keeps what was not given back and why. */
export async function restoreCase(deps: RestoreCaseDeps, of: Of): Promise<RestoreAnswer> {
  const { store } = deps;
  const found = await store.read(of.caseId);
  if (found === undefined) throw new Error(`There is no case ${of.caseId}.`);
  if (isOver(found, of)) return RESTORE_DONE;
  const until = waitsForTokens(found, deps.clock.now().toISOString());
  if (until !== undefined) return { next: 'hold', until };
  const owner = `${of.caseId}-release-${of.release}`;
  return underLease(store, found.subject.key, owner, async (lease) => {
    // While the lease was waited for, a new detection may have won over this release.
    const current = await store.read(of.caseId);
    return current === undefined || isOver(current, of) ? RESTORE_DONE : restoreUnderLease(deps, current, of, lease);
  });
}

async function restoreUnderLease(deps: RestoreCaseDeps, found: Case, of: Of, lease: Lease): Promise<RestoreAnswer> {
  const { store, clock } = deps;
  const { subject } = found;
  const detections = await store.detections(of.caseId);
  if (subject.kind === 'beyond') throw new TypeError(`${of.caseId} changed nothing, so nothing can be given back.`);

  // Containment ends with the last hold, not with the first release.
  const holder = await holderBeside(deps, found);
  if (holder !== undefined) {
    const note = `not given back: ${holder} holds the subject now`;
    const entries = await store.ledger(of.caseId);
    const kept = entries
      .filter(({ state }) => state !== 'undone')
      .map(({ key, target }) => ({ key, target, reason: `${holder} holds the subject` }));
    await changeCase(store, of.caseId, async (current) => {
      if (isOver(current, of)) return undefined;
      // Kept as withheld, so that it can be asked for again once the other case is over.
      const release = current.release === undefined ? {} : { release: { ...current.release, withheld: kept } };
      const next = moveCase(current, 'released', clock.now().toISOString(), release);
      const alert = alertOf(next, detections, stepsOf(entries, kept), note);
      return { next, alert, ...(await givingUp(store, next)) };
    });
    return RESTORE_DONE;
  }

  const ledger = deps.ledgerOf(of.caseId, found.planVersion, lease);
  const withheld = keptBack(found, await ledger.read(), detections);
  const report = await deps.restore(ledger, { subject, withheld });
  const changed = await changeCase(store, of.caseId, (current) => {
    if (isOver(current, of) || current.release === undefined) return undefined;
    const at = clock.now().toISOString();
    if (report.kind === 'gone')
      return ended(store, current, detections, { kind: 'gone', detail: report.detail }, [], at);
    const release: Release = {
      ...current.release,
      withheld: report.withheld,
      conflicts: report.conflicts,
      failed: report.failed,
      refused: report.refused,
    };
    return { next: { ...current, release, revision: current.revision + 1, updatedAt: at } };
  });
  return changed === undefined || report.kind === 'gone' ? RESTORE_DONE : { next: 'verify', until: '' };
}

/** Another case that keeps the subject contained. What a case left behind when it ended holds nobody. */
async function holderBeside({ store, clock }: RestoreCaseDeps, { caseId, subject }: Case): Promise<string | undefined> {
  const [open, holds] = await Promise.all([openCaseOf(store, subject.key), store.holds(subject.key)]);
  if (open !== undefined && open.caseId !== caseId) return open.caseId;
  const now = clock.now().toISOString();
  const others = new Set(holds.filter((hold) => stands(hold, now)).map((hold) => hold.caseId));
  others.delete(caseId);
  for (const other of others) {
    if ((await openCase(store, other)) !== undefined) return other;
  }
  return undefined;
}

/** What this release, or this stage of it, does not give back. */
function keptBack(found: Case, ledger: readonly LedgerEntry[], detections: readonly Detection[]): readonly Withheld[] {
  const brought = [...detections, ...broughtByResidue(found.residue)];
  const withheld = withhold(ledger, brought, found.release?.all === true);
  const kept = keptForTokens(found, ledger);
  return [...kept, ...withheld.filter(({ key }) => !kept.some((one) => one.key === key))];
}

/** Looks whether the release gave back what it says; only then the case is released. */
export async function verifyReleaseCase(
  deps: VerifyReleaseDeps,
  of: Of & { readonly round: number },
): Promise<VerifyAnswer> {
  const { store, clock } = deps;
  const found = await store.read(of.caseId);
  if (found === undefined) throw new Error(`There is no case ${of.caseId}.`);
  const { subject, release } = found;
  if (isOver(found, of) || release === undefined || subject.kind === 'beyond') return VERIFY_DONE;
  // The first stage was verified already, and the answer was lost.
  if (waitsForTokens(found, clock.now().toISOString()) !== undefined) return NEXT_STAGE;

  const [whole, detections] = await Promise.all([store.ledger(of.caseId), store.detections(of.caseId)]);
  const { refused = [] } = release;
  const ledger = whole.filter(({ key }) => !refused.some((one) => one.key === key));
  const withheld = keptBack(found, ledger, detections);
  const verdict = await deps.verifyRestore(of.caseId, { subject, withheld: [...withheld, ...refused] });
  const at = clock.now().toISOString();
  await store.putVerification(of.caseId, { at, planVersion: found.planVersion, text: describe(verdict) });

  const conflicting = new Set(ledger.filter(({ state }) => state === 'conflict').map(({ key }) => key));
  const open = verdict.kind === 'different' ? verdict.items.filter(({ key }) => !conflicting.has(key)) : [];
  if (open.length > 0 && of.round < ATTEMPTS)
    return { next: 'restore', seconds: 0, round: of.round + 1, pass: 'first' };

  const changed = await changeCase(store, of.caseId, (current) => {
    // A run of this function that its caller had lost was faster: what was seen here is of the stage before.
    if (isOver(current, of) || current.release?.timed?.stage !== release.timed?.stage) return undefined;
    const steps = stepsOf(ledger, withheld);
    if (verdict.kind === 'gone') return ended(store, current, detections, verdict, steps, at);
    if (open.length === 0 && refused.length === 0 && !hasLostSomething(ledger)) {
      if (current.release?.timed?.stage !== 'deny') return ended(store, current, detections, undefined, steps, at);
      const next = beginTokenStage(current, at);
      return { next, alert: alertOf(next, detections, steps) };
    }
    const missing = [
      ...open,
      ...refused,
      ...ledger.filter(isLost).map(({ target, detail }) => ({ target, reason: detail ?? 'gone' })),
    ];
    const outcome: Outcome = {
      kind: 'partial',
      missing: missing.map(({ target, reason }) => ({ item: target, reason: `not given back: ${reason}` })),
      residual: [],
      unavailable: [],
    };
    const until = triedAgainAt(current, at);
    const next = { ...moveCase(current, 'needs-human', at, { outcome }), ...(until === undefined ? {} : { until }) };
    const alert = alertOf(next, detections, steps, 'the release could not give everything back');
    return { next, alert: { ...alert, ofRelease: true } };
  });
  const now = changed ?? (await store.read(of.caseId));
  return now !== undefined && !isOver(now, of) ? NEXT_STAGE : { ...VERIFY_DONE, round: of.round };
}

/** A new detection took the case out of its release, or a later release took over. */
function isOver({ state, releases }: Case, { release }: Of): boolean {
  return state !== 'releasing' || releases !== release;
}

async function ended(
  store: CaseStore,
  current: Case,
  detections: readonly Detection[],
  outcome: Outcome | undefined,
  steps: Alert['steps'],
  at: string,
): Promise<CaseWrite> {
  const next = moveCase(current, 'released', at, outcome === undefined ? {} : { outcome });
  return { next, alert: alertOf(next, detections, steps), ...(await givingUp(store, next)) };
}

/** Something that we took off does not exist any more, so it cannot come back: the case stays open for a person. */
function isLost({ state, detail }: LedgerEntry): boolean {
  return state === 'conflict' && detail?.startsWith('no longer there') === true;
}

function hasLostSomething(ledger: readonly LedgerEntry[]): boolean {
  return ledger.some(isLost);
}

function stepsOf(ledger: readonly LedgerEntry[], withheld: readonly Withheld[]): Alert['steps'] {
  return ledger.map(({ key, actionId, target, state }) => {
    const held = withheld.find((each) => each.key === key);
    const title = held === undefined ? `${actionId}: ${target}` : `${actionId}: ${target} (${held.reason})`;
    if (held !== undefined) return { title, state: 'withheld' };
    if (state === 'conflict') return { title, state: 'conflict' };
    return { title, state: state === 'undone' ? 'undone' : 'failed' };
  });
}

function describe(verdict: RestoreVerdict): string {
  switch (verdict.kind) {
    case 'exact':
      return 'fresh reads: everything given back has its prior value, byte for byte';
    case 'different':
      return `fresh reads: not as before: ${verdict.items.map(({ target }) => target).join(', ')}`;
    case 'gone':
      return `gone: ${verdict.detail}`;
  }
}
