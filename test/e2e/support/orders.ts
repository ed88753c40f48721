import { AwsClient } from 'aws4fetch';
import type { Credentials } from '../../../cli/staging/resolve-identity.ts';
import type { Order } from '../../../shared/cases/operate.ts';
import type { OpenStage } from './open-stage.ts';

export type OrderAnswer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };

/** Sends an order as a person would: signed with credentials, the account's operator by default. */
export async function give(stage: OpenStage, order: Order, credentials?: Credentials): Promise<OrderAnswer> {
  const { accessKeyId, secretAccessKey, sessionToken } = {
    sessionToken: undefined,
    ...(credentials ?? stage.config.credentials),
  };
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    service: 'lambda',
    region: stage.facts.region,
    retries: 0,
  });
  return read(
    await client.fetch(operateUrl(stage), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    }),
  );
}

/** The same door without a signature, or with another method. */
export async function knock(stage: OpenStage, method: 'GET' | 'POST', order: Order): Promise<OrderAnswer> {
  const query = new URLSearchParams({ order: JSON.stringify(order) });
  return read(
    await fetch(method === 'GET' ? `${operateUrl(stage)}?${query}` : operateUrl(stage), {
      method,
      ...(method === 'POST' ? { body: JSON.stringify(order) } : {}),
    }),
  );
}

/** The same door with a signature, by a method that must change nothing. */
export async function giveByGet(stage: OpenStage, order: Order): Promise<OrderAnswer> {
  const { accessKeyId, secretAccessKey } = stage.config.credentials;
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    service: 'lambda',
    region: stage.facts.region,
    retries: 0,
  });
  const query = new URLSearchParams({ order: JSON.stringify(order) });
  return read(await client.fetch(`${operateUrl(stage)}?${query}`));
}

/** An emulator cannot own the host name of a function URL: it serves the same function by path. */
function operateUrl({ facts, output }: OpenStage): string {
  const [id] = new URL(output('OperateUrl')).hostname.split('.');
  return `${facts.endpoint}/_aws/lambda-url/${id}/`;
}

async function read(response: Response): Promise<OrderAnswer> {
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) as Record<string, unknown> };
  } catch {
    return { status: response.status, body: { text } };
  }
}
