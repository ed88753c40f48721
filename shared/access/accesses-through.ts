import type { AccessReader } from '../ports/access-reader.ts';
import type { AccessEntry } from './access-entry.ts';
import { inTurns } from './in-turns.ts';

type Asked = { readonly since: string; readonly limit: number };

/** Accesses made in these sessions, the newest first: one query a session and page. */
export async function accessesThrough(
  reader: Pick<AccessReader, 'accessesIn'>,
  sessions: readonly string[],
  { since, limit }: Asked,
): Promise<readonly AccessEntry[]> {
  return newest(await inTurns(sessions, (session) => reader.accessesIn(session, { since, limit })), limit);
}

/** Of several lists the newest, each access once. */
export function newest(lists: readonly (readonly AccessEntry[])[], limit: number): readonly AccessEntry[] {
  const once = new Map(lists.flat().map((each) => [`${each.at}#${each.eventId}#${each.resource?.arn ?? ''}`, each]));
  return [...once]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .slice(0, limit)
    .map(([, each]) => each);
}
