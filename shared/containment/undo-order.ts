import type { LedgerEntry } from '../ports/ledger.ts';
import { parameter } from './call.ts';
import { chainsOf } from './chain.ts';

const isInline = ({ call: { operation } }: LedgerEntry): boolean => /^(Put|Delete)(User|Role)Policy$/.test(operation);

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

/** Inline policies whose documents a release compares. */
export function inlineNamesIn(entries: readonly LedgerEntry[]): readonly string[] {
  return [...new Set(entries.filter(isInline).map(({ call }) => parameter(call, 'PolicyName')))];
}
