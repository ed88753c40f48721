import type { SessionReader, SessionsOf } from '../ports/session-reader.ts';
import { type HeldSession, sessionGiven } from './held-session.ts';
import { inTurns } from './in-turns.ts';
import type { IssuedSession } from './issued-session.ts';
import { keysAlike } from './keys-alike.ts';
import type { SessionFact } from './session-fact.ts';

/** A session that leads back to whom is asked about. */
export type FollowedSession = Pick<HeldSession, 'accessKeyId' | 'holder' | 'who' | 'issuedAt' | 'name'> & {
  /** How many sessions it takes from there to this one; 1 is a session of their own. */
  readonly depth: number;
  /** The session that it was asked for with; undefined for those of their own. */
  readonly from?: string;
  /**
   * What says so: the call that issued it; that it has name, role and time of issue in common with one that was issued;
   * the name or the person that it bears.
   */
  readonly by: 'issue' | 'name and time' | 'name';
  readonly issued?: IssuedSession;
  /** It, or one before it, may be somebody else's, of whose session name, role and time of issue are the same. */
  readonly shared?: true;
};

export type Followed = {
  readonly sessions: readonly FollowedSession[];
  /** Why there may be more than these. */
  readonly cut?: 'depth' | 'number';
};

/** Of each session one query or two, so these bound what an answer costs. */
export const FOLLOW_LIMITS = { sessions: 200, depth: 5 } as const;

type Limits = { readonly sessions: number; readonly depth: number };
type Step = { readonly of: SessionsOf; readonly from?: string; readonly shared?: true };

/**
 * The sessions that somebody asked for, those that were asked for with these, and so on: whatever the order in which the
 * records came, for all of it is put together only now.
 */
export async function followSessions(
  reader: Pick<SessionReader, 'sessionsOf'>,
  start: readonly SessionsOf[],
  { since, limits = FOLLOW_LIMITS }: { readonly since: string; readonly limits?: Limits },
): Promise<Followed> {
  const found = new Map<string, FollowedSession>();
  let cut: Followed['cut'];
  let steps: readonly Step[] = start.map((of) => ({ of }));
  for (let depth = 1; steps.length > 0; depth += 1) {
    // A session has up to three facts.
    const limit = 3 * (limits.sessions + 1);
    const answers = await inTurns(steps, async ({ of, from, shared }) =>
      distinct(await reader.sessionsOf(of, { since, limit })).map((each) => ({
        ...each,
        depth,
        ...(from === undefined ? {} : { from }),
        ...(shared === undefined ? {} : { shared }),
      })),
    );
    const fresh = firstOfEach(answers.flat()).filter(({ accessKeyId }) => !found.has(accessKeyId));
    if (depth > limits.depth)
      return { sessions: [...found.values()], ...(fresh.length > 0 ? { cut: 'depth' } : cutOf(cut)) };
    // Whoever is found by name is found with every key id of theirs.
    const alike = await inTurns(fresh, async (parent) =>
      (parent.by === 'issue' ? await keysAlike(reader, parent) : []).map(
        (held): FollowedSession => ({
          ...parent,
          ...session(held),
          by: 'name and time',
          ...(held.shared === undefined ? {} : { shared: held.shared }),
        }),
      ),
    );
    const next: FollowedSession[] = [];
    for (const session of firstOfEach([...fresh, ...alike.flat()])) {
      if (found.has(session.accessKeyId)) continue;
      if (found.size === limits.sessions) {
        cut = 'number';
        break;
      }
      found.set(session.accessKeyId, session);
      next.push(session);
    }
    steps = next.map(({ accessKeyId, shared }) => ({
      of: { kind: 'session', key: accessKeyId },
      from: accessKeyId,
      ...(shared === undefined ? {} : { shared }),
    }));
  }
  return { sessions: [...found.values()], ...cutOf(cut) };
}

type Told = Omit<FollowedSession, 'depth' | 'from'>;

/** One for each key id: what its issue says is better than what its use says. */
function distinct(facts: readonly SessionFact[]): readonly Told[] {
  const issued = facts
    .filter((fact) => fact.kind === 'issued')
    .map(({ kind: _kind, ...fact }): Told => ({ ...session(sessionGiven(fact)), by: 'issue', issued: fact }));
  const held = facts.filter((fact) => fact.kind === 'held').map((fact): Told => ({ ...session(fact), by: 'name' }));
  return firstOfEach([...issued, ...held]);
}

function session({ accessKeyId, holder, who, issuedAt, name }: HeldSession) {
  return { accessKeyId, holder, who, issuedAt, ...(name === undefined ? {} : { name }) };
}

function firstOfEach<Session extends { readonly accessKeyId: string }>(
  sessions: readonly Session[],
): readonly Session[] {
  const first = new Map<string, Session>();
  for (const each of sessions) if (!first.has(each.accessKeyId)) first.set(each.accessKeyId, each);
  return [...first.values()];
}

function cutOf(cut: Followed['cut']): { readonly cut?: 'depth' | 'number' } {
  return cut === undefined ? {} : { cut };
}
