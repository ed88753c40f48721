import type { SessionReader } from '../ports/session-reader.ts';
import type { FederatedLogin } from './federated-login.ts';
import type { IssuedSession } from './issued-session.ts';
import { LONGEST_SESSION_SECONDS } from './longest-session.ts';
import type { Partners } from './partners.ts';
import type { SessionFact } from './session-fact.ts';

/** A session of a role that came of the subject's own, and may still be in use. */
export type ChainedSession = {
  /** `<role id>:<session name>`. */
  readonly name: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  readonly arn: string;
  /** Of the newest call that opened it; ISO 8601. */
  readonly at: string;
  readonly eventId: string;
  /** Who asked for it, for a person to read. */
  readonly by: string;
};

/** What is on record of where the subject's sessions came from, and of what they handed out. */
export type SessionLineage = {
  readonly logins: readonly FederatedLogin[];
  /** In the order in which they were found: the nearest first. */
  readonly issued: readonly ChainedSession[];
  /** Ids of roles whose sessions open each other's in a circle, the subject's role among them; else empty. */
  readonly cycle: readonly string[];
  /** There is more on record than was followed. */
  readonly more: boolean;
  /** Why the record could not be read: then nothing above is known. */
  readonly unread?: string;
  /** Of a role that a detected call opened: which of those accounts were let in before. Absent where nobody asked. */
  readonly partners?: Partners;
};

export const NO_LINEAGE: SessionLineage = { logins: [], issued: [], cycle: [], more: false };

/** Whose lineage: a user or a whole role by its key, or one session of a role by its name, `<role id>:<session name>`, as well. */
export type LineageOf = {
  readonly principal: string;
  readonly session?: string;
  /** Ids of the credentials that were seen in the session: others may bear its name. */
  readonly keys: readonly string[];
};

/** An attacker may open sessions without end: so many are followed, by so many queries, and that there are more is said. */
const MOST_SESSIONS = 40;
const MOST_QUERIES = 40;
const FACTS_IN_ONE_QUERY = 100;

/** Follows the calls on record from session to session, down to what came of the subject and up to who opened it. */
export async function lineageOf(
  reader: Pick<SessionReader, 'factsOf' | 'sessionsOf'>,
  of: LineageOf,
  now: Date,
): Promise<SessionLineage> {
  const asked = {
    since: new Date(now.getTime() - LONGEST_SESSION_SECONDS * 1000).toISOString(),
    limit: FACTS_IN_ONE_QUERY,
  };
  let queries = 0;
  let more = false;
  const ask = async (query: () => Promise<readonly SessionFact[]>): Promise<readonly SessionFact[]> => {
    if (queries >= MOST_QUERIES) {
      more = true;
      return [];
    }
    queries += 1;
    const facts = await query();
    more ||= facts.length >= FACTS_IN_ONE_QUERY;
    return facts;
  };
  const edges: Edge[] = [];

  const askedBy = new Map<string, readonly IssuedSession[]>();
  const issued = new Map<string, ChainedSession>();
  const open: Pick<LineageOf, 'principal' | 'session'>[] = [of];
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    const { principal, session } = at;
    const calls =
      askedBy.get(principal) ??
      (await ask(() => reader.sessionsOf({ kind: 'principal', key: principal }, asked))).flatMap(issuedIn);
    askedBy.set(principal, calls);
    for (const call of calls) {
      if (session !== undefined && call.byName !== session) continue;
      const child = chained(call, now);
      if (child === undefined) continue;
      edges.push({ from: principal, to: roleKey(child.name) });
      if (issued.has(child.name) || child.name === of.session) continue;
      if (issued.size >= MOST_SESSIONS) {
        more = true;
        continue;
      }
      issued.set(child.name, child);
      open.push({ principal: roleKey(child.name), session: child.name });
    }
  }

  const openingOf = async (keys: readonly string[]): Promise<readonly IssuedSession[]> => {
    const calls: IssuedSession[] = [];
    for (const key of keys) calls.push(...(await ask(() => reader.factsOf(key))).flatMap(issuedIn));
    return calls;
  };
  const logins = new Map<string, FederatedLogin>();
  const seen = new Set<string>();
  let upward = await openingOf(of.keys);
  for (const { login } of upward) if (login !== undefined) logins.set(JSON.stringify(login.claims), login);
  while (upward.length > 0) {
    const before = new Set<string>();
    for (const { byName, bySession, name } of upward) {
      if (byName === undefined || name === undefined) continue;
      edges.push({ from: roleKey(byName), to: roleKey(name) });
      if (bySession === undefined || seen.has(bySession)) continue;
      seen.add(bySession);
      before.add(bySession);
    }
    upward = await openingOf([...before]);
  }
  return { logins: [...logins.values()], issued: [...issued.values()], cycle: cycleThrough(of.principal, edges), more };
}

function issuedIn(fact: SessionFact): readonly IssuedSession[] {
  return fact.kind === 'issued' ? [fact] : [];
}

type Edge = { readonly from: string; readonly to: string };

/** Roles that are reached from it and lead back to it; it is among them only where there is such a way. */
function cycleThrough(start: string, edges: readonly Edge[]): readonly string[] {
  const reach = (next: (key: string) => readonly string[]): ReadonlySet<string> => {
    const found = new Set<string>();
    const open = [...next(start)];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (found.has(key)) continue;
      found.add(key);
      open.push(...next(key));
    }
    return found;
  };
  const forward = reach((key) => edges.filter(({ from }) => from === key).map(({ to }) => to));
  const backward = reach((key) => edges.filter(({ to }) => to === key).map(({ from }) => from));
  return [...forward].filter((key) => backward.has(key)).map((key) => key.slice('role:'.length));
}

/** A session of a role that may still be in use. What a user gets for themselves ends with the user. */
function chained({ name, became, at, eventId, who, expires }: IssuedSession, now: Date): ChainedSession | undefined {
  if (name === undefined || became === undefined || isOver(expires, now)) return undefined;
  return { name, arn: became, at, eventId, by: who };
}

/** `Nov 21, 2026, 4:08:20 PM` in UTC, or ISO 8601. What cannot be read may still be in use. */
function isOver(expires: string | undefined, now: Date): boolean {
  if (expires === undefined) return false;
  const at = Date.parse(/^\d{4}-/.test(expires) ? expires : `${expires} UTC`);
  return at < now.getTime();
}

function roleKey(name: string): string {
  return `role:${name.split(':')[0]}`;
}
