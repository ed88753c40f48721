import { embeddedAccount, embeddedRegion } from '../embedded-aws/account.ts';
import { localStatus } from '../embedded-aws/local-instance.ts';
import { CommandProblem } from './problem.ts';

/** What an SDK client is made with. Without an endpoint it is AWS itself, found by the SDK's own chain. */
export type ClientConfig = {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

/** `--local` (an embedded AWS kept up by `rescind local up`), then RESCIND_AWS_ENDPOINT, then AWS_ENDPOINT_URL, then AWS. */
export async function clientConfig(options: { readonly local?: boolean }): Promise<ClientConfig> {
  if (options.local === true) {
    const status = await localStatus();
    if (status.kind !== 'up')
      throw new CommandProblem('No embedded AWS is kept running. Start it with "npx rescind local up".');
    return {
      endpoint: status.instance.endpoint,
      region: embeddedRegion,
      credentials: { accessKeyId: embeddedAccount, secretAccessKey: 'embedded' },
    };
  }
  const endpoint = process.env.RESCIND_AWS_ENDPOINT || process.env.AWS_ENDPOINT_URL;
  return endpoint ? { endpoint } : {};
}
