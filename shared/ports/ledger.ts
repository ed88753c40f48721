import type { Call } from '../containment/call.ts';
import type { Json } from '../json.ts';

/**
 * One change of ours, written before it is made. The key is the same on every retry, so the first
 * prior value stands: a rerun never records our own change as the baseline.
 */
export type LedgerEntry = {
  /** `<action id>#<target>`, e.g. `deactivate-keys#AKIA…`; with `#fallback<n>` where the first call did not go through. */
  readonly key: string;
  readonly actionId: string;
  /** What it changes, for people: `access key AKIA…`. */
  readonly target: string;
  readonly call: Call;
  /** The value before, exactly: what restore gives back. */
  readonly prior: Json;
  readonly order: number;
  readonly state: LedgerState;
  /** Why it failed or conflicts. */
  readonly detail?: string;
  readonly planVersion: number;
  readonly intendedAt: string;
  readonly settledAt?: string;
  /** Every settling, oldest first: what was done and undone stays known. */
  readonly history?: readonly { readonly at: string; readonly state: LedgerEntry['state']; readonly detail?: string }[];
  /** How often it was put back after somebody undid it. */
  readonly reasserted: number;
};

/**
 * `intended`: written, perhaps made. `failed`: the call said no, or its answer was lost. `undoing`: the undo was
 * written down, perhaps made. `conflict`: it could not be undone without overwriting somebody else's change.
 */
export type LedgerState = 'intended' | 'done' | 'failed' | 'undoing' | 'undone' | 'conflict';

/** An entry that is not as it was written. Its words are of whoever changed it. */
export type RefusedEntry = { readonly key: string; readonly target: string; readonly reason: string };

export type NewLedgerEntry = Pick<LedgerEntry, 'key' | 'actionId' | 'target' | 'call' | 'prior' | 'order'>;

/**
 * The write-ahead ledger of one case, under the lease of the caller. Each write is refused with
 * FenceLostError once another holder has the lease.
 */
export type Ledger = {
  /** In their order. Only entries that are as they were written: see macMessage. */
  read(): Promise<readonly LedgerEntry[]>;
  /** What the last reading met and left out: nobody may act on it, and it is never given back. */
  refused(): Promise<readonly RefusedEntry[]>;
  /**
   * Conditional: an entry that is there already stays as it is, and is returned as it is. Only one that is `undone`
   * is replaced: what was given back is a new baseline.
   */
  intend(entries: readonly NewLedgerEntry[]): Promise<readonly LedgerEntry[]>;
  settle(
    key: string,
    result: {
      readonly state: Exclude<LedgerState, 'intended'>;
      readonly detail?: string;
      readonly reasserted?: boolean;
    },
  ): Promise<void>;
};

/** The lease went to somebody else: stop at once, change nothing more. */
export class FenceLostError extends Error {
  override readonly name = 'FenceLostError';
}
