import type { Policy } from '../config/policy.ts';
import { tokensExpireAt, tokenTail } from '../containment/token-tail.ts';
import type { Withheld } from '../containment/withhold.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import { type Case, END_OF_TIME } from './case.ts';
import { later } from './hold.ts';
import { moveCase } from './move-case.ts';

/** How long a token may live after its cut-off, see `Policy.timing`. */
export type TokenLife = Pick<Policy['timing'], 'sessionMarginSeconds' | 'holdUserSeconds' | 'holdSessionSeconds'>;

/** An execution of a release lasts minutes, whatever it meets; one older than this will not come to an end any more. */
export const RELEASE_SECONDS = 30 * 60;

/** The case as the end of its lock leaves it: whatever else ran on it ends at its fence. */
export function beginTimedRelease(found: Case, ledger: readonly LedgerEntry[], timing: TokenLife, now: string): Case {
  const { planVersion, releases, subject } = found;
  const life = subject.kind === 'user' ? timing.holdUserSeconds : timing.holdSessionSeconds;
  // The cut-off lies a margin after the moment it was written, rounded up to whole seconds.
  const expired = tokensExpireAt(ledger, timing.sessionMarginSeconds + 1 + life) ?? now;
  const tokensUntil = expired < now ? now : expired;
  return {
    ...moveCase(found, 'releasing', now, {
      planVersion: planVersion + 1,
      releases: releases + 1,
      release: {
        all: false,
        by: END_OF_TIME,
        at: now,
        planVersion: planVersion + 1,
        withheld: [],
        conflicts: [],
        failed: [],
        timed: {
          stage: tokensUntil > now ? 'deny' : 'tokens',
          tokensUntil,
          lookAt: later(now, RELEASE_SECONDS),
        },
      },
    }),
    // What asked for this lock is over: only a new detection is leave to act again.
    asked: {},
  };
}

/**
 * The deny is off; tokens from before the lock stay cut off until the last of them has expired. What cuts them off is inline,
 * and the tag by which the organisation's guard would keep that in place went with the deny: with it nobody but Rescind
 * could change the subject, which is free again.
 */
export function beginTokenStage(current: Case, now: string): Case {
  const { release, outcome } = current;
  if (release?.timed === undefined) throw new TypeError(`${current.caseId} is not released by the end of a lock.`);
  const { tokensUntil } = release.timed;
  const unguarded = outcome?.kind === 'contained' ? { outcome: { ...outcome, grade: 'B' as const } } : {};
  const timed = { stage: 'tokens', tokensUntil, lookAt: later(tokensUntil, RELEASE_SECONDS) } as const;
  return moveCase(current, 'releasing', now, { release: { ...release, timed }, ...unguarded });
}

/** The execution of a release is lost: another takes its place, and the lost one ends at its fence should it come back. */
export function takeOverRelease(current: Case, now: string): Case {
  const { release } = current;
  if (release?.timed === undefined) throw new TypeError(`${current.caseId} is not released by the end of a lock.`);
  const { stage, tokensUntil } = release.timed;
  const expected = stage === 'tokens' && tokensUntil > now ? tokensUntil : now;
  const timed = { stage, tokensUntil, lookAt: later(expected, RELEASE_SECONDS) };
  return {
    ...current,
    releases: current.releases + 1,
    release: { ...release, timed },
    revision: current.revision + 1,
    updatedAt: now,
  };
}

/** Until when a release waits for tokens to expire, if it does. */
export function waitsForTokens({ release }: Case, now: string): string | undefined {
  const timed = release?.timed;
  return timed?.stage === 'tokens' && now < timed.tokensUntil ? timed.tokensUntil : undefined;
}

/**
 * When a release that could not be completed is tried once more by itself: when its second stage would have begun, which
 * would otherwise never come. One that fails in that stage is a person's.
 */
export function triedAgainAt({ state, release }: Case, now: string): string | undefined {
  const timed = state === 'releasing' ? release?.timed : undefined;
  return timed !== undefined && now < timed.tokensUntil ? timed.tokensUntil : undefined;
}

/** What the first stage leaves standing. */
export function keptForTokens({ release }: Case, ledger: readonly LedgerEntry[]): readonly Withheld[] {
  const timed = release?.timed;
  if (timed?.stage !== 'deny') return [];
  const reason = `only for tokens issued before the lock, until ${timed.tokensUntil}`;
  return tokenTail(ledger).map(({ key, target }) => ({ key, target, reason }));
}
