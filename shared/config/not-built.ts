/**
 * Keys that belong to the policy but have no code behind them yet. They are refused by name: a key that is
 * accepted and ignored would let an operator believe in a protection that is not there.
 */
export const NOT_BUILT = {
  policy: {
    playbooks: 'playbooks of your own are not built yet: use a built-in one in `responses`',
  },
  identityCenter: {
    account:
      'an instance of another account is not reached yet: deploy where IAM Identity Center is administered, or leave `identity-center` out',
  },
  approval: {
    default: 'an answer by default is not built yet: when nobody answers in time, nothing is changed',
    second: 'a second approval is not built yet',
  },
  alerts: {
    digest: 'the digest is not built yet: what is not a page goes to `information` at once',
    chat: 'chat channels are not built yet: subscribe with one of the protocols of `page` and `information`',
  },
} as const;
