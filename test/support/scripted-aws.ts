import { once } from 'node:events';
import { createServer } from 'node:http';
import { vi } from 'vitest';

export type AwsRequest = { readonly operation: string; readonly body: string };
export type AwsAnswer = { readonly status: number; readonly body: string };

/**
 * An AWS on the loopback that answers what a test tells it to, for a handler as it is: its own clients, its own
 * environment. Keeps every request, and every line that was logged.
 */
export async function startScriptedAws(answer: (request: AwsRequest) => AwsAnswer) {
  const requests: AwsRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const target = request.headers['x-amz-target'];
      const operation =
        typeof target === 'string'
          ? (target.split('.').at(-1) ?? '')
          : (new URLSearchParams(body).get('Action') ?? 'unknown');
      requests.push({ operation, body });
      const { status, body: text } = answer({ operation, body });
      response.writeHead(status, {
        'content-type': typeof target === 'string' ? 'application/x-amz-json-1.0' : 'text/xml',
      });
      response.end(text);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const environment = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: '111122223333',
    AWS_SECRET_ACCESS_KEY: 'embedded',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_MAX_ATTEMPTS: '1',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      lines.push(String(chunk));
      return true;
    });
  }
  return {
    requests,
    operations: () => requests.map(({ operation }) => operation),
    lines,
    stop(): void {
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
      server.close();
      server.closeAllConnections();
    },
  };
}

export type ScriptedAws = Awaited<ReturnType<typeof startScriptedAws>>;
