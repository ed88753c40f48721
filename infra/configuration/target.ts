/**
 * Accounts that belong to nobody: AWS never gives out the first, and keeps the second for examples in its documentation.
 * Emulators answer as one of them.
 */
export const EMULATED_ACCOUNTS = ['111122223333', '000000000000'] as const;

export type Target =
  | { readonly kind: 'aws'; readonly account: string | undefined; readonly region: string }
  | { readonly kind: 'embedded'; readonly account: string; readonly region: string }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Where the stack goes. `--context local=true` allows times that are too short for a real account, so such a stack is
 * bound to an account that cannot be real: the CDK refuses other credentials, its assets lie in a bucket of that account,
 * and the template asserts it.
 *
 * @param account of the current credentials, as the CDK's command line found it; without one (synth only), the first emulated.
 */
export function chooseTarget(options: {
  readonly local: boolean;
  readonly account: string | undefined;
  readonly homeRegion: string;
}): Target {
  const { local, account, homeRegion: region } = options;
  if (!local) return { kind: 'aws', account, region };
  const emulated = account ?? EMULATED_ACCOUNTS[0];
  if (EMULATED_ACCOUNTS.some((candidate) => candidate === emulated)) {
    return { kind: 'embedded', account: emulated, region };
  }
  return {
    kind: 'refused',
    why:
      `--context local=true is for an embedded AWS only, which answers as account ${EMULATED_ACCOUNTS.join(' or ')}; ` +
      `these credentials are of account ${emulated}. Leave the context out to deploy to AWS.`,
  };
}
