import type { AccessEntry } from '../../../shared/access/access-entry.ts';
import type { SessionFact } from '../../../shared/access/session-fact.ts';
import { type AccessKeys, accessKeys } from '../../../shared/aws/access-items.ts';

/** The newest access of the table; the others lie before it, evenly over ninety days. */
export const NOW = new Date('2026-11-21T12:00:00Z');
const SPAN_MS = 90 * 24 * 3_600_000;
const PEOPLE = 500;
const SECRETS = 2_000;
const ACCOUNT = '111122223333';

export const PERSON = 'user:AIDA0';
export const SECRET = secretOf(0);

/**
 * Access number `i` of `count`, always the same: a user's own call, or one in a session of a role that the user assumed
 * that day. Every tenth is of the same secret, whatever the size of the table, and every twentieth by the same user.
 */
export function accessOf(i: number, count: number): AccessEntry {
  const at = new Date(NOW.getTime() - Math.floor(((count - i) / count) * SPAN_MS)).toISOString();
  const person = i % 20 === 7 ? 0 : 1 + ((i * 7919) % (PEOPLE - 1));
  const inSession = i % 3 === 0;
  return {
    eventId: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    at,
    principal: inSession ? 'role:AROA0' : `user:AIDA${person}`,
    who: inSession ? `deployer/person-${person}` : `person-${person}`,
    ...(inSession ? { session: sessionOf(person, at) } : {}),
    resource: {
      arn: secretOf(i % 10 === 0 ? 0 : 1 + ((i * 104_729) % (SECRETS - 1))),
      type: 'AWS::SecretsManager::Secret',
    },
    source: 'secretsmanager.amazonaws.com',
    action: 'GetSecretValue',
    readOnly: true,
    region: 'eu-central-1',
    account: ACCOUNT,
    sourceIp: `198.51.100.${person % 250}`,
    userAgent: 'aws-cli/2.31.0',
    result: 'success',
    mfa: true,
  };
}

/** Each user assumes the role once a day. */
export function* sessionsOf(): Generator<SessionFact & { readonly kind: 'issued' }> {
  for (let day = 0; day <= 90; day += 1) {
    const at = new Date(NOW.getTime() - day * 24 * 3_600_000).toISOString();
    for (let person = 0; person < PEOPLE; person += 1) {
      yield {
        kind: 'issued',
        accessKeyId: sessionOf(person, at),
        eventId: `issue-${person}-${day}`,
        at: `${at.slice(0, 10)}T00:00:00.000Z`,
        by: `user:AIDA${person}`,
        who: `person-${person}`,
        holder: 'role:AROA0',
        name: `AROA0:person-${person}`,
      };
    }
  }
}

export function keysOf(entry: AccessEntry): AccessKeys {
  return accessKeys.access(entry);
}

function sessionOf(person: number, at: string): string {
  return `ASIA${person}X${at.slice(0, 10).replaceAll('-', '')}`;
}

function secretOf(number: number): string {
  return `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:app-${number}/db-??????`;
}
