import type { LedgerEntry } from '../ports/ledger.ts';
import { type ActionId, type Change, type LiveState, STAGES, type Stage, type Step } from './action.ts';
import { attemptKey, chainsOf, entryState, isOpen, standingEntries } from './chain.ts';

export type Attempt = Change & { readonly key: string; readonly entry?: LedgerEntry };

/** One step as contain carries it out: what the plan wants, with what the ledger already says about it. */
export type Work = {
  readonly stepKey: string;
  readonly actionId: ActionId | string;
  readonly target: string;
  readonly title: string;
  readonly stage: Stage;
  /** The call, then its fallbacks. */
  readonly attempts: readonly Attempt[];
};

/** What is due on a step, by ledger and fresh read. */
export type Due =
  /** It stands already. */
  | { readonly kind: 'stands'; readonly entry: LedgerEntry }
  /** It stands, but a crash or a lost answer kept the ledger from saying so. */
  | { readonly kind: 'settle'; readonly entry: LedgerEntry }
  | { readonly kind: 'make' }
  /** It was made and somebody took it back. */
  | { readonly kind: 'again'; readonly entry: LedgerEntry; readonly attempt: number }
  | { readonly kind: 'unknown'; readonly entry: LedgerEntry };

/** Planned steps joined with the ledger; a step that the ledger knows and a fresh plan no longer names stays in. */
export function worksOf(steps: readonly Step[], entries: readonly LedgerEntry[]): readonly Work[] {
  const planned = steps.map((step) => plannedWork(step, entries));
  const known = new Set(steps.map(({ key }) => key));
  const remembered = chainsOf(entries)
    .filter(({ stepKey, entries: chain }) => !known.has(stepKey) && chain.some(isOpen))
    .map(({ stepKey, stage, entries: chain }): Work => {
      const { actionId, target } = chain[0];
      const attempts = chain.filter(isOpen).map((entry) => ({ ...changeOf(entry), key: entry.key, entry }));
      return { stepKey, stage, actionId, target, title: `${actionId}: ${target}`, attempts };
    });
  const works = [...planned, ...remembered];
  return STAGES.flatMap((stage) => works.filter((work) => work.stage === stage));
}

function plannedWork(step: Step, entries: readonly LedgerEntry[]): Work {
  const { actionId, target, title, stage } = step;
  const attempts = [step, ...step.fallbacks].map((change, index): Attempt => {
    const key = attemptKey(step.key, index);
    const entry = entries.find((candidate) => candidate.key === key);
    // The first intent stands: its prior is the baseline, its document the one that was sent.
    const open = entry !== undefined && isOpen(entry);
    return { key, ...(open ? changeOf(entry) : changeOf(change)), ...(entry === undefined ? {} : { entry }) };
  });
  return { stepKey: step.key, actionId, target, title, stage, attempts };
}

function changeOf({ call, prior }: Change): Change {
  return { call, prior };
}

/** Whether the ledger holds an intent of this step that was not given back. */
export function isBegun({ attempts }: Work): boolean {
  return attempts.some(({ entry }) => entry !== undefined && isOpen(entry));
}

export function dueOf({ attempts }: Work, live: LiveState): Due {
  const entries = attempts.flatMap(({ entry }) => (entry !== undefined && isOpen(entry) ? [entry] : []));
  const [first, ...rest] = entries;
  if (first === undefined) return { kind: 'make' };
  const standing = standingEntries({ entries: [first, ...rest] });
  const holding = standing.find((entry) => entryState(entry, live) === 'holds');
  if (holding !== undefined) return { kind: holding.state === 'done' ? 'stands' : 'settle', entry: holding };
  const made = standing.find(({ state }) => state === 'done');
  // Intended, failed or half undone: whatever is not seen to stand is sent; every call of ours may be sent twice.
  if (made === undefined) return { kind: 'make' };
  return entryState(made, live) === 'unknown'
    ? { kind: 'unknown', entry: made }
    : { kind: 'again', entry: made, attempt: attempts.findIndex(({ key }) => key === made.key) };
}
