import type { LedgerEntry } from '../ports/ledger.ts';
import type { LiveState, Stage, StepState } from './action.ts';
import { actionOf } from './registry.ts';

/** The ledger's entries for one step: its call, then the fallbacks that were tried, in this order. */
export type Chain = {
  readonly stepKey: string;
  readonly stage: Stage;
  readonly entries: readonly [LedgerEntry, ...LedgerEntry[]];
};

/** A fallback is a change of its own, with a prior value of its own: it has an entry of its own. */
export function attemptKey(stepKey: string, attempt: number): string {
  return attempt === 0 ? stepKey : `${stepKey}#fallback${attempt}`;
}

export function stepKeyOf(entryKey: string): string {
  return entryKey.replace(/#fallback\d+$/, '');
}

/** Groups entries by step, in the order in which the steps were first written down. */
export function chainsOf(entries: readonly LedgerEntry[]): readonly Chain[] {
  const byStep = new Map<string, [LedgerEntry, ...LedgerEntry[]]>();
  for (const entry of [...entries].sort((a, b) => a.order - b.order)) {
    const stepKey = stepKeyOf(entry.key);
    const chain = byStep.get(stepKey);
    if (chain === undefined) byStep.set(stepKey, [entry]);
    else chain.push(entry);
  }
  return [...byStep].map(([stepKey, chain]) => ({
    stepKey,
    stage: actionOf(chain[0].actionId).stage,
    entries: chain,
  }));
}

/** What was given back, or could not be, is no part of the containment any more. */
export function isOpen({ state }: LedgerEntry): boolean {
  return state !== 'undone' && state !== 'conflict';
}

/** The entries on which a step rests: the last call that went through; while none did, every call that perhaps did. */
export function standingEntries({ entries }: Pick<Chain, 'entries'>): readonly LedgerEntry[] {
  const made = entries.findLast(({ state }) => state === 'done');
  return made === undefined ? entries.filter(isOpen) : [made];
}

export function entryState(entry: LedgerEntry, live: LiveState): StepState {
  return actionOf(entry.actionId).state(entry, live);
}

/** A step holds when one of its calls does; it is undone only when all of them were seen to be. */
export function chainState(chain: Pick<Chain, 'entries'>, live: LiveState): StepState {
  const states = standingEntries(chain).map((entry) => entryState(entry, live));
  if (states.includes('holds')) return 'holds';
  return states.length === 0 || states.includes('unknown') ? 'unknown' : 'undone';
}
