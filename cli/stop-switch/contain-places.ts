import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { ownRoleName } from '../../shared/cases/own-roles.ts';
import type { Reserved } from '../../shared/cases/stop-switch.ts';
import type { ClientConfig } from '../stack/endpoint.ts';

/** The function and its role bear the same fixed name. */
export const CONTAIN_FUNCTION = ownRoleName('contain');

/** Contain's reserved concurrency: with none at all, Lambda itself refuses to run it. */
export async function readPlaces(config: ClientConfig): Promise<Reserved> {
  const { ReservedConcurrentExecutions } = await new LambdaClient(config).send(
    new GetFunctionConcurrencyCommand({ FunctionName: CONTAIN_FUNCTION }),
  );
  return ReservedConcurrentExecutions ?? null;
}

export async function reservePlaces(config: ClientConfig, places: Reserved): Promise<void> {
  const client = new LambdaClient(config);
  const FunctionName = CONTAIN_FUNCTION;
  if (places === null) await client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  else {
    await client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: places }));
  }
}
