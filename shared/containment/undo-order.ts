import type { LedgerEntry } from '../ports/ledger.ts';
import { chainsOf } from './chain.ts';

/** What a release still has to look at, last change first; the deny goes last, so that nothing is open in between. */
export function undoOrder(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const due = chainsOf(entries).flatMap(({ stage, entries: chain }) =>
    chain.filter(({ state }) => state !== 'undone').map((entry) => ({ entry, stage })),
  );
  const last = due.toReversed();
  return [...last.filter(({ stage }) => stage !== 'deny'), ...last.filter(({ stage }) => stage === 'deny')].map(
    ({ entry }) => entry,
  );
}
