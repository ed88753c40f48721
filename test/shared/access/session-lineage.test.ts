import { describe, expect, test } from 'vitest';
import type { IssuedSession } from '../../../shared/access/issued-session.ts';
import { type LineageOf, lineageOf } from '../../../shared/access/session-lineage.ts';
import type { SessionsAsked, SessionsOf } from '../../../shared/ports/session-reader.ts';

const NOW = new Date('2026-11-21T02:00:00Z');
const SUB = { 'ci.example.com:sub': 'repo:example/shop' };

/** `R1:a > R2:b`: a session a of role R1 opened the session b of role R2, whose key is `key-R2:b`. */
function call(text: string, of: Partial<IssuedSession> = {}): IssuedSession {
  const [by = '', name = ''] = text.split(' > ');
  const isUser = !by.includes(':');
  return {
    accessKeyId: `key-${name}`,
    eventId: `event-${text}`,
    at: '2026-11-21T01:30:00.000Z',
    by: isUser ? `user:${by}` : `role:${by.split(':')[0]}`,
    who: by.replace(':', '/'),
    bySession: isUser ? 'AKIAEXAMPLE' : `key-${by}`,
    ...(isUser ? {} : { byName: by }),
    holder: `role:${name.split(':')[0]}`,
    name,
    became: `arn:aws:sts::111122223333:assumed-role/${name.replace(':', '/')}`,
    expires: 'Nov 21, 2026, 2:30:00 AM',
    ...of,
  };
}

function read(calls: readonly IssuedSession[], of: Partial<LineageOf> & Pick<LineageOf, 'principal'>) {
  const queries: string[] = [];
  const facts = (some: readonly IssuedSession[]) => some.map((one) => ({ kind: 'issued', ...one }) as const);
  const reader = {
    async factsOf(key: string) {
      queries.push(key);
      return facts(calls.filter(({ accessKeyId }) => accessKeyId === key));
    },
    async sessionsOf({ kind, key }: SessionsOf, { since, limit }: SessionsAsked) {
      if (kind !== 'principal') throw new Error(`Nobody asks by ${kind}`);
      queries.push(key);
      return facts(calls.filter(({ by, at }) => by === key && at >= since).slice(0, limit));
    },
  };
  return lineageOf(reader, { keys: [], ...of }, NOW).then((lineage) => ({ ...lineage, queries }));
}

const namesIn = ({ issued }: { readonly issued: readonly { readonly name: string }[] }) =>
  issued.map(({ name }) => name);

describe('sessions that came of a subject', () => {
  test('are followed from session to session, the nearest first', async () => {
    const calls = [call('R2:b > R3:c'), call('AIDA > R1:a'), call('R1:a > R2:b'), call('R1:other > R9:z')];
    const found = await read(calls, { principal: 'user:AIDA' });
    expect(namesIn(found)).toEqual(['R1:a', 'R2:b', 'R3:c']);
    expect(found.issued[0]).toEqual({
      name: 'R1:a',
      arn: 'arn:aws:sts::111122223333:assumed-role/R1/a',
      at: '2026-11-21T01:30:00.000Z',
      eventId: 'event-AIDA > R1:a',
      by: 'AIDA',
    });
    expect(found).toMatchObject({ cycle: [], more: false });
  });

  test('are those of that session alone, and of a role all', async () => {
    const calls = [call('R1:a > R2:b'), call('R1:x > R2:y')];
    expect(namesIn(await read(calls, { principal: 'role:R1', session: 'R1:a' }))).toEqual(['R2:b']);
    expect(namesIn(await read(calls, { principal: 'role:R1' }))).toEqual(['R2:b', 'R2:y']);
  });

  test.each([
    ['Nov 21, 2026, 1:59:59 AM', false],
    ['Nov 21, 2026, 2:00:01 AM', true],
    ['2026-11-21T01:59:59Z', false],
    ['2026-11-21T02:00:01Z', true],
    ['whenever', true],
    [undefined, true],
  ])('count while they may be in use: %s', async (expires, counts) => {
    const { expires: _none, ...endless } = call('AIDA > R1:a');
    const found = await read([expires === undefined ? endless : { ...endless, expires }], { principal: 'user:AIDA' });
    expect(namesIn(found)).toEqual(counts ? ['R1:a'] : []);
  });

  test('leave out what a user got for themselves, which ends with the user', async () => {
    const { name: _name, became: _became, ...token } = call('AIDA > R1:a');
    expect(namesIn(await read([token], { principal: 'user:AIDA' }))).toEqual([]);
  });

  test('come to an end in a circle, whose roles are named', async () => {
    const calls = [call('R1:a > R2:b'), call('R2:b > R3:x'), call('R2:b > R1:c'), call('R1:c > R2:b')];
    const found = await read(calls, { principal: 'role:R1', session: 'R1:a' });
    expect(namesIn(found)).toEqual(['R2:b', 'R3:x', 'R1:c']);
    expect([...found.cycle].sort()).toEqual(['R1', 'R2']);
    expect(found.more).toBe(false);
  });

  test('show a role that assumes itself', async () => {
    const found = await read([call('R1:a > R1:b')], { principal: 'role:R1', session: 'R1:a' });
    expect(namesIn(found)).toEqual(['R1:b']);
    expect(found.cycle).toEqual(['R1']);
  });

  test('show a circle that closed before them, by who opened them', async () => {
    const calls = [call('R1:a > R2:b'), call('R2:b > R1:c')];
    const found = await read(calls, { principal: 'role:R2', session: 'R2:b', keys: ['key-R2:b'] });
    expect([...found.cycle].sort()).toEqual(['R1', 'R2']);
  });

  test('are followed so far and no further, and that there are more is said', async () => {
    const wide = Array.from({ length: 60 }, (_, n) => call(`R1:a > R2:b${n}`));
    const found = await read(wide, { principal: 'role:R1', session: 'R1:a' });
    expect(found.issued).toHaveLength(40);
    expect(found.more).toBe(true);
    const deep = Array.from({ length: 200 }, (_, n) => call(`R${n}:a > R${n + 1}:a`));
    const followed = await read(deep, { principal: 'role:R0', session: 'R0:a' });
    expect(followed.queries.length).toBeLessThanOrEqual(40);
    expect(followed.more).toBe(true);
  });
});

describe('the login behind a session', () => {
  const login = { provider: 'ci.example.com', sub: 'repo:example/shop', claims: SUB };
  const other = { ...login, sub: 'repo:example/other', claims: { 'ci.example.com:sub': 'repo:example/other' } };

  test('is that of the very credentials that were seen, for others may bear the session’s name', async () => {
    const { byName: _one, bySession: _two, ...opened } = call('login > R1:ci');
    const calls = [
      { ...opened, accessKeyId: 'ASIASEEN', login },
      { ...opened, accessKeyId: 'ASIAOTHER', login: other },
    ];
    const found = await read(calls, { principal: 'role:R1', session: 'R1:ci', keys: ['ASIASEEN'] });
    expect(found.logins).toEqual([login]);
  });

  test('is not one that opened another role’s session', async () => {
    const { byName: _one, bySession: _two, ...opened } = call('login > R1:ci');
    const calls = [{ ...opened, login }, call('R1:ci > R2:b')];
    const found = await read(calls, { principal: 'role:R2', session: 'R2:b', keys: ['key-R2:b'] });
    expect(found.logins).toEqual([]);
  });
});
