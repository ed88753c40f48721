import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { isProtected, isProtectedPerson, protectedArns } from '../../../shared/config/protected.ts';
import { protectedPatternProblem } from '../../../shared/config/protected-pattern.ts';
import { EVE } from '../../support/fake-identity-center.ts';

const policy = {
  protected: [
    'arn:aws:iam::*:role/BreakGlass*',
    'arn:aws:iam::123456789012:user/ops/Alice',
    'arn:aws:iam::123456789012:role/deploy/c.i+*',
    'arn:aws:iam::*:root',
  ],
};

describe('a protected principal', () => {
  it.each([
    ['a role by wildcard, in any account', 'arn:aws:iam::999999999999:role/BreakGlass-2'],
    ['whatever its case, since IAM keeps names unique without regard to case', 'arn:aws:iam::1:role/breakGLASS'],
    ['a wildcard that matches nothing more', 'arn:aws:iam::1:role/BreakGlass'],
    ['a user with its path', 'arn:aws:iam::123456789012:user/ops/alice'],
    ['a session, by its role', 'arn:aws:sts::123456789012:assumed-role/BreakGlass-2/me@example.com'],
    ['a session of a role with a path, which its ARN does not show', 'arn:aws:sts::123456789012:assumed-role/c.i+7/x'],
    ['root', 'arn:aws:iam::123456789012:root'],
  ])('%s', (_, arn) => {
    expect(isProtected(policy, arn)).toBe(true);
  });
});

describe('a principal that is not protected', () => {
  it.each([
    ['another role', 'arn:aws:iam::1:role/Developer'],
    ['a role whose name only contains the words', 'arn:aws:iam::1:role/NotBreakGlass'],
    ['a user of the same name as a role', 'arn:aws:iam::1:user/BreakGlass'],
    ['the same name on another path', 'arn:aws:iam::123456789012:user/Alice'],
    ['the same name in another account', 'arn:aws:iam::000000000000:user/ops/Alice'],
    ['a dot and a plus are letters, not a regular expression', 'arn:aws:iam::123456789012:role/deploy/cxii7'],
    ['a session that merely calls itself so', 'arn:aws:sts::1:assumed-role/Developer/BreakGlass'],
    ['a star from outside is no wildcard', 'arn:aws:iam::1:role/*'],
    ['nothing', ''],
  ])('%s', (_, arn) => {
    expect(isProtected(policy, arn)).toBe(false);
  });

  it('is everybody when nothing is listed', () => {
    expect(isProtected({ protected: [] }, 'arn:aws:iam::1:role/BreakGlass')).toBe(false);
  });
});

it('a name is always protected by itself and by a star after any part of it', () => {
  const name = fc.stringMatching(/^[\w+=,.@-]{1,30}$/);
  fc.assert(
    fc.property(name, fc.nat(30), (role, cut) => {
      const entry = `arn:aws:iam::123456789012:role/${role.slice(0, cut)}*`;
      expect(isProtected({ protected: [entry] }, `arn:aws:iam::123456789012:role/${role}`)).toBe(true);
      expect(isProtected({ protected: [entry] }, `arn:aws:sts::123456789012:assumed-role/${role}/s`)).toBe(true);
      expect(isProtected({ protected: [entry] }, `arn:aws:iam::123456789013:role/${role}`)).toBe(false);
    }),
  );
});

it('a hostile pattern costs no more than its length times that of the ARN', () => {
  const entry = `arn:aws:iam::*:role/${'*a'.repeat(400)}b`;
  const arn = `arn:aws:iam::1:role/${'a'.repeat(2000)}`;
  expect(isProtected({ protected: [entry] }, arn)).toBe(false);
});

describe('a user of Identity Center', () => {
  test.each([
    [`idc:${EVE}`, true],
    [`idc:${EVE.toUpperCase()}`, true],
    ['idc:906792d3-b0e1-70f8-d7f2-5a0000000002', false],
    // Words that a policy file cannot hold, and an older asset could.
    ['idc:*', false],
    ['arn:aws:iam::*:user/*', false],
  ])('is protected by %s: %s', (entry, expected) => {
    expect(isProtectedPerson({ protected: [entry] }, EVE)).toBe(expected);
  });

  test('is not told to IAM, which knows nobody by it', () => {
    expect(protectedArns({ protected: [`idc:${EVE}`, 'arn:aws:iam::*:root'] })).toEqual(['arn:aws:iam::*:root']);
  });
});

describe('an entry of protected', () => {
  test.each([['arn:aws:iam::*:role/BreakGlass*'], ['arn:aws:iam::111122223333:root'], [`idc:${EVE}`]])(
    '%s is one',
    (entry) => {
      expect(protectedPatternProblem(entry)).toBeUndefined();
    },
  );

  test.each([
    ['idc:eve@example.com', "write idc: and the user's id"],
    ['idc:*', "write idc: and the user's id"],
    [`idc:${EVE.slice(0, 20)}*`, "write idc: and the user's id"],
    ['idc-name:eve@example.com', "write idc: and the user's id"],
    [`arn:aws:identitystore:::user/${EVE}`, `write idc:${EVE}`],
    ['arn:aws:identitystore::111122223333:group/g-1', 'name its users'],
    ['arn:aws:sso:::permissionSet/ssoins-1/ps-1', 'AWSReservedSSO_NAME_*'],
    ['arn:aws:s3:::acme-finance', 'is a resource, and none can be protected'],
    ['resource:arn:aws:cloudtrail:us-east-1:111122223333:trail/main', 'is a resource, and none can be protected'],
    ['arn:aws:iam::111122223333:policy/own', 'is not the ARN of an IAM user or role'],
    ['user:AIDAEXAMPLE0000000001', 'is not the ARN of an IAM user or role'],
    [7, 'is not text'],
  ])('%s is none, and what to write is said', (entry, said) => {
    expect(protectedPatternProblem(entry)).toContain(said);
  });
});
