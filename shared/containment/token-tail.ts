import type { LedgerEntry } from '../ports/ledger.ts';
import { type Chain, chainsOf, isOpen } from './chain.ts';

/**
 * What the end of a lock leaves standing until the last token from before it has expired: the cut-off of those tokens.
 * Where that was never seen to be made, the whole deny, for nothing else keeps them out.
 */
export function tokenTail(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  // Only what a lock denies has tokens from before it.
  const open = chainsOf(entries).filter(
    (chain) => chain.entries.some(isOpen) && !OF_NO_LOCK.has(chain.entries[0].actionId),
  );
  const cutOffs = open.filter(isCutOff);
  const complete = cutOffs.length > 0 && cutOffs.every(isMade);
  const kept = complete ? cutOffs : open.filter((chain) => isCutOff(chain) || chain.stage === 'deny');
  return kept.flatMap((chain) => chain.entries.filter(isOpen));
}

/** When the last of those tokens has expired, if each lives `lifeSeconds` from the moment its cut-off was written. */
export function tokensExpireAt(entries: readonly LedgerEntry[], lifeSeconds: number): string | undefined {
  const from = tokenTail(entries).map(({ intendedAt }) => Date.parse(intendedAt));
  return from.length === 0 ? undefined : new Date(Math.max(...from) + lifeSeconds * 1000).toISOString();
}

const OF_NO_LOCK: ReadonlySet<string> = new Set(['deny-resource', 'require-mfa']);

function isCutOff({ entries: [first] }: Chain): boolean {
  return first.actionId === 'cut-off-tokens';
}

function isMade({ entries }: Chain): boolean {
  return entries.some(({ state }) => state === 'done');
}
