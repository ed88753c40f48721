import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import { readChanged } from './read-changed.ts';
import type { ContainableSubject, LiveReads } from './read-subject.ts';
import { actionOf } from './registry.ts';
import type { NotRestored } from './restore.ts';
import { whyGone } from './same-principal.ts';
import type { Withheld } from './withhold.ts';

export type RestoreVerdict =
  /** Every entry that is not withheld has its prior value, byte for byte. */
  | { readonly kind: 'exact' }
  | { readonly kind: 'different'; readonly items: readonly NotRestored[] }
  | { readonly kind: 'gone'; readonly detail: string };

/** Reads may be stale for about as long as IAM needs to hold everywhere: looked at again before saying no. */
const WAITS_MS = [0, 500, 1_500, 3_000] as const;

/** Shows by fresh reads that a release gave back what it says. */
export async function verifyRestore(
  deps: LiveReads & { readonly ledger: Pick<Ledger, 'read'>; readonly clock: Clock },
  request: { readonly subject: ContainableSubject; readonly withheld: readonly Withheld[] },
): Promise<RestoreVerdict> {
  let verdict: RestoreVerdict = { kind: 'exact' };
  for (const wait of WAITS_MS) {
    if (wait > 0) await deps.clock.sleep(wait);
    verdict = await look(deps, request);
    if (verdict.kind !== 'different') return verdict;
  }
  return verdict;
}

async function look(
  { ledger, ...reads }: LiveReads & { readonly ledger: Pick<Ledger, 'read'> },
  { subject, withheld }: { readonly subject: ContainableSubject; readonly withheld: readonly Withheld[] },
): Promise<RestoreVerdict> {
  const due = (await ledger.read()).filter(({ key }) => !withheld.some((one) => one.key === key));
  const snapshot = await readChanged(reads, subject, due);
  const gone = whyGone(subject, snapshot);
  if (snapshot.kind === 'absent' || gone !== undefined) return { kind: 'gone', detail: gone ?? 'It no longer exists.' };
  const items = due.flatMap((entry): readonly NotRestored[] => {
    const { key, target } = entry;
    const how = actionOf(entry.actionId).undo(entry, snapshot);
    if (how.kind === 'already') return [];
    return [{ key, target, reason: how.kind === 'call' ? 'is not yet as it was before' : how.detail }];
  });
  return items.length === 0 ? { kind: 'exact' } : { kind: 'different', items };
}
