import type { LedgerEntry } from '../ports/ledger.ts';
import { rotationMoved as movedBy } from './actions/rotate-secret.ts';
import { readLive, sourceOf } from './read-live.ts';
import type { ContainableSubject, LiveReads } from './read-subject.ts';

/** Whether a fresh look at the secrets shows that the rotations have come further; one read for each, and one of the subject. */
export async function rotationMoved(
  reads: LiveReads,
  subject: ContainableSubject,
  entries: readonly LedgerEntry[],
): Promise<boolean> {
  const live = await readLive(reads, subject, [...new Set(entries.map(({ call }) => sourceOf(call)))]);
  return live.kind !== 'absent' && movedBy(entries, live);
}
