import type { AccessReader } from '../ports/access-reader.ts';
import type { SessionReader } from '../ports/session-reader.ts';
import type { AccessEntry } from './access-entry.ts';
import { accessesThrough, newest } from './accesses-through.ts';
import { collectAccesses } from './collect-accesses.ts';
import { type Followed, followSessions } from './follow-sessions.ts';
import { LONGEST_SESSION_SECONDS } from './longest-session.ts';
import { reachOf } from './reach-of.ts';

export type DeedsReader = Pick<AccessReader, 'accessesBy' | 'accessesIn'> & SessionReader;

/** Whose deeds: a principal's or person's by key, or those of one session name of a role. */
export type DeedsOf = { readonly key: string; readonly sessionName?: string };

/** Everything that somebody did themselves and in sessions that lead back to them, the newest first. */
export type Deeds = {
  readonly accesses: readonly AccessEntry[];
  /** Older ones were left out. */
  readonly more: boolean;
  /** Where their own accesses are kept; without a session's name alone. */
  readonly partitions: readonly string[];
  readonly followed: Followed;
};

/** Costs one query for each day, two or three for each session, and further pages. */
export async function deedsOf(
  reader: DeedsReader,
  { key, sessionName }: DeedsOf,
  { since, now, limit }: { readonly since: Date; readonly now: Date; readonly limit: number },
): Promise<Deeds> {
  const name = sessionName === undefined ? undefined : `${key.replace(/^role:/, '')}:${sessionName}`;
  const reach =
    name === undefined
      ? await reachOf(reader, key)
      : { partitions: [], sessions: [{ kind: 'name' as const, key: name }] };
  const issuedSince = new Date(since.getTime() - LONGEST_SESSION_SECONDS * 1000).toISOString();
  const followed = await followSessions(reader, reach.sessions, { since: issuedSince });
  // What was done in a session of a user's own is kept under the user.
  const elsewhere = followed.sessions.filter(({ holder }) => !reach.partitions.includes(holder));
  const sessions = elsewhere.map(({ accessKeyId }) => accessKeyId);
  const own = await Promise.all(
    reach.partitions.map((partition) =>
      collectAccesses((asked) => reader.accessesBy(partition, asked), { since, now, limit }),
    ),
  );
  const through = await accessesThrough(reader, name === undefined ? sessions : [...sessions, name], {
    since: since.toISOString(),
    limit: limit + 1,
  });
  const accesses = newest([...own.map((each) => each.accesses), through], limit + 1);
  return {
    accesses: accesses.slice(0, limit),
    more: accesses.length > limit || own.some(({ more }) => more),
    partitions: reach.partitions,
    followed: { ...followed, sessions: elsewhere },
  };
}
