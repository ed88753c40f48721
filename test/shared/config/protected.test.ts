import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProtected } from '../../../shared/config/protected.ts';

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
