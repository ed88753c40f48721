import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Case } from './case.ts';
import { againWhenStale } from './change-case.ts';
import { type EndOfHolds, endOfHolds } from './hold.ts';
import { lookAtRotation, type RotationMoved } from './look-at-rotation.ts';
import { alertOf } from './move-case.ts';
import { beginTimedRelease, type TokenLife } from './timed-release.ts';

export type EndHoldDeps = {
  readonly store: CaseStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly timing: TokenLife;
  /** Looks at the secrets that are being rotated. Without it nobody does before a person. */
  readonly rotationMoved?: RotationMoved;
};

/** What the execution that waits for a lock's end does next; all members are always there, for the machine. */
export type HoldAnswer = {
  readonly next: 'wait' | 'contain' | 'release' | 'done';
  /** Wait until then and ask again. */
  readonly until: string;
  /** Number of the release that has begun. */
  readonly release: number;
};

const DONE: HoldAnswer = { next: 'done', until: '', release: 0 };

/**
 * Looks whether the last hold of a case has ended, and begins the release if so. A hold that was extended, or joined by
 * another meanwhile, is waited for again; one that a person must end is not. While a secret is being rotated it is looked
 * at in between: where that has come further, the plan is carried out once more, and verified.
 */
export function lookAtHold(
  deps: EndHoldDeps,
  of: { readonly caseId: string; readonly planVersion: number },
): Promise<HoldAnswer> {
  return againWhenStale(async () => {
    const found = await deps.store.read(of.caseId);
    if (found === undefined) throw new Error(`There is no case ${of.caseId}.`);
    if (hasBegun(found, of.planVersion)) return { ...DONE, next: 'release', release: found.releases };
    if (found.planVersion !== of.planVersion || !mayEnd(found)) return DONE;
    const end = await endOf(deps, found);
    switch (end.kind) {
      case 'person':
        return DONE;
      case 'at': {
        const look = await lookAtRotation(deps, found);
        if (look.kind === 'moved') return { ...DONE, next: 'contain' };
        return { ...DONE, next: 'wait', until: look.kind === 'later' && look.at < end.at ? look.at : end.at };
      }
      case 'over': {
        const { releases } = await beginRelease(deps, found);
        return { ...DONE, next: 'release', release: releases };
      }
    }
  });
}

export async function endOf({ store, clock }: EndHoldDeps, found: Case): Promise<EndOfHolds> {
  const holds = await store.holds(found.subject.key);
  return endOfHolds(
    holds.filter(({ caseId }) => caseId === found.caseId),
    clock.now().toISOString(),
  );
}

/** Writes down that the lock is over; whoever runs the release finds it in the case. */
export async function beginRelease({ store, clock, timing }: EndHoldDeps, found: Case): Promise<Case> {
  const [ledger, detections] = await Promise.all([store.ledger(found.caseId), store.detections(found.caseId)]);
  const next = beginTimedRelease(found, ledger, timing, clock.now().toISOString());
  const alert = alertOf(next, detections, [], `the lock ended at ${found.until ?? next.updatedAt}`);
  await store.advance({ next, alert, clearMarks: true });
  return next;
}

/** A plan under way, or a question that waits for its answer, is not cut short: it may ask for more than the lock. */
export function mayEnd({ state, until }: Case): boolean {
  return until !== undefined && (state === 'contained' || state === 'containing' || state === 'needs-human');
}

/** This very look has begun it, and its answer was lost. */
function hasBegun({ state, release, planVersion }: Case, ours: number): boolean {
  return state === 'releasing' && release?.timed !== undefined && planVersion === ours + 1;
}
