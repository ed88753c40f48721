import type { AccessEntry } from '../access/access-entry.ts';
import type { IssuedSession } from '../access/issued-session.ts';

/** How many of the given were new, and how many had been kept before. */
export type Kept = { readonly added: number; readonly known: number };

/** Where accesses are kept. Any of it any number of times, in any order, comes to the same. */
export type AccessStore = {
  /**
   * Keeps entries of one group (see `groupEntries`) and counts in its summary those that are new, both or neither: a
   * count that is short or doubled would be evidence of something that did not happen.
   */
  add(group: readonly AccessEntry[]): Promise<Kept>;
  /** Keeps where a session came from. */
  addSession(session: IssuedSession): Promise<void>;
};
