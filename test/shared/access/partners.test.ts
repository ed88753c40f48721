import { describe, expect, test } from 'vitest';
import { partnersOf } from '../../../shared/access/partners.ts';
import type { SessionFact } from '../../../shared/access/session-fact.ts';
import type { SessionsAsked, SessionsOf } from '../../../shared/ports/session-reader.ts';

const BEFORE = '2026-11-21T02:00:00Z';

function issued(account: string, at: string, name = 'AROABUILD:nightly'): SessionFact {
  return {
    kind: 'issued',
    accessKeyId: 'ASIAPARTNER',
    eventId: `event-${at}`,
    at,
    by: `account:${account}`,
    who: `account ${account}`,
    holder: 'role:AROABUILD',
    name,
  };
}

function ask(facts: readonly SessionFact[], accounts: readonly string[]) {
  const asked: (SessionsOf & SessionsAsked)[] = [];
  const reader = {
    async sessionsOf(of: SessionsOf, how: SessionsAsked) {
      asked.push({ ...of, ...how });
      return facts.filter((fact) => fact.kind === 'issued' && fact.by === of.key).slice(0, how.limit);
    },
  };
  return { asked, found: partnersOf(reader, { roleId: 'AROABUILD', accounts, before: BEFORE }) };
}

describe('an account to which a role was opened', () => {
  test('was let in before where it had opened a session of the role, and not where nothing is on record', async () => {
    const { found, asked } = ask(
      [issued('444455556666', '2026-10-01T08:00:00.000Z')],
      ['444455556666', '777788889999'],
    );
    expect(await found).toEqual({ known: ['444455556666'], untold: [] });
    expect(asked).toMatchObject([
      { kind: 'principal', key: 'account:444455556666', until: BEFORE },
      { kind: 'principal', key: 'account:777788889999', until: BEFORE },
    ]);
  });

  test.each([
    ['a session of another role', issued('444455556666', '2026-10-01T08:00:00.000Z', 'AROAOTHER:nightly')],
    ['a session of a role whose id begins alike', issued('444455556666', '2026-10-01T08:00:00.000Z', 'AROABUILDER:x')],
    ['a session of the very second of the call, which may have opened it', issued('444455556666', BEFORE)],
  ])('is no partner by %s', async (_, fact) => {
    expect(await ask([fact], ['444455556666']).found).toEqual({ known: [], untold: [] });
  });

  test('is not told where its sessions are more than are read, or the accounts more than are asked about', async () => {
    const many = Array.from({ length: 100 }, () => issued('444455556666', '2026-10-01T08:00:00.000Z', 'AROAOTHER:x'));
    const accounts = [
      '444455556666',
      ...Array.from({ length: 20 }, (_, n) => `7777888899${String(n).padStart(2, '0')}`),
    ];
    const { found, asked } = ask(many, accounts);
    expect(await found).toEqual({ known: [], untold: ['777788889919', '444455556666'] });
    expect(asked).toHaveLength(20);
  });
});
