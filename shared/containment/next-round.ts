/** IAM needs 3 to 4 s to hold everywhere, and an attacker polls twice a second: close together first, then wider. */
const OFFSETS_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000] as const;
/** Between rounds that are still needed after the last offset: something was not read yet. */
const EXTRA_MS = 1_000;
/** After something had to be put back, nobody is left unwatched for longer: a person must know of a fight within 10 s. */
const FOUGHT_MS = 4_000;
/** So long past the settle time a check that cannot be completed is given up, and the outcome says so. */
const PATIENCE_MS = 30_000;

export type RoundTiming = {
  readonly startedAt: Date;
  readonly now: Date;
  /** Since when each round has shown the containment to stand. */
  readonly standsSince?: Date;
  readonly settleSeconds: number;
  /** Something had to be put back. */
  readonly fought: boolean;
  /** This round showed the deny, and every list that was touched has been seen. */
  readonly complete: boolean;
};

export type NextRound =
  /** Sleep here: a wait in the flow costs more than it waits. */
  | { readonly kind: 'inside'; readonly milliseconds: number }
  /** The flow waits, in its whole seconds. */
  | { readonly kind: 'wait'; readonly seconds: number }
  /** No more rounds: it stood for the settle time, or patience is at its end. */
  | { readonly kind: 'settled' };

/** How long after the start the first round is read. */
export const FIRST_ROUND_MS = OFFSETS_MS[0];

export function nextRound({ startedAt, now, standsSince, settleSeconds, fought, complete }: RoundTiming): NextRound {
  const settle = settleSeconds * 1_000;
  const elapsed = now.getTime() - startedAt.getTime();
  const untilSettled = standsSince === undefined ? undefined : standsSince.getTime() + settle - now.getTime();
  if (untilSettled !== undefined && untilSettled <= 0 && complete) return { kind: 'settled' };
  if (elapsed >= settle + PATIENCE_MS) return { kind: 'settled' };
  const offset = OFFSETS_MS.find((candidate) => candidate > elapsed);
  const dues = [
    ...(offset === undefined ? [] : [offset - elapsed]),
    ...(untilSettled !== undefined && untilSettled > 0 ? [untilSettled] : []),
  ];
  const milliseconds = dues.length === 0 ? EXTRA_MS : Math.min(...dues, fought ? FOUGHT_MS : Number.POSITIVE_INFINITY);
  return milliseconds < 1_000
    ? { kind: 'inside', milliseconds }
    : { kind: 'wait', seconds: Math.ceil(milliseconds / 1_000) };
}
