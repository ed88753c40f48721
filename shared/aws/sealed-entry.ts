import { unmarshall } from '@aws-sdk/util-dynamodb';
import { ACTION_IDS } from '../containment/action.ts';
import { type LedgerOwner, macMessage } from '../containment/mac-message.ts';
import { isJsonObject } from '../json.ts';
import type { LedgerEntry, RefusedEntry } from '../ports/ledger.ts';
import type { Mac } from '../ports/mac.ts';
import { fromItem, type Item } from './items.ts';

/** A ledger entry as the table keeps it. */
export type SealedEntry = LedgerEntry & {
  /** Base64; gone once the entry is undone. */
  readonly mac: string;
};

/** The place of an entry is its key: what stands in the place of another is not as it was written. */
export function openEntry(item: Item): LedgerEntry {
  const { mac: _code, ...entry } = fromItem<LedgerEntry & Partial<SealedEntry>>(item);
  return { ...entry, key: keyOf(item) };
}

function keyOf(item: Item): string {
  return String(item.sk?.S).replace(/^LEDGER#/, '');
}

/** Tells the entries that are as they were written from those that somebody changed. */
export async function judgeEntries(
  items: readonly Item[],
  owner: LedgerOwner,
  mac: Pick<Mac, 'verify'>,
): Promise<{ readonly entries: readonly LedgerEntry[]; readonly refused: readonly RefusedEntry[] }> {
  const judged = await Promise.all(items.map((item) => judge(item, owner, mac)));
  return {
    entries: judged.flatMap((one) => (one.kind === 'entry' ? [one.entry] : [])).sort((a, b) => a.order - b.order),
    refused: judged.flatMap((one) => (one.kind === 'refused' ? [one.refused] : [])),
  };
}

type Judged =
  | { readonly kind: 'entry'; readonly entry: LedgerEntry }
  | { readonly kind: 'refused'; readonly refused: RefusedEntry }
  | { readonly kind: 'nothing' };

async function judge(item: Item, owner: LedgerOwner, mac: Pick<Mac, 'verify'>): Promise<Judged> {
  const stored: Readonly<Record<string, unknown>> = unmarshall(item);
  const key = keyOf(item);
  // Nobody acts on what was given back, and its code is gone with it.
  if (stored.state === 'undone') {
    const known = ACTION_IDS.some((id) => id === stored.actionId) && isWhole(stored);
    return known ? { kind: 'entry', entry: openEntry(item) } : { kind: 'nothing' };
  }
  const why = await whyRefused(stored, item, owner, mac);
  if (why === undefined) return { kind: 'entry', entry: openEntry(item) };
  const target = typeof stored.target === 'string' ? stored.target : key;
  return { kind: 'refused', refused: { key, target, reason: `refused: ${why}` } };
}

async function whyRefused(
  stored: Readonly<Record<string, unknown>>,
  item: Item,
  owner: LedgerOwner,
  mac: Pick<Mac, 'verify'>,
): Promise<string | undefined> {
  if (!isWhole(stored)) return 'its ledger entry is no longer one that Rescind could have written';
  if (typeof stored.mac !== 'string') return 'its ledger entry has no code that shows who wrote it';
  return (await mac.verify(macMessage(owner, openEntry(item)), stored.mac))
    ? undefined
    : 'its ledger entry was changed after it was written';
}

/** Whether every field that a code covers can be read as one: what was put there by hand may be anything. */
function isWhole({ actionId, target, call, order, planVersion }: Readonly<Record<string, unknown>>): boolean {
  return (
    [actionId, target].every((value) => typeof value === 'string') &&
    [order, planVersion].every((value) => typeof value === 'number') &&
    isJsonObject(call) &&
    typeof call.operation === 'string' &&
    isJsonObject(call.input)
  );
}
