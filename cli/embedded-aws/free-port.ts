import { createServer } from 'node:net';
import { EmbeddedAwsError } from './embedded-aws-error.ts';

export const loopback = '127.0.0.1';

/** A port on the loopback that is free now. It is taken a moment later, so the caller tries again if it lost the race. */
export async function freePort(): Promise<number> {
  const port = await tryPort(0);
  if (port.kind === 'free') return port.port;
  throw new EmbeddedAwsError(
    `No port on ${loopback} can be opened (${port.code})`,
    'allow this program to listen on the loopback and run the command again',
  );
}

/** Throws in one sentence when somebody else listens on `port` or this user may not. */
export async function requireFreePort(port: number): Promise<void> {
  const result = await tryPort(port);
  if (result.kind === 'free') return;
  throw new EmbeddedAwsError(
    `Port ${port} on ${loopback} cannot be opened (${result.code})`,
    'choose another one with --port, or leave it out to take any free port',
  );
}

type PortTrial = { kind: 'free'; port: number } | { kind: 'blocked'; code: string };

function tryPort(port: number): Promise<PortTrial> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ kind: 'blocked', code: error.code ?? error.message }),
    );
    server.listen({ host: loopback, port }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve({ kind: 'free', port: bound }));
    });
  });
}
