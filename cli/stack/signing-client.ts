import { STSClient } from '@aws-sdk/client-sts';
import { AwsClient } from 'aws4fetch';
import type { Connection } from './connect.ts';

/** Signs requests to a service with the caller's own credentials. Nothing is sent twice. */
export async function signingClient({ config, region }: Connection, service: string): Promise<AwsClient> {
  const { accessKeyId, secretAccessKey, sessionToken } = await new STSClient(config).config.credentials();
  return new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    service,
    region,
    retries: 0,
  });
}
