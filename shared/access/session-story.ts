import type { AccessReader } from '../ports/access-reader.ts';
import type { SessionReader } from '../ports/session-reader.ts';
import type { AccessEntry } from './access-entry.ts';
import { type FollowedSession, followSessions } from './follow-sessions.ts';
import type { HeldSession } from './held-session.ts';
import { inTurns } from './in-turns.ts';
import type { IssuedSession } from './issued-session.ts';
import { keysAlike } from './keys-alike.ts';
import { type Beginning, type ChainLink, traceSession } from './trace-session.ts';

/** What was recorded of the calls of one session, of the newest ones only where there are many. */
export type SessionUse = {
  readonly first?: string;
  readonly last?: string;
  readonly count: number;
  /** There are more calls than were counted. */
  readonly more: boolean;
  /** Where they came from, the most recent first. */
  readonly from: readonly string[];
};

export type SessionTold = {
  readonly accessKeyId: string;
  readonly who: string;
  readonly holder: string;
  readonly name?: string;
  /** 0 is the first session; each next one was asked for with one of the depth before. */
  readonly depth: number;
  readonly part: 'before' | 'asked' | 'same session' | 'perhaps the same session' | 'after';
  readonly issuedAt?: string;
  readonly mfa?: boolean;
  readonly issued?: IssuedSession;
  readonly use: SessionUse;
};

export type SessionStory = {
  readonly beginning: Beginning;
  /** Users of Identity Center who bear the name that the chain begins with. */
  readonly persons: readonly string[];
  /** From the first to the last. */
  readonly sessions: readonly SessionTold[];
  readonly cut?: 'depth' | 'number';
};

export type StoryReader = Pick<AccessReader, 'accessesIn'> & SessionReader;

/** A session is told with so many of its newest calls. */
export const CALLS_OF_ONE_SESSION = 200;
/** Each costs a query for its calls. */
const SESSIONS_TOLD = 50;

/**
 * A session from the person that it leads back to, to the last session that was asked for with it. `since`, ISO 8601, is how
 * far back is looked. Undefined where nothing is recorded of the key.
 */
export async function sessionStory(
  reader: StoryReader,
  accessKeyId: string,
  { since }: { readonly since: string },
): Promise<SessionStory | undefined> {
  const chain = await traceSession(reader, accessKeyId);
  const asked = chain?.links.at(-1);
  const issuedAt = asked?.held?.issuedAt ?? asked?.issued?.at;
  const name = asked?.held?.name ?? asked?.issued?.name;
  const alone = name === undefined || issuedAt === undefined || chain?.beginning.kind === 'one-of';
  const alike = alone ? [] : await keysAlike(reader, { accessKeyId, name, issuedAt });
  // Of a key that the console uses, the one that was handed out may have asked for more.
  const own = [...new Set([accessKeyId, asked?.issued?.accessKeyId ?? accessKeyId, ...alike.map(keyOf)])];
  const isShared = (key: string): boolean => alike.some((each) => each.accessKeyId === key && each.shared === true);
  const { sessions: after, cut } = await followSessions(
    reader,
    own.filter((key) => !isShared(key)).map((key) => ({ kind: 'session', key })),
    { since, limits: { sessions: SESSIONS_TOLD, depth: 5 } },
  );
  const use = async (key: string) => reader.accessesIn(key, { since, limit: CALLS_OF_ONE_SESSION + 1 });
  const calls = await use(accessKeyId);
  const beginning = chain?.beginning ?? beginningOf(calls, after);
  if (beginning === undefined) return undefined;
  const depth = Math.max(0, (chain?.links.length ?? 1) - 1);
  const links = chain?.links ?? [{ accessKeyId }];
  const told = [
    ...links.map((link, place) => ofLink(link, place, link.accessKeyId === accessKeyId ? 'asked' : 'before', calls)),
    ...own.slice(1).map((key) => {
      const held = alike.find((each) => each.accessKeyId === key) ?? asked?.held;
      const part = isShared(key) ? 'perhaps the same session' : 'same session';
      return ofLink({ accessKeyId: key, ...(held === undefined ? {} : { held }) }, depth, part, []);
    }),
    ...after.filter((each) => !own.includes(each.accessKeyId)).map((each) => ofFollowed(each, depth)),
  ];
  const sessions = await inTurns(told, async (each) => ({ ...each, use: useOf(await use(each.accessKeyId)) }));
  const persons =
    beginning.kind === 'person' && beginning.key.startsWith('idc-name:')
      ? await reader.personsNamed(beginning.key)
      : beginning.kind === 'principal'
        ? await personsOf(reader, links[0])
        : [];
  return { beginning, persons, sessions, ...(cut === undefined ? {} : { cut }) };
}

/** Identity Center opens sessions as a SAML provider; who that was, the session's name tells. */
async function personsOf(reader: SessionReader, first: ChainLink | undefined): Promise<readonly string[]> {
  const person = first?.held?.person;
  return person?.startsWith('idc-name:') === true ? await reader.personsNamed(person) : [];
}

/** Of a key that no fact was told of: a long-term key that asked for sessions, or a user's own temporary one. */
function beginningOf(calls: readonly AccessEntry[], after: readonly FollowedSession[]): Beginning | undefined {
  const [call] = calls;
  if (call !== undefined) return { kind: 'principal', key: call.principal, who: call.who };
  const asker = after[0]?.issued;
  return asker === undefined ? undefined : { kind: 'principal', key: asker.by, who: asker.who };
}

function keyOf({ accessKeyId }: HeldSession): string {
  return accessKeyId;
}

type Told = Omit<SessionTold, 'use'>;

function ofLink(
  { accessKeyId, held, issued }: ChainLink,
  depth: number,
  part: SessionTold['part'],
  calls: readonly AccessEntry[],
): Told {
  const issuedAt = held?.issuedAt ?? issued?.at;
  const name = held?.name ?? issued?.name;
  const [call] = calls;
  return {
    accessKeyId,
    who: held?.who ?? call?.who ?? 'long-term key',
    holder: held?.holder ?? issued?.holder ?? call?.principal ?? '',
    depth,
    part,
    ...(name === undefined ? {} : { name }),
    ...(issuedAt === undefined ? {} : { issuedAt }),
    ...(held?.mfa === undefined ? {} : { mfa: held.mfa }),
    ...(issued === undefined ? {} : { issued }),
  };
}

function ofFollowed({ accessKeyId, who, holder, name, issuedAt, depth, issued }: FollowedSession, below: number): Told {
  return {
    accessKeyId,
    who,
    holder,
    depth: below + depth,
    part: 'after',
    issuedAt,
    ...(name === undefined ? {} : { name }),
    ...(issued === undefined ? {} : { issued }),
  };
}

function useOf(calls: readonly AccessEntry[]): SessionUse {
  const counted = calls.slice(0, CALLS_OF_ONE_SESSION);
  const [first, last] = [counted.at(-1)?.at, counted[0]?.at];
  return {
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
    count: counted.length,
    more: calls.length > counted.length,
    from: [...new Set(counted.flatMap(({ sourceIp }) => sourceIp ?? []))],
  };
}
