import { describe, expect, it } from 'vitest';
import { whyInstallFailed } from '../../../cli/embedded-aws/install-problem.ts';

// The first two lines of what pip 24 prints in each situation, shortened.
const cases: readonly { situation: string; output: string; problem: RegExp }[] = [
  {
    situation: 'no network',
    output: `WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')'
ERROR: Could not find a version that satisfies the requirement ministack==1.4.21 (from versions: none)`,
    problem: /could not be downloaded/,
  },
  {
    situation: 'another file under the same name',
    output: 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.',
    problem: /its hash differs/,
  },
  {
    situation: 'a proxy that opens TLS',
    output:
      "There was a problem confirming the ssl certificate: SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))",
    problem: /certificate/,
  },
  {
    situation: 'a platform without wheels',
    output: 'ERROR: No matching distribution found for pyyaml==6.0.3',
    problem: /no ready-made build/,
  },
  {
    situation: 'anything else: its last line',
    output: 'noise\nERROR: Something new',
    problem: /^MiniStack could not be installed \(ERROR: Something new\)$/,
  },
];

describe('whyInstallFailed', () => {
  it.each(cases)('explains $situation', ({ output, problem }) => {
    const error = whyInstallFailed(output);
    expect(error.problem).toMatch(problem);
    expect(error.message).not.toContain('\n');
  });
});
