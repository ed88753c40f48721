import { Command, InvalidArgumentError } from 'commander';
import { embeddedAccount, embeddedRegion } from '../embedded-aws/account.ts';
import { clientEnvironment } from '../embedded-aws/client-environment.ts';
import { EmbeddedAwsError } from '../embedded-aws/embedded-aws-error.ts';
import { type LocalStatus, localDown, localStatus, localUp } from '../embedded-aws/local-instance.ts';
import type { LocalState } from '../embedded-aws/local-state.ts';

const lessons = `
It is one process on 127.0.0.1 (MiniStack, from PyPI, in a Python environment of its own under .rescind/). It keeps
everything in memory: after "down" nothing of it is left. It checks no permissions: a denied call still succeeds.

Examples:
  $ npx rescind local up                         start it, or show the one that runs
  $ eval "$(npx rescind local up)"               and point this shell's AWS programs at it
  $ npx rescind local up --port 4566             on a port of your choice
  $ npx rescind local status --json              for scripts
  $ npx rescind local down                       stop it; returns when it is gone

With RESCIND_AWS_ENDPOINT=<its address>, the demo and the tests use it instead of starting their own.

Exit code: 0 done (status: it runs), 1 failed (status: it does not run), 2 wrong use.`;

/** `rescind local`: an embedded AWS that stays, for people who want to look around in it. */
export function localCommand(): Command {
  const command = new Command('local')
    .description('Keep an embedded AWS running on this machine')
    .addHelpText('after', lessons)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

  command
    .command('up')
    .description('Start it unless it runs already, and print the variables that lead to it')
    .option('--port <number>', 'port on 127.0.0.1 (default: any free one)', parsePort)
    .option('--json', 'print one JSON object instead of export lines')
    .action((options: { port?: number; json?: true }) => orOneSentence(() => up(options)));
  command
    .command('down')
    .description('Stop it and wait until it is gone')
    .option('--json', 'print one JSON object')
    .action((options: { json?: true }) => orOneSentence(() => down(options)));
  command
    .command('status')
    .description('Say whether it runs, by its process and its health page')
    .option('--json', 'print one JSON object')
    .action((options: { json?: true }) => orOneSentence(() => status(options)));
  return command;
}

async function up(options: { port?: number; json?: true }): Promise<void> {
  const { started, instance } = await localUp({
    ...(options.port === undefined ? {} : { port: options.port }),
    onProgress: say,
  });
  say(started ? `The embedded AWS runs at ${instance.endpoint}` : `It already runs at ${instance.endpoint}`);
  if (options.json) return printJson({ started, ...describe({ kind: 'up', instance }) });
  // A profile or a session token that this shell has would win over, or spoil, the keys below.
  print('unset AWS_PROFILE AWS_SESSION_TOKEN');
  for (const [name, value] of Object.entries(variables(instance))) print(`export ${name}=${shellQuoted(value)}`);
}

async function down(options: { json?: true }): Promise<void> {
  const { stopped } = await localDown();
  if (options.json) return printJson({ stopped, state: 'down' });
  print(stopped ? 'The embedded AWS is stopped.' : 'The embedded AWS was not running.');
}

async function status(options: { json?: true }): Promise<void> {
  const current = await localStatus();
  process.exitCode = current.kind === 'up' ? 0 : 1;
  if (options.json) return printJson(describe(current));
  print(sentence(current));
}

function sentence(current: LocalStatus): string {
  switch (current.kind) {
    case 'up':
      return `up: ${current.instance.endpoint}, since ${current.instance.startedAt}, log ${current.instance.logFile}`;
    case 'silent':
      return `silent: it runs (process ${current.instance.server}) and does not answer at ${current.instance.endpoint}; log ${current.instance.logFile}`;
    case 'ended':
      return `ended: it was started at ${current.instance.startedAt} and is gone; log ${current.instance.logFile}`;
    case 'down':
      return 'down';
  }
}

function describe(current: LocalStatus) {
  if (current.kind === 'down') return { state: current.kind };
  const { endpoint, server, startedAt, logFile } = current.instance;
  const running = current.kind === 'up' ? { env: variables(current.instance) } : {};
  return { state: current.kind, endpoint, process: server, startedAt, logFile, ...running };
}

function variables(instance: LocalState): Record<string, string> {
  return clientEnvironment({ endpoint: instance.endpoint, region: embeddedRegion, account: embeddedAccount });
}

function shellQuoted(value: string): string {
  return /^[\w./:-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new InvalidArgumentError('A port is 1 to 65535.');
  return port;
}

/** Problems of this machine are one sentence; anything else is a fault of ours and keeps its stack. */
async function orOneSentence(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof EmbeddedAwsError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}

/** Progress and problems go to stderr, so that `eval "$(...)"` and `--json` see results only. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function printJson(value: unknown): void {
  print(JSON.stringify(value));
}
