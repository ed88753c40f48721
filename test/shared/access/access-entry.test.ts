import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entriesOf, groupEntries } from '../../../shared/access/access-entry.ts';
import { issuedSession } from '../../../shared/access/issued-session.ts';
import { type Principal, principalLabel } from '../../../shared/access/principal.ts';
import { principalKey } from '../../../shared/access/principal-key.ts';
import { accessKeys } from '../../../shared/aws/access-items.ts';
import { toItem } from '../../../shared/aws/items.ts';
import { anEvent, SESSION } from './an-event.ts';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-??????';

describe('the entries of an event', () => {
  test('say who, what, when, from where, and how it ended', () => {
    expect(entriesOf(anEvent())).toEqual([
      {
        eventId: '6a1f3c52-9f0e-4d8f-8d65-111111111101',
        at: '2026-11-20T02:14:07.000Z',
        principal: 'user:AIDAEXAMPLE1',
        who: 'alice',
        resource: { arn: SECRET, type: 'AWS::SecretsManager::Secret' },
        source: 'secretsmanager.amazonaws.com',
        action: 'GetSecretValue',
        readOnly: true,
        region: 'eu-central-1',
        account: '111122223333',
        sourceIp: '198.51.100.24',
        userAgent: 'aws-cli/2.31.0',
        result: 'success',
      },
    ]);
  });

  test('say which session it was, whose, with which factor, through which service, and what was refused', () => {
    const [entry] = entriesOf(
      anEvent({ userIdentity: { ...SESSION, invokedBy: 'athena.amazonaws.com' }, errorCode: 'AccessDenied' }),
    );
    expect(entry).toMatchObject({
      principal: 'role:AROAEXAMPLE1',
      who: 'deployer/alice@example.com',
      session: 'ASIAEXAMPLE2',
      sourceIdentity: 'alice',
      via: 'athena.amazonaws.com',
      mfa: true,
      result: 'denied',
      errorCode: 'AccessDenied',
    });
  });

  test('are one for each resource', () => {
    const fields = {
      eventName: 'GetParameters',
      eventSource: 'ssm.amazonaws.com',
      requestParameters: { names: ['a', 'b'] },
    };
    expect(entriesOf(anEvent(fields)).map(({ resource }) => resource?.arn)).toEqual([
      'arn:aws:ssm:eu-central-1:111122223333:parameter/a',
      'arn:aws:ssm:eu-central-1:111122223333:parameter/b',
    ]);
  });

  test('are one without a resource where there is none', () => {
    const entries = entriesOf(anEvent({ eventName: 'ListSecrets', requestParameters: null }));
    expect(entries).toHaveLength(1);
    expect(entries[0]).not.toHaveProperty('resource');
  });

  test('tell how many resources were left out', () => {
    const names = Array.from({ length: 52 }, (_, i) => `p${i}`);
    const entries = entriesOf(
      anEvent({ eventSource: 'ssm.amazonaws.com', eventName: 'GetParameters', requestParameters: { names } }),
    );
    expect(entries).toHaveLength(50);
    expect(entries.every(({ leftOut }) => leftOut === 2)).toBe(true);
  });

  test('of an ordinary call take less than a kilobyte in the table', () => {
    const event = anEvent({
      userIdentity: { ...SESSION, invokedBy: 'athena.amazonaws.com' },
      errorCode: 'AccessDenied',
    });
    for (const entry of entriesOf(event)) {
      const item = toItem({ ...entry, ...entry.resource, ...accessKeys.access(entry), ttl: 1_800_000_000 });
      const bytes = Object.entries(item).reduce(
        (sum, [name, value]) => sum + name.length + Buffer.byteLength(String(Object.values(value)[0])),
        0,
      );
      expect(bytes).toBeLessThan(1_024);
    }
  });

  test('fit a table whatever the record holds: no half letters, no key beyond its limit, at most 4 KB', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4_000 }),
      fc.constantFrom('\uD800', 'ü'.repeat(5_000)),
    );
    fc.assert(
      fc.property(text, text, text, text, (eventID, name, errorCode, userAgent) => {
        const identity = { type: 'SAMLUser', userName: name, identityProvider: errorCode };
        const event = anEvent({
          eventID: `e${eventID}`,
          userIdentity: identity,
          errorCode,
          userAgent,
          requestParameters: { secretId: name },
        });
        for (const entry of entriesOf(event)) {
          const { pk, sk } = accessKeys.access(entry);
          expect(Buffer.byteLength(pk)).toBeLessThanOrEqual(2_048);
          expect(Buffer.byteLength(sk)).toBeLessThanOrEqual(1_024);
          const json = JSON.stringify(entry);
          expect(json).not.toMatch(/\\ud[89a-f][0-9a-f]{2}/);
          expect(Buffer.byteLength(json)).toBeLessThan(8_192);
        }
      }),
    );
  });
});

