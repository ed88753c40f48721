import type { Shortfall, Unavailable } from '../cases/outcome.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { ActionId, LiveState, Stage, StepState } from './action.ts';
import type { Call } from './call.ts';
import { type Chain, chainState, chainsOf, isOpen, standingEntries } from './chain.ts';
import { newCredentials } from './new-credentials.ts';
import { FIRST_ROUND_MS, nextRound } from './next-round.ts';
import { readLive, readOf, type Source, sourceOf } from './read-live.ts';
import type { ContainableSubject, LiveReads } from './read-subject.ts';
import { actionOf } from './registry.ts';
import { countReversals, mostReasserted, PROPAGATION_MS, type Reversals } from './reversal.ts';
import { whyGone } from './same-principal.ts';
import { sourcesOfRound, watchedSources } from './verify-sources.ts';

/** What verify carries from one call to the next: plain JSON, opaque to the flow. */
export type VerifyProgress = Reversals & {
  readonly startedAt?: string;
  readonly round: number;
  /** Sources that were answered at least once. */
  readonly seen: readonly string[];
  /** Steps that held when they were last seen. */
  readonly held: readonly string[];
  readonly unavailable: readonly Unavailable[];
  readonly standsSince?: string;
  readonly reasserts: number;
  /** The detach pass has been made. */
  readonly detached: boolean;
  /** What a user of Identity Center reaches has been looked at once more. */
  readonly reachedAgain?: true;
};

export const FIRST_VERIFY: VerifyProgress = {
  round: 0,
  seen: [],
  held: [],
  unavailable: [],
  reasserts: 0,
  reversals: 0,
  certain: false,
  detached: false,
};

export type StepVerdict = {
  readonly stepKey: string;
  readonly stage: Stage;
  readonly target: string;
  readonly state: StepState;
  /** The call on which it rests, once one is known to have gone through. */
  readonly by?: Call['operation'];
  /** What the ledger says of a call that did not go through. */
  readonly detail?: string;
};

export type VerifyRequest = {
  readonly subject: ContainableSubject;
  readonly actions: readonly ActionId[];
  readonly settleSeconds: number;
  readonly progress: VerifyProgress;
};

export type VerifyReport =
  | { readonly kind: 'gone'; readonly detail: string }
  | {
      readonly kind: 'seen';
      readonly steps: readonly StepVerdict[];
      /** Active credentials that the containment did not know. */
      readonly unexpected: readonly Shortfall[];
      readonly unavailable: readonly Unavailable[];
      /** For how long every round has shown it to stand. */
      readonly stoodSeconds: number;
      readonly progress: VerifyProgress;
      readonly next: VerifyNext;
    };

export type VerifyNext =
  | { readonly kind: 'wait'; readonly seconds: number }
  /** Run contain with pass `reassert`, then verify again. */
  | { readonly kind: 'reassert' }
  /** The deny is verified: run contain with pass `detach`, then verify again. */
  | { readonly kind: 'detach' }
  /** Judge. */
  | { readonly kind: 'settled' };

/** Fighting an attacker: two reversals a second for the seconds that IAM needs, with room. Then a person must. */
const MAX_REASSERTS = 20;
/** A call that was refused is tried so often again, and so is a credential that appeared meanwhile. */
const MAX_RETRIES = 2;

/** Reads afresh, at most four reads a round, and says what the flow does next. Writes nothing. */
export async function verify(
  { ledger, clock, ...reads }: LiveReads & { readonly ledger: Pick<Ledger, 'read'>; readonly clock: Clock },
  { subject, actions, settleSeconds, progress: before }: VerifyRequest,
): Promise<VerifyReport> {
  const startedAt = before.startedAt ?? clock.now().toISOString();
  // One that an older version kept may lack what came later.
  let progress: VerifyProgress = { ...FIRST_VERIFY, ...before, startedAt };
  const chains = chainsOf(await ledger.read()).filter(({ entries }) => entries.some(isOpen));
  const watched = watchedSources(subject, actions, chains);
  if (progress.round === 0) await sleepUntil(clock, new Date(startedAt).getTime() + FIRST_ROUND_MS);

  for (;;) {
    const sources = sourcesOfRound(watched, progress.seen, progress.round);
    const live = await readLive(reads, subject, sources);
    const gone = whyGone(subject, live);
    if (live.kind === 'absent' || gone !== undefined) return { kind: 'gone', detail: gone ?? 'It no longer exists.' };

    const now = clock.now();
    const states = new Map(chains.map((chain) => [chain.stepKey, chainState(chain, live)]));
    const undone = chains.filter(({ stepKey }) => states.get(stepKey) === 'undone');
    const unexpected = newCredentials(live, actions, chains);
    const broken = undone.length > 0 || unexpected.length > 0;
    const denies = leading(chains);
    const denied = denies.length > 0 && denies.every((chain) => standsIn(chain, states, sources, progress.held));
    progress = {
      ...afterRound(progress, { sources, live, states, now, broken, denied }),
      ...countReversals(progress, undone, { held: progress.held, now }),
    };
    progress = { ...progress, reversals: Math.max(progress.reversals, mostReasserted(chains)) };

    const report = (next: VerifyNext, to: VerifyProgress = progress): VerifyReport => ({
      kind: 'seen',
      steps: chains.map((chain) => verdictOf(chain, { states, sources, live }, progress.held)),
      unexpected,
      unavailable: progress.unavailable,
      stoodSeconds:
        progress.standsSince === undefined ? 0 : (now.getTime() - new Date(progress.standsSince).getTime()) / 1_000,
      progress: to,
      next,
    });

    if (broken) {
      const reversed = undone.some((chain) => standingEntries(chain).some(({ state }) => state === 'done'));
      return progress.reasserts < (reversed ? MAX_REASSERTS : MAX_RETRIES)
        ? report({ kind: 'reassert' }, { ...restarted(progress), reasserts: progress.reasserts + 1 })
        : report({ kind: 'settled' });
    }
    const elapsed = now.getTime() - new Date(startedAt).getTime();
    // The deny is believed, and policies are detached, once IAM holds everywhere.
    const mayDetach = actions.includes('detach-policies') && !progress.detached && denied;
    if (mayDetach && elapsed >= Math.min(PROPAGATION_MS, settleSeconds * 1_000)) {
      // Whether it was made, contain says: the answer to this may be lost.
      return report({ kind: 'detach' }, restarted(progress));
    }
    const next = nextRound({
      startedAt: new Date(startedAt),
      now,
      ...(progress.standsSince === undefined ? {} : { standsSince: new Date(progress.standsSince) }),
      settleSeconds,
      fought: progress.reasserts > 0,
      complete:
        denied && !mayDetach && [...watched.always, ...watched.inTurn].every((one) => progress.seen.includes(one)),
    });
    // Whoever gives them another set meanwhile is seen by the one who may read that: contain, which plans anew each time.
    const stood = next.kind === 'settled' && progress.standsSince !== undefined;
    if (stood && subject.kind === 'person' && progress.reachedAgain !== true) {
      return report({ kind: 'reassert' }, { ...restarted(progress), reachedAgain: true });
    }
    if (next.kind !== 'inside') return report(next);
    await clock.sleep(next.milliseconds);
  }
}

