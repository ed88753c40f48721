import { createServer } from 'node:http';
import { isJsonObject, type JsonObject } from '../../../shared/json.ts';

/** CloudTrail's own limit, by its API reference. */
const EVENTS_OF_A_PAGE = 50;

/**
 * CloudTrail's history as its API reference tells it, with these records, the newest first: the embedded AWS answers one page,
 * of calls whose callers it does not know. Keeps what it was asked.
 */
export async function startTrailDouble(records: readonly JsonObject[]) {
  const asked: JsonObject[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk;
    });
    request.on('end', () => {
      const lookup: unknown = JSON.parse(body);
      if (isJsonObject(lookup)) asked.push(lookup);
      const first = isJsonObject(lookup) ? Number(lookup.NextToken ?? 0) : 0;
      const next = first + EVENTS_OF_A_PAGE;
      const Events = records.slice(first, next).map((record) => ({ CloudTrailEvent: JSON.stringify(record) }));
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ Events, ...(next < records.length ? { NextToken: String(next) } : {}) }));
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The double of CloudTrail got no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked: asked as readonly JsonObject[],
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