describe('entries that are counted together', () => {
  test('are those of one principal on one resource, whether it was named by name or by ARN', () => {
    const byName = entriesOf(anEvent());
    const byArn = entriesOf(anEvent({ requestParameters: { secretId: SECRET.replace('??????', 'AbC123') } }));
    const ofOther = entriesOf(anEvent({ requestParameters: { secretId: 'prod/other' } }));
    const bySession = entriesOf(anEvent({ userIdentity: SESSION }));
    const groups = groupEntries([...byName, ...ofOther, ...byArn, ...bySession]);
    expect(groups.map((group) => group.length)).toEqual([2, 1, 1]);
  });
});

describe('the key of a principal', () => {
  const cases: readonly (readonly [Principal, string])[] = [
    [{ kind: 'identity-center-user', userId: 'u-1' }, 'idc:u-1'],
    [{ kind: 'saml-user', name: 'carol', provider: 'corp' }, 'saml-user:corp#carol'],
    [{ kind: 'root', account: '111122223333' }, 'root:111122223333'],
    [{ kind: 'account', account: '444455556666' }, 'account:444455556666'],
    [{ kind: 'service', invokedBy: 'ec2.amazonaws.com' }, 'service:ec2.amazonaws.com'],
    [{ kind: 'unknown', reason: 'x' }, 'unknown'],
  ];
  test.each(cases)('%j is %s', (principal, expected) => {
    expect(principalKey(principal)).toBe(expected);
    expect(principalLabel(principal)).not.toBe('');
  });
});

describe('a session that was handed out', () => {
  const assumed = {
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    userIdentity: SESSION,
    requestParameters: {
      roleArn: 'arn:aws:iam::111122223333:role/admin',
      roleSessionName: 'x',
      sourceIdentity: 'alice',
    },
    responseElements: {
      credentials: { accessKeyId: 'ASIAEXAMPLE3', expiration: 'Nov 20, 2026, 3:14:07 AM', sessionToken: 'secret' },
      assumedRoleUser: { assumedRoleId: 'AROAEXAMPLE9:x', arn: 'arn:aws:sts::111122223333:assumed-role/admin/x' },
    },
  };

  test('leads back to who asked for it, and in which session of theirs', () => {
    expect(issuedSession(anEvent(assumed))).toEqual({
      accessKeyId: 'ASIAEXAMPLE3',
      eventId: '6a1f3c52-9f0e-4d8f-8d65-111111111101',
      at: '2026-11-20T02:14:07.000Z',
      by: 'role:AROAEXAMPLE1',
      who: 'deployer/alice@example.com',
      bySession: 'ASIAEXAMPLE2',
      byName: 'AROAEXAMPLE1:alice@example.com',
      sourceIp: '198.51.100.24',
      mfa: true,
      holder: 'role:AROAEXAMPLE9',
      name: 'AROAEXAMPLE9:x',
      became: 'arn:aws:sts::111122223333:assumed-role/admin/x',
      roleArn: 'arn:aws:iam::111122223333:role/admin',
      sourceIdentity: 'alice',
      expires: 'Nov 20, 2026, 3:14:07 AM',
    });
  });

  test.each([
    ['was refused', { ...assumed, errorCode: 'AccessDenied', responseElements: null }],
    ['is told by another service', { ...assumed, eventSource: 'example.amazonaws.com' }],
    ['has no key', { ...assumed, responseElements: { credentials: {} } }],
  ])('is none where it %s', (_, fields) => {
    expect(issuedSession(anEvent(fields))).toBeUndefined();
  });
});
