import { EmbeddedAwsError } from './embedded-aws-error.ts';

const signs: readonly { pattern: RegExp; problem: string; remedy: string }[] = [
  {
    pattern: /DO NOT MATCH THE HASHES/,
    problem: 'A downloaded package is not the one that this version of Rescind was tested with (its hash differs)',
    remedy: 'nothing was installed; check the package index or proxy that pip is configured to use',
  },
  {
    pattern:
      /NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|Name or service not known|name resolution|unreachable|Connection (refused|reset|broken|aborted)/i,
    problem: 'MiniStack could not be downloaded from the Python package index',
    remedy:
      'connect to the network once (or set PIP_INDEX_URL to a mirror) and run the command again; later runs need no network',
  },
  {
    pattern: /SSLError|CERTIFICATE_VERIFY_FAILED/,
    problem: 'The Python package index presented a certificate that this machine does not trust',
    remedy: 'set PIP_CERT to the certificate file of your proxy and run the command again',
  },
  {
    pattern: /No matching distribution found|Could not find a version/,
    problem: 'The package index has no ready-made build of a required package for this Python and platform',
    remedy: 'use a Python from 3.10 to 3.14 on Linux or macOS (RESCIND_PYTHON names one) and run the command again',
  },
  {
    pattern: /No space left on device/,
    problem: 'The disk is full',
    remedy: 'free about 100 MB and run the command again',
  },
];

/** Turns what pip printed into one sentence. The order matters: without a network pip also says that nothing matches. */
export function whyInstallFailed(pipOutput: string): EmbeddedAwsError {
  const sign = signs.find(({ pattern }) => pattern.test(pipOutput));
  if (sign !== undefined) return new EmbeddedAwsError(sign.problem, sign.remedy);
  const detail = pipOutput.trim().split('\n').at(-1) ?? 'no output';
  return new EmbeddedAwsError(
    `MiniStack could not be installed (${detail.slice(0, 300)})`,
    'solve what pip reports and run the command again',
  );
}
