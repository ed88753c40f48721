import type { SessionFact } from '../access/session-fact.ts';

/** Whose sessions: those that a principal or a session asked for, those of a name (`<role id>:<session name>`) or of a person. */
export type SessionsOf = { readonly kind: 'principal' | 'session' | 'name' | 'person'; readonly key: string };

/** Issued at `since` or later, and not after `until`: at most `limit` facts, the newest first. Times as in `AccessEntry`. */
export type SessionsAsked = { readonly since: string; readonly until?: string; readonly limit: number };

/** What records told of sessions, asked by key alone: one query each, and one more for each further page. */
export type SessionReader = {
  /** All that is known of temporary credentials, by their key id. */
  factsOf(accessKeyId: string): Promise<readonly SessionFact[]>;
  sessionsOf(of: SessionsOf, asked: SessionsAsked): Promise<readonly SessionFact[]>;
  /** The names of a user of Identity Center. */
  namesOf(person: string): Promise<readonly string[]>;
  /** The users of Identity Center of a name. */
  personsNamed(name: string): Promise<readonly string[]>;
};
