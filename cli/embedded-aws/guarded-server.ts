import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const guardFile = fileURLToPath(new URL('./guard.py', import.meta.url));
const stopWithinMs = 10_000;

const idsSchema = z.object({ guard: z.int(), server: z.int(), folder: z.string() });

/** Process ids of the guard and of MiniStack (which leads the group of its workers), and the temporary folder. */
export type ServerIds = z.infer<typeof idsSchema>;

export type GuardedServer = {
  /** Rejects when the guard ends before it could start MiniStack. */
  ids: Promise<ServerIds>;
  /** Resolves when guard, MiniStack, its workers and its folder are gone, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
  /** From now on it outlives this process, and only a SIGTERM to its guard stops it. */
  setFree(): Promise<void>;
};

/** Starts MiniStack under its guard. It ends with this process, however that ends, unless it is set free. */
export function startGuardedServer(options: {
  interpreter: string;
  instance: string;
  env: Record<string, string>;
  logFile: number;
}): GuardedServer {
  // A session of its own, so that Ctrl-C in the terminal reaches us only and we may still talk to it while we end.
  const guard = spawn(options.interpreter, ['-I', guardFile, options.instance], {
    detached: true,
    env: options.env,
    stdio: ['pipe', 'pipe', options.logFile],
  });
  // A guard that is gone closes its end; `ended` tells, and the write that came too late must not be a crash.
  guard.stdin?.on('error', () => {});

  const ids = readIds(guard);
  // Whoever waits for the ids learns of a failure; nobody has to.
  ids.catch(() => {});
  let lastIds: ServerIds | undefined;
  let free = false;
  void ids.then(
    (known) => {
      lastIds = known;
    },
    () => {},
  );
  const ended = new Promise<void>((resolve) => {
    guard.once('error', () => resolve());
    guard.once('exit', () => {
      // The guard normally leaves nothing. If it was itself killed, the group and the folder are still there.
      if (lastIds !== undefined && !free) {
        killGroup(lastIds.server);
        rmSync(lastIds.folder, { recursive: true, force: true, maxRetries: 5 });
      }
      resolve();
    });
  });
  // The server must not keep us alive: when we have nothing left to do, we end, and the pipe tells the guard.
  void ids.then(
    () => {
      guard.unref();
      unrefStream(guard.stdin);
      unrefStream(guard.stdout);
    },
    () => {},
  );

  const stop = async () => {
    guard.ref();
    guard.stdin?.end();
    const tooLate = setTimeout(() => {
      if (lastIds !== undefined) killGroup(lastIds.server);
      guard.kill('SIGKILL');
    }, stopWithinMs);
    await ended;
    clearTimeout(tooLate);
  };
  const setFree = () =>
    new Promise<void>((resolve, reject) => {
      free = true;
      guard.stdin?.write('free\n', (error) => (error ? reject(error) : resolve()));
    });
  return { ids, ended, stop, setFree };
}

async function readIds(guard: ChildProcess): Promise<ServerIds> {
  if (guard.stdout === null) throw new Error('The guard was started without a pipe for its output.');
  const lines = createInterface({ input: guard.stdout });
  const gone = new Promise<never>((_, reject) => {
    guard.once('error', reject);
    guard.once('exit', (code) => reject(new Error(`The guard of MiniStack ended at once (exit code ${code}).`)));
  });
  const [line] = await Promise.race([once(lines, 'line'), gone]);
  lines.close();
  return idsSchema.parse(JSON.parse(String(line)));
}

/** Node types the ends of a child's pipes as plain streams; they are sockets, and only a socket can be unreferenced. */
function unrefStream(stream: object | null): void {
  if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
}

export function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return; // Already gone, which was the aim.
    throw error;
  }
}
