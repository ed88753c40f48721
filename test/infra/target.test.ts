import { describe, expect, test } from 'vitest';
import { chooseTarget } from '../../infra/configuration/target.ts';

const homeRegion = 'eu-central-1';

describe('where the stack goes', () => {
  test('without local: to the account of the credentials, in the home region of the policy', () => {
    expect(chooseTarget({ local: false, account: '123456789012', homeRegion })).toEqual({
      kind: 'aws',
      account: '123456789012',
      region: 'eu-central-1',
    });
  });

  test('local refuses the account of a real AWS', () => {
    const target = chooseTarget({ local: true, account: '123456789012', homeRegion });
    expect(target).toMatchObject({ kind: 'refused', why: expect.stringContaining('123456789012') });
  });

  test.each(['111122223333', '000000000000'])('local takes %s, which is no real account', (account) => {
    expect(chooseTarget({ local: true, account, homeRegion })).toEqual({
      kind: 'embedded',
      account,
      region: 'eu-central-1',
    });
  });

  test('local without credentials is bound to an account that is not real', () => {
    expect(chooseTarget({ local: true, account: undefined, homeRegion })).toMatchObject({ account: '111122223333' });
  });
});
