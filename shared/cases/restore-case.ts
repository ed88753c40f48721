import type { Alert } from '../alerts/alert.ts';
import type { RestoreReport, RestoreRequest } from '../containment/restore.ts';
import type { RestoreVerdict } from '../containment/verify-restore.ts';
import { type Withheld, withhold } from '../containment/withhold.ts';
import type { CaseStore, CaseWrite, Lease } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger, LedgerEntry } from '../ports/ledger.ts';
import type { Case, Detection, Release } from './case.ts';
import { changeCase } from './change-case.ts';
import { alertOf, moveCase } from './move-case.ts';
import type { Outcome } from './outcome.ts';
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

/** What is still not as it was is tried again this often before a person has to look. */
const ATTEMPTS = 3;

/** Gives back what the ledger says was taken, under the subject's lease, and keeps what was not given back and why. */
export async function restoreCase(deps: RestoreCaseDeps, of: Of): Promise<{ readonly next: 'verify' | 'done' }> {
  const { store } = deps;
  const found = await store.read(of.caseId);
  if (found === undefined) throw new Error(`There is no case ${of.caseId}.`);
  if (isOver(found, of)) return { next: 'done' };
  const owner = `${of.caseId}-release-${of.release}`;
  return underLease(store, found.subject.key, owner, async (lease) => {
    // While the lease was waited for, a new detection may have won over this release.
    const current = await store.read(of.caseId);
    return current === undefined || isOver(current, of)
      ? { next: 'done' }
      : restoreUnderLease(deps, current, of, lease);
  });
}

async function restoreUnderLease(
  deps: RestoreCaseDeps,
  found: Case,
  of: Of,
  lease: Lease,
): Promise<{ next: 'verify' | 'done' }> {
  const { store, clock } = deps;
  const { subject } = found;
  const detections = await store.detections(of.caseId);
  if (subject.kind === 'beyond') throw new TypeError(`${of.caseId} changed nothing, so nothing can be given back.`);

  // A newer case holds the subject: containment ends with the last hold, not with the first release.
  const holder = await store.openCaseOf(subject.key);
  if (holder !== undefined && holder.caseId !== of.caseId) {
    const note = `not given back: ${holder.caseId} holds the subject now`;
    const entries = await store.ledger(of.caseId);
    const kept = entries
      .filter(({ state }) => state !== 'undone')
      .map(({ key, target }) => ({ key, target, reason: `${holder.caseId} holds the subject` }));
    await changeCase(store, of.caseId, (current) => {
      if (isOver(current, of)) return undefined;
      // Kept as withheld, so that it can be asked for again once the other case is over.
      const release = current.release === undefined ? {} : { release: { ...current.release, withheld: kept } };
      const next = moveCase(current, 'released', clock.now().toISOString(), release);
      return { next, alert: alertOf(next, detections, stepsOf(entries, kept), note) };
    });
    return { next: 'done' };
  }

  const ledger = deps.ledgerOf(of.caseId, found.planVersion, lease);
  const withheld = withhold(await ledger.read(), detections, found.release?.all === true);
  const report = await deps.restore(ledger, { subject, withheld });
  const changed = await changeCase(store, of.caseId, (current) => {
    if (isOver(current, of) || current.release === undefined) return undefined;
    const at = clock.now().toISOString();
    if (report.kind === 'gone') return ended(current, detections, { kind: 'gone', detail: report.detail }, [], at);
    const release: Release = {
      ...current.release,
      withheld: report.withheld,
      conflicts: report.conflicts,
      failed: report.failed,
      refused: report.refused,
    };
    return { next: { ...current, release, revision: current.revision + 1, updatedAt: at } };
  });
  return { next: changed === undefined || report.kind === 'gone' ? 'done' : 'verify' };
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

  const [whole, detections] = await Promise.all([store.ledger(of.caseId), store.detections(of.caseId)]);
  const { refused = [] } = release;
  const ledger = whole.filter(({ key }) => !refused.some((one) => one.key === key));
  const withheld = withhold(ledger, detections, release.all);
  const verdict = await deps.verifyRestore(of.caseId, { subject, withheld: [...withheld, ...refused] });
  const at = clock.now().toISOString();
  await store.putVerification(of.caseId, { at, planVersion: found.planVersion, text: describe(verdict) });

  const conflicting = new Set(ledger.filter(({ state }) => state === 'conflict').map(({ key }) => key));
  const open = verdict.kind === 'different' ? verdict.items.filter(({ key }) => !conflicting.has(key)) : [];
  if (open.length > 0 && of.round < ATTEMPTS)
    return { next: 'restore', seconds: 0, round: of.round + 1, pass: 'first' };

  await changeCase(store, of.caseId, (current) => {
    if (isOver(current, of)) return undefined;
    const steps = stepsOf(ledger, withheld);
    if (verdict.kind === 'gone') return ended(current, detections, verdict, steps, at);
    if (open.length === 0 && refused.length === 0 && !hasLostSomething(ledger))
      return ended(current, detections, undefined, steps, at);
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
    const next = moveCase(current, 'needs-human', at, { outcome });
    return { next, alert: alertOf(next, detections, steps, 'the release could not give everything back') };
  });
  return { ...VERIFY_DONE, round: of.round };
}

/** A new detection took the case out of its release, or a later release took over. */
function isOver({ state, releases }: Case, { release }: Of): boolean {
  return state !== 'releasing' || releases !== release;
}

function ended(
  current: Case,
  detections: readonly Detection[],
  outcome: Outcome | undefined,
  steps: Alert['steps'],
  at: string,
): CaseWrite {
  const next = moveCase(current, 'released', at, outcome === undefined ? {} : { outcome });
  return { next, alert: alertOf(next, detections, steps), clearMarks: true, freeSubject: true };
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
