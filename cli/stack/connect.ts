import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createCaseStore } from '../../shared/aws/case-store.ts';
import type { CaseStore } from '../../shared/ports/case-store.ts';
import { type ClientConfig, clientConfig } from './endpoint.ts';
import { CommandProblem } from './problem.ts';

export type StackOptions = { readonly stack: string; readonly local?: boolean };

/** A deployed Rescind, as a command finds it by the outputs of its stack. */
export type Connection = {
  readonly config: ClientConfig;
  readonly account: string;
  readonly caller: string;
  readonly region: string;
  readonly store: CaseStore;
  readonly output: (name: string) => string;
  /** Where the commands act, for the line that every writing command begins with. */
  readonly where: string;
};

export async function connect(options: StackOptions): Promise<Connection> {
  const config = await clientConfig(options);
  const cloudFormation = new CloudFormationClient(config);
  const region = await regionOf(config);
  // One after the other: without credentials, the sentence about them is the one that helps.
  const identity = await callerOf(config);
  const outputs = await outputsOf(cloudFormation, options.stack);
  const output = (name: string): string => {
    const value = outputs.get(name);
    if (value === undefined)
      throw new CommandProblem(`Stack ${options.stack} has no output ${name}: deploy this version first.`);
    return value;
  };
  const store = createCaseStore(
    new DynamoDBClient(config),
    { cases: output('CasesTable'), state: output('StateTable') },
    { now: () => new Date() },
  );
  const where = `account ${identity.account}, region ${region}, ${config.endpoint ?? 'AWS'}`;
  return { config, ...identity, region, store, output, where };
}

export async function regionOf(config: ClientConfig): Promise<string> {
  try {
    return await new STSClient(config).config.region();
  } catch (error) {
    throw new CommandProblem(`No AWS region is configured: set AWS_REGION. (${nameOf(error)})`, 2);
  }
}

export async function callerOf(config: ClientConfig): Promise<{ account: string; caller: string }> {
  try {
    const { Account, Arn } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
    return { account: Account ?? 'unknown', caller: Arn ?? 'unknown' };
  } catch (error) {
    throw new CommandProblem(
      `${config.endpoint ?? 'AWS'} does not say who you are (${nameOf(error)}). Check your AWS credentials and the endpoint.`,
    );
  }
}

async function outputsOf(client: CloudFormationClient, stack: string): Promise<ReadonlyMap<string, string>> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = Stacks?.[0]?.Outputs ?? [];
    return new Map(
      outputs.flatMap(({ OutputKey, OutputValue }) => (OutputKey && OutputValue ? [[OutputKey, OutputValue]] : [])),
    );
  } catch (error) {
    throw new CommandProblem(
      `Stack ${stack} cannot be read here (${nameOf(error)}). Deploy it with "npx cdk deploy", or name another with --stack.`,
    );
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown fault';
}
