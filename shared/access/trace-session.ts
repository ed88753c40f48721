import type { SessionReader } from '../ports/session-reader.ts';
import { FOLLOW_LIMITS } from './follow-sessions.ts';
import type { HeldSession } from './held-session.ts';
import type { IssuedSession } from './issued-session.ts';
import { sameIssue } from './same-issue.ts';
import type { SessionFact } from './session-fact.ts';

/** One session on the way from a person to the session asked about. */
export type ChainLink = {
  readonly accessKeyId: string;
  /** What its own calls say, or those that issued it. */
  readonly held?: HeldSession;
  /** The call that issued it, or the session of the same name and time that it belongs to. */
  readonly issued?: IssuedSession;
};

/** Where a chain begins, as far as it was recorded. */
export type Beginning =
  /** Somebody with credentials of their own, of another account, or a service. */
  | { readonly kind: 'principal'; readonly key: string; readonly who: string }
  /** No call that issued the first session was recorded; it names the person itself, see `personNamed`. */
  | { readonly kind: 'person'; readonly key: string }
  | { readonly kind: 'not-recorded'; readonly holder: string; readonly who: string }
  /** Sessions of one name were issued to several at the same time. */
  | { readonly kind: 'one-of'; readonly keys: readonly string[] }
  | { readonly kind: 'too-long' };

export type Chain = {
  /** The first session to the one asked about. */
  readonly links: readonly ChainLink[];
  readonly beginning: Beginning;
};

/** The way back from a session to whoever it began with; undefined if nothing is known of the key. */
export async function traceSession(
  reader: Pick<SessionReader, 'factsOf' | 'sessionsOf'>,
  accessKeyId: string,
  depth: number = FOLLOW_LIMITS.depth,
): Promise<Chain | undefined> {
  const links: ChainLink[] = [];
  const seen = new Set<string>();
  let key = accessKeyId;
  let asker: IssuedSession | undefined;
  while (links.length < depth) {
    seen.add(key);
    const facts = await reader.factsOf(key);
    const held = heldOf(facts);
    const issuers = await issuersOf(reader, facts, held);
    const [issued] = issuers;
    if (issued === undefined && held === undefined)
      return asker === undefined ? undefined : { links, beginning: askerOf(asker) };
    links.unshift({
      accessKeyId: key,
      ...(held === undefined ? {} : { held }),
      ...(issuers.length === 1 && issued !== undefined ? { issued } : {}),
    });
    if (issued === undefined) return { links, beginning: ownWord(key, held) };
    if (issuers.length > 1)
      return { links, beginning: { kind: 'one-of', keys: [...new Set(issuers.map(({ by }) => by))] } };
    if (issued.bySession === undefined || seen.has(issued.bySession)) return { links, beginning: askerOf(issued) };
    asker = issued;
    key = issued.bySession;
  }
  return { links, beginning: { kind: 'too-long' } };
}

/** By its own issue; else by that of the sessions which have role, name and time in common with it. */
async function issuersOf(
  reader: Pick<SessionReader, 'factsOf' | 'sessionsOf'>,
  facts: readonly SessionFact[],
  held: HeldSession | undefined,
): Promise<readonly IssuedSession[]> {
  const own = facts.find((fact) => fact.kind === 'issued');
  if (own !== undefined) return [own];
  if (held?.name === undefined) return [];
  const alike = await reader.sessionsOf(
    { kind: 'name', key: held.name },
    { ...sameIssue(held.issuedAt), limit: MOST_ALIKE },
  );
  const keys = alike.flatMap((fact) =>
    fact.kind === 'held' && fact.told === 'by its issue' ? [fact.accessKeyId] : [],
  );
  const theirs = await Promise.all([...new Set(keys)].map((each) => reader.factsOf(each)));
  return theirs.flatMap((each) => each.filter((fact) => fact.kind === 'issued'));
}

const MOST_ALIKE = 20;

/** What the calls of a session say of it is more than what its issue does: the second factor. */
function heldOf(facts: readonly SessionFact[]): HeldSession | undefined {
  const held = facts.filter((fact) => fact.kind === 'held');
  return held.find(({ told }) => told === 'by its use') ?? held[0];
}

function askerOf({ by, who }: IssuedSession): Beginning {
  return by.startsWith('role:') ? { kind: 'not-recorded', holder: by, who } : { kind: 'principal', key: by, who };
}

function ownWord(key: string, held: HeldSession | undefined): Beginning {
  if (held?.person !== undefined) return { kind: 'person', key: held.person };
  return { kind: 'not-recorded', holder: held?.holder ?? key, who: held?.who ?? key };
}
