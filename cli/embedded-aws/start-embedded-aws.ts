import { embeddedAccount, embeddedRegion } from './account.ts';
import { clientEnvironment, withoutAws } from './client-environment.ts';
import { askGivenEndpoint } from './given-endpoint.ts';
import { type LaunchOptions, launch } from './launch.ts';

export type EmbeddedAws = {
  endpoint: string;
  region: string;
  account: string;
  /** The variables that lead AWS's SDKs and the CDK to the endpoint. */
  env: Record<string, string>;
  /** A complete environment for a child process: `base` without anything of AWS, then `env`. */
  childEnvironment(base?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  /** MiniStack's log; undefined for an endpoint that somebody else runs. */
  logFile: string | undefined;
  /** Resolves when nothing of it is left. May be called more than once. Does nothing to an endpoint of somebody else. */
  stop(): Promise<void>;
};

/**
 * An AWS of our own on the loopback, which ends with this process however this process ends; or, when
 * RESCIND_AWS_ENDPOINT is set, the one that runs there.
 */
export async function startEmbeddedAws(options: LaunchOptions = {}): Promise<EmbeddedAws> {
  const given = process.env.RESCIND_AWS_ENDPOINT;
  if (given) {
    return describe({ endpoint: given, ...(await askGivenEndpoint(given)) }, undefined, async () => {});
  }
  const { server, endpoint, logFile } = await launch(options);
  return describe({ endpoint, region: embeddedRegion, account: embeddedAccount }, logFile, server.stop);
}

function describe(
  where: { endpoint: string; region: string; account: string },
  logFile: string | undefined,
  stop: () => Promise<void>,
): EmbeddedAws {
  const env = clientEnvironment(where);
  const childEnvironment = (base = process.env) => ({ ...withoutAws(base), ...env });
  return { ...where, env, childEnvironment, logFile, stop };
}
