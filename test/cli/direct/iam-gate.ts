import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What becomes of one call: it goes through, its answer never comes back, it never arrives, nobody knows it, or this answers. */
export type Fate =
  | 'pass'
  | 'answer-lost'
  | 'lost'
  | 'unknown-operation'
  | { readonly answer: string; readonly status?: number };

/** Stands between a command and the embedded AWS. `decide` is asked about each call of IAM, by its operation and parameters. */
export async function startIamGate(
  endpoint: string,
  decide: (operation: string, parameters: URLSearchParams) => Fate | Promise<Fate>,
) {
  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) => response.writeHead(503).end(String(error)));
  });

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks).toString('utf8');
    const parameters = new URLSearchParams(body);
    const operation = parameters.get('Action') ?? 'unknown';
    const fate = await decide(operation, parameters);
    if (fate === 'lost') return;
    if (typeof fate === 'object') {
      response.writeHead(fate.status ?? 200, { 'content-type': 'text/xml' }).end(fate.answer);
      return;
    }
    if (fate === 'unknown-operation') {
      const xml = '<ErrorResponse><Error><Code>InvalidAction</Code><Message>not here</Message></Error></ErrorResponse>';
      response.writeHead(400, { 'content-type': 'text/xml' }).end(xml);
      return;
    }
    const headers = Object.entries(request.headers).filter(
      ([name]) => !['host', 'connection', 'content-length', 'transfer-encoding', 'expect'].includes(name),
    );
    const answer = await fetch(new URL(request.url ?? '/', endpoint), {
      method: request.method ?? 'POST',
      headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
      body,
    });
    const text = await answer.text();
    if (fate === 'answer-lost') return;
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/xml' }).end(text);
  }

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The gate got no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** What changes IAM. */
export function isWrite(operation: string): boolean {
  return /^(Attach|Detach|Put|Delete|Update)/.test(operation);
}
