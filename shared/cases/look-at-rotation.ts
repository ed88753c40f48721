import { isOpen } from '../containment/chain.ts';
import type { ContainableSubject } from '../containment/read-subject.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import type { Case } from './case.ts';
import { alertOf, moveCase } from './move-case.ts';

/** Whether a fresh look at secrets shows that the rotations of these entries have come further. */
export type RotationMoved = (subject: ContainableSubject, entries: readonly LedgerEntry[]) => Promise<boolean>;

export type RotationLook =
  /** Nothing is waited for. */
  | { readonly kind: 'nothing' }
  /** ISO 8601. */
  | { readonly kind: 'later'; readonly at: string }
  /** The case is under way again. */
  | { readonly kind: 'moved' };

/** A rotation takes seconds to minutes; one that failed may be mended by a person, or made by its schedule, any day. */
const MINUTES = [1, 2, 5, 15, 30, 60] as const;
const MINUTE_MS = 60_000;

/**
 * Looks whether a rotation that outlived the check has come further. Then the plan is to be carried out once more and
 * everything checked anew: no outcome is mended by what one look shows.
 */
export async function lookAtRotation(
  deps: { readonly store: CaseStore; readonly clock: Pick<Clock, 'now'>; readonly rotationMoved?: RotationMoved },
  found: Case,
): Promise<RotationLook> {
  const { store, clock, rotationMoved } = deps;
  const { subject, state, outcome, caseId } = found;
  if (rotationMoved === undefined || subject.kind === 'beyond' || !found.actions.includes('rotate-secret'))
    return NOTHING;
  // An earlier look has moved it, and its answer was lost.
  if (state === 'containing' && found.verifying === undefined) return { kind: 'moved' };
  if (state !== 'needs-human' || outcome?.kind !== 'partial') return NOTHING;
  const missing = new Set(outcome.missing.map(({ item }) => item));
  const waiting = (await store.ledger(caseId)).filter(
    (entry) => entry.actionId === 'rotate-secret' && isOpen(entry) && missing.has(entry.target),
  );
  if (waiting.length === 0) return NOTHING;
  const now = clock.now();
  if (!(await rotationMoved(subject, waiting))) return { kind: 'later', at: nextLook(waiting, now) };

  const detections = await store.detections(caseId);
  const { verifying: _over, ...moved } = moveCase(found, 'containing', now.toISOString());
  const note = 'The rotation of a secret has come further: everything is carried on and checked anew.';
  await store.advance({ next: moved, alert: alertOf(moved, detections, [], note) });
  return { kind: 'moved' };
}

const NOTHING: RotationLook = { kind: 'nothing' };

function nextLook(entries: readonly LedgerEntry[], now: Date): string {
  const begun = Math.max(...entries.map(({ intendedAt }) => Date.parse(intendedAt)));
  const due = MINUTES.map((minutes) => begun + minutes * MINUTE_MS).find((at) => at > now.getTime());
  return new Date(due ?? now.getTime() + 60 * MINUTE_MS).toISOString();
}