/** What the containment stands by: its denies, or, where it only undid a change, what it undid. */
function leading(chains: readonly Chain[]): readonly Chain[] {
  const denies = chains.filter(({ stage }) => stage === 'deny');
  return denies.length > 0 ? denies : chains.filter(({ stage }) => stage === 'revert');
}

/** Read in this very round, or in its last turn: of what was undone, and of more denies than a round reads, the reads take turns. */
function standsIn(chain: Chain, states: States, sources: readonly Source[], held: readonly string[]): boolean {
  const read = standingEntries(chain).some(({ call }) => sources.includes(sourceOf(call)));
  if (!read) return held.includes(chain.stepKey);
  return states.get(chain.stepKey) === 'holds';
}

/** What this round saw of each step. */
type States = ReadonlyMap<string, StepState>;

type Round = {
  readonly sources: readonly Source[];
  readonly live: LiveState;
  readonly states: States;
  readonly now: Date;
  readonly broken: boolean;
  readonly denied: boolean;
};

function afterRound(progress: VerifyProgress, { sources, live, states, now, broken, denied }: Round): VerifyProgress {
  const { standsSince: since, ...rest } = progress;
  const answered = sources.filter((source) => {
    const read = readOf(live, source);
    return read?.kind === 'read' || read?.kind === 'unavailable';
  });
  const seenNow = (state: StepState): readonly string[] =>
    [...states].flatMap(([stepKey, seen]) => (seen === state ? [stepKey] : []));
  const undone = seenNow('undone');
  const held = [...new Set([...progress.held, ...seenNow('holds')])].filter((stepKey) => !undone.includes(stepKey));
  const unavailable = sources.flatMap((source) => {
    const read = readOf(live, source);
    return read?.kind === 'unavailable' ? [{ operation: read.operation, reason: read.reason }] : [];
  });
  const known = progress.unavailable.map(({ operation }) => operation);
  const standsSince = broken ? undefined : (since ?? (denied ? now.toISOString() : undefined));
  return {
    ...rest,
    round: progress.round + 1,
    seen: [...new Set([...progress.seen, ...answered])],
    held,
    unavailable: [...progress.unavailable, ...unavailable.filter(({ operation }) => !known.includes(operation))],
    ...(standsSince === undefined ? {} : { standsSince }),
  };
}

/** After a change everything is seen anew, and the settle time begins anew. */
function restarted(progress: VerifyProgress): VerifyProgress {
  const { unavailable, reasserts, reversals, certain, detached, reachedAgain } = progress;
  const before = { unavailable, reasserts, reversals, certain, detached };
  return { ...FIRST_VERIFY, ...before, ...(reachedAgain === undefined ? {} : { reachedAgain }) };
}

function verdictOf(
  chain: Chain,
  { states, sources, live }: Pick<Round, 'states' | 'sources' | 'live'>,
  held: readonly string[],
): StepVerdict {
  const { stepKey, stage, entries } = chain;
  const standing = standingEntries(chain);
  const read = standing.some(({ call }) => sources.includes(sourceOf(call)));
  const failed = standing.findLast(({ state }) => state === 'failed')?.detail;
  const [last] = standing.slice(-1);
  const made = standing.find((entry) => entry.state === 'done');
  const detail = failed ?? (last === undefined || !read ? undefined : actionOf(last.actionId).explain?.(last, live));
  return {
    stepKey,
    stage,
    target: entries[0].target,
    // Not this round's turn: what an earlier round of the same check saw is taken. A read that failed is never.
    state: !read && held.includes(stepKey) ? 'holds' : (states.get(stepKey) ?? 'unknown'),
    ...(made === undefined ? {} : { by: made.call.operation }),
    ...(detail === undefined ? {} : { detail }),
  };
}

async function sleepUntil(clock: Clock, instant: number): Promise<void> {
  const milliseconds = instant - clock.now().getTime();
  if (milliseconds > 0) await clock.sleep(milliseconds);
}
