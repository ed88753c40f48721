import type { DayAsked } from '../ports/access-reader.ts';
import type { AccessEntry } from './access-entry.ts';

/** Accesses from newest to oldest, and whether older ones were left out. */
export type Collected = { readonly accesses: readonly AccessEntry[]; readonly more: boolean };

/** Asks day by day, the newest first, until there are enough: days that nobody needs are not asked for. */
export async function collectAccesses(
  ask: (asked: DayAsked) => Promise<readonly AccessEntry[]>,
  { since, now, limit }: { readonly since: Date; readonly now: Date; readonly limit: number },
): Promise<Collected> {
  const accesses: AccessEntry[] = [];
  for (const day of daysBack(since, now)) {
    // One more than is shown tells whether there are more.
    const asked = { day, since: since.toISOString(), limit: limit + 1 - accesses.length };
    accesses.push(...(await ask(asked)));
    if (accesses.length > limit) return { accesses: accesses.slice(0, limit), more: true };
  }
  return { accesses, more: false };
}

function daysBack(since: Date, now: Date): readonly string[] {
  const first = Date.parse(since.toISOString().slice(0, 10));
  const days: string[] = [];
  for (let day = Date.parse(now.toISOString().slice(0, 10)); day >= first; day -= 24 * 3_600_000) {
    days.push(new Date(day).toISOString().slice(0, 10));
  }
  return days;
}
