import { AwsClient } from 'aws4fetch';
import type { JsonObject } from '../../shared/json.ts';
import type { Credentials } from './resolve-identity.ts';

export type SecretsManagerAnswer = { readonly output: JsonObject; readonly requestId: string | undefined };

/** Calls of Secrets Manager with somebody's credentials, signed and sent as its SDK would: no function of Rescind reads a value. */
export function createSecretsManager(of: {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
}) {
  const client = new AwsClient({ ...of.credentials, service: 'secretsmanager', region: of.region, retries: 0 });
  return async (operation: string, input: JsonObject): Promise<SecretsManagerAnswer> => {
    const answer = await client.fetch(of.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `secretsmanager.${operation}` },
      body: JSON.stringify(input),
    });
    if (!answer.ok) throw new Error(`Secrets Manager refused ${operation}: ${await answer.text()}`);
    return {
      output: (await answer.json()) as JsonObject,
      requestId: answer.headers.get('x-amzn-requestid') ?? undefined,
    };
  };
}
