import type { SessionReader } from '../ports/session-reader.ts';

/** Other accounts that a role was opened to, by what the access record tells of them from before. */
export type Partners = {
  /** They had opened sessions of the role: they were let in already. */
  readonly known: readonly string[];
  /** Nobody can say: the record could not be read, or not to its end. */
  readonly untold: readonly string[];
};

export type PartnersOf = {
  readonly roleId: string;
  readonly accounts: readonly string[];
  /** When the role was opened to them, as the record has it: what they did since proves nothing. ISO 8601. */
  readonly before: string;
};

/** A trust policy may name more, and whoever writes one chooses how many. */
const MOST_ACCOUNTS = 20;
/** Of one account's newest sessions, whatever the role. */
const MOST_SESSIONS = 100;
const EVER = new Date(0).toISOString();

/** One query for each account. Only a session that was really handed out counts, or a call that was refused would make a partner. */
export async function partnersOf(
  reader: Pick<SessionReader, 'sessionsOf'>,
  { roleId, accounts, before }: PartnersOf,
): Promise<Partners> {
  const known: string[] = [];
  const untold = accounts.slice(MOST_ACCOUNTS);
  for (const account of accounts.slice(0, MOST_ACCOUNTS)) {
    const facts = await reader.sessionsOf(
      { kind: 'principal', key: `account:${account}` },
      { since: EVER, until: before, limit: MOST_SESSIONS },
    );
    const opened = facts.some(
      (fact) =>
        fact.kind === 'issued' &&
        fact.name?.startsWith(`${roleId}:`) === true &&
        Date.parse(fact.at) < Date.parse(before),
    );
    if (opened) known.push(account);
    else if (facts.length >= MOST_SESSIONS) untold.push(account);
  }
  return { known, untold };
}
