import type { LedgerEntry } from '../ports/ledger.ts';
import { parameter } from './call.ts';
import { readLive, sourceOf } from './read-live.ts';
import { type ContainableSubject, type LiveReads, readSubject } from './read-subject.ts';
import type { AbsentSnapshot, LiveState } from './snapshot.ts';

const isInline = ({ call: { operation } }: LedgerEntry): boolean => /^(Put|Delete)(User|Role)Policy$/.test(operation);

/**
 * What a release compares. Of a person only what was changed: what they reach by now, and whether Identity Center still knows
 * them, is no reason to leave a statement of ours where it is.
 */
export async function readChanged(
  reads: LiveReads,
  subject: ContainableSubject,
  entries: readonly LedgerEntry[],
): Promise<AbsentSnapshot | LiveState> {
  if (subject.kind === 'person') {
    return readLive(reads, subject, [...new Set(entries.map(({ call }) => sourceOf(call)))]);
  }
  const inline = entries.filter(isInline).map(({ call }) => parameter(call, 'PolicyName'));
  return readSubject(reads, subject, [...new Set(inline)]);
}
