import type { SessionReader, SessionsOf } from '../ports/session-reader.ts';

/** Where everything that somebody did begins: what is kept under their own keys, and whose sessions are theirs. */
export type Reach = { readonly partitions: readonly string[]; readonly sessions: readonly SessionsOf[] };

/** Of a principal's key (see `principalKey`) or of a person's (see `personNamed`). A user of Identity Center is both. */
export async function reachOf(reader: Pick<SessionReader, 'namesOf' | 'personsNamed'>, key: string): Promise<Reach> {
  if (key.startsWith('source-identity:')) return { partitions: [], sessions: [{ kind: 'person', key }] };
  if (key.startsWith('idc-name:')) return identityCenter(await reader.personsNamed(key), [key]);
  if (key.startsWith('idc:')) return identityCenter([key], await reader.namesOf(key));
  return { partitions: [key], sessions: [{ kind: 'principal', key }] };
}

function identityCenter(ids: readonly string[], names: readonly string[]): Reach {
  return { partitions: ids, sessions: [...ids, ...names].map((key) => ({ kind: 'person', key })) };
}
