import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { callerOf, regionOf, type StackOptions } from '../stack/connect.ts';
import { type ClientConfig, clientConfig } from '../stack/endpoint.ts';
import { CommandProblem } from '../stack/problem.ts';
import { accountFolder } from './direct-folder.ts';

/** An account on which the caller acts with their own credentials. */
export type DirectConnection = {
  readonly config: ClientConfig;
  readonly account: string;
  readonly caller: string;
  readonly region: string;
  readonly partition: string;
  /** Where the cases of the account lie. */
  readonly folder: string;
  readonly where: string;
};

export async function connectDirect(options: StackOptions): Promise<DirectConnection> {
  const config = await clientConfig(options);
  const region = await regionOf(config);
  const { account, caller } = await callerOf(config);
  const partition = caller.split(':')[1] || 'aws';
  const folder = accountFolder(account, config.endpoint);
  const where = `account ${account}, region ${region}, ${config.endpoint ?? 'AWS'}`;
  return { config, account, caller, region, partition, folder, where };
}

/** Two Rescinds with a ledger each would take each other's changes for the baseline. */
export async function refuseBesideStack(
  { config }: DirectConnection,
  stack: string,
  tell: (line: string) => void,
): Promise<void> {
  try {
    await new CloudFormationClient(config).send(new DescribeStacksCommand({ StackName: stack }));
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown fault';
    // How CloudFormation says that there is none.
    if (name !== 'ValidationError') tell(`Whether a stack ${stack} is deployed here could not be seen (${name}).`);
    return;
  }
  throw new CommandProblem(`The stack ${stack} is deployed here: leave --direct out, and it does it.`, 2);
}
