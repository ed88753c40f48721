import type { AccessEntry } from '../access/access-entry.ts';
import type { SessionFact } from '../access/session-fact.ts';

/** How many of the given were new, and how many had been kept before. */
export type Kept = { readonly added: number; readonly known: number };

/** Where accesses are kept. Any of it any number of times, in any order, comes to the same. */
export type AccessStore = {
  /**
   * Keeps entries of one group (see `groupEntries`) and counts in its summary those that are new, both or neither: a
   * count that is short or doubled would be evidence of something that did not happen.
   */
  add(group: readonly AccessEntry[]): Promise<Kept>;
  /** Keeps what a record tells of a session: where it came from, or whose it is. */
  addSessionFact(fact: SessionFact): Promise<void>;
};
