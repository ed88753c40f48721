import { AwsClient } from 'aws4fetch';
import type { Credentials } from './resolve-identity.ts';

/**
 * The lines of a log group that have these words in them, the oldest first, by FilterLogEvents as its SDK would ask: the
 * project has no such client, for no function of Rescind reads a log.
 */
export async function functionLog(
  of: { readonly endpoint: string; readonly region: string; readonly credentials: Credentials },
  logGroupName: string,
  words: string,
): Promise<readonly string[]> {
  const logs = new AwsClient({ ...of.credentials, service: 'logs', region: of.region, retries: 0 });
  const lines: string[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await logs.fetch(of.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.FilterLogEvents' },
      body: JSON.stringify({ logGroupName, ...(nextToken === undefined ? {} : { nextToken }) }),
    });
    if (!answer.ok) throw new Error(`The log ${logGroupName} cannot be read: ${await answer.text()}`);
    const page = (await answer.json()) as { events?: { message: string }[]; nextToken?: string };
    lines.push(...(page.events ?? []).map(({ message }) => message).filter((message) => message.includes(words)));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
}
