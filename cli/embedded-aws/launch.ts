import { randomUUID } from 'node:crypto';
import { EmbeddedAwsError } from './embedded-aws-error.ts';
import { findPython } from './find-python.ts';
import { freePort, loopback, requireFreePort } from './free-port.ts';
import { type GuardedServer, type ServerIds, startGuardedServer } from './guarded-server.ts';
import { becameHealthy } from './health.ts';
import { lastLineOf, openLogFile } from './log-file.ts';
import { projectFolder } from './project-folder.ts';
import { pythonEnvironment } from './python-environment.ts';
import { serverEnvironment } from './server-environment.ts';

const healthyWithinMs = 60_000;
const attempts = 3;

export type LaunchOptions = {
  /** A fixed port; any free one when left out. */
  port?: number;
  /** Additional environment of every Lambda function, e.g. an AWS_ENDPOINT_URL that leads through a front of one's own. */
  functionEnvironment?: Readonly<Record<string, string>>;
  /** Where the Python environment and the logs lie; `.rescind` of this checkout when left out. */
  folder?: string;
  /** One short line at the start of each slow part. */
  onProgress?: (text: string) => void;
};

export type Launched = {
  server: GuardedServer;
  ids: ServerIds;
  instance: string;
  endpoint: string;
  port: number;
  logFile: string;
};

/** Starts MiniStack and returns when it answers; throws an EmbeddedAwsError and leaves nothing behind when it does not. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  if (process.platform === 'win32') {
    throw new EmbeddedAwsError('The embedded AWS does not run on Windows itself', 'run it in WSL');
  }
  const folder = options.folder ?? projectFolder;
  const onProgress = options.onProgress ?? (() => {});
  const interpreter = await pythonEnvironment(await findPython(), folder, onProgress);
  onProgress('Starting the embedded AWS');
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    if (options.port !== undefined) await requireFreePort(options.port);
    const result = await tryOn(port, { interpreter, folder, options });
    if (result.kind === 'healthy') return result.launched;
    // Somebody may have taken the free port between our looking and MiniStack's opening it; anything else is no race.
    const lostTheRace = options.port === undefined && /already in use/.test(result.lastWords);
    if (!lostTheRace || attempt === attempts) throw whyNotHealthy(result);
  }
}

type Attempt =
  | { kind: 'healthy'; launched: Launched }
  | { kind: 'died' | 'silent'; lastWords: string; logFile: string };

async function tryOn(
  port: number,
  context: { interpreter: string; folder: string; options: LaunchOptions },
): Promise<Attempt> {
  const instance = `rescind-${randomUUID()}`;
  const endpoint = `http://${loopback}:${port}`;
  const functionEnvironment = context.options.functionEnvironment ?? {};
  const log = await openLogFile(context.folder, instance);
  const server = startGuardedServer({
    interpreter: context.interpreter,
    instance,
    env: serverEnvironment({ port, instance, functionEnvironment }),
    logFile: log.handle.fd,
  });
  await log.handle.close(); // The guard has its own copy.

  const giveUp = new AbortController();
  void server.ended.then(() => giveUp.abort());
  const healthy = await becameHealthy(endpoint, instance, { timeoutMs: healthyWithinMs, signal: giveUp.signal });
  if (healthy) {
    const ids = await server.ids;
    return { kind: 'healthy', launched: { server, ids, instance, endpoint, port, logFile: log.path } };
  }
  const kind = giveUp.signal.aborted ? 'died' : 'silent';
  await server.stop();
  return { kind, lastWords: await lastLineOf(log.path), logFile: log.path };
}

function whyNotHealthy(attempt: { kind: 'died' | 'silent'; lastWords: string; logFile: string }): EmbeddedAwsError {
  const what =
    attempt.kind === 'died' ? 'died while it started' : `did not answer within ${healthyWithinMs / 1000} seconds`;
  return new EmbeddedAwsError(
    `The embedded AWS ${what} (${attempt.lastWords})`,
    `read ${attempt.logFile}, and delete the folder .rescind/python if its Python environment is damaged`,
  );
}
