import { expect, test } from 'vitest';
import { isGuarded } from '../../../shared/config/guarded.ts';

test.each([
  ['a policy that names no guard', {}, false],
  [
    'another account than the one that manages the organisation',
    { guard: { managementAccount: '999988887777' } },
    true,
  ],
  ['the account that manages the organisation', { guard: { managementAccount: '111122223333' } }, false],
])('under the guard, of %s: %s', (_of, policy, expected) => {
  expect(isGuarded(policy, { account: '111122223333' })).toBe(expected);
});
