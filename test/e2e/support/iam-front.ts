import { createServer, type IncomingMessage } from 'node:http';

/** One call that a function of Rescind made to IAM, as it went over the wire. */
export type IamCall = { readonly operation: string; readonly parameters: Readonly<Record<string, string>> };

/**
 * Stands between the deployed functions and IAM and writes down what passes, so that a test counts the calls that were
 * really made and need not believe the ledger. Who calls IAM directly is not seen: the attackers, and the tests.
 */
export async function startIamFront() {
  const calls: IamCall[] = [];
  let target: string | undefined;
  const server = createServer((request, response) => {
    pass(request).then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      (error: unknown) => response.writeHead(503).end(String(error)),
    );
  });

  async function pass(request: IncomingMessage) {
    const body = await textOf(request);
    if (target === undefined) throw new Error('The embedded AWS behind this front does not run yet.');
    const { Action: operation = 'unknown', ...parameters } = Object.fromEntries(new URLSearchParams(body));
    calls.push({ operation, parameters });
    const headers = { ...request.headers };
    // Fetch makes these of its own body and connection.
    for (const name of ['host', 'connection', 'content-length', 'transfer-encoding', 'expect']) delete headers[name];
    const answer = await fetch(new URL(request.url ?? '/', target), {
      method: request.method ?? 'POST',
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      body,
    });
    return { status: answer.status, type: answer.headers.get('content-type') ?? 'text/xml', body: await answer.text() };
  }

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The front of IAM got no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls: calls as readonly IamCall[],
    leadTo: (endpoint: string) => {
      target = endpoint;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
