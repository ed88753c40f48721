import { callerOf, regionOf, type StackOptions } from '../stack/connect.ts';
import { type ClientConfig, clientConfig } from '../stack/endpoint.ts';
import { CommandProblem } from '../stack/problem.ts';

/** An account as far as it must be known to turn the switch: without the stack, which may not be readable. */
export type Reached = {
  readonly config: ClientConfig & { readonly maxAttempts: number; readonly requestHandler: object };
  readonly stack: string;
  readonly account: string;
  readonly caller: string;
  readonly region: string;
  /** For the line that the command begins with. */
  readonly where: string;
};

/** A service that does not answer must not keep the next one waiting. Milliseconds. */
const PATIENCE = { maxAttempts: 2, requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 } } as const;

export async function reach(options: StackOptions): Promise<Reached> {
  const config = { ...(await clientConfig(options)), ...PATIENCE };
  const region = await regionOf(config);
  const identity = await callerOf(config).catch((error: unknown) => {
    if (!(error instanceof CommandProblem)) throw error;
    process.stderr.write(`${error.message}\n`);
    return { account: 'unknown', caller: 'somebody whom STS could not name' };
  });
  const where = `account ${identity.account}, region ${region}, ${config.endpoint ?? 'AWS'}`;
  return { config, stack: options.stack, ...identity, region, where };
}
