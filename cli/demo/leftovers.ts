import { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';

/** What has to be gone when the demo ends, however it ends. */
export type Leftovers = {
  /** Cleared in the reverse order. */
  add(clear: () => Promise<unknown>): void;
  /** Ends the programs that still run and clears everything. May be called more than once; the first one's result counts. */
  clear(): Promise<void>;
};

export function createLeftovers(): Leftovers {
  const clearing: (() => Promise<unknown>)[] = [];
  const programs = runningPrograms();
  let cleared: Promise<void> | undefined;
  const clear = async (): Promise<void> => {
    for (const program of programs) program.kill('SIGTERM');
    for (const each of clearing.reverse()) await each();
  };
  return {
    add: (each) => {
      clearing.push(each);
    },
    clear: () => {
      cleared ??= clear();
      return cleared;
    },
  };
}

/**
 * Programs that were started from here and have not ended: pip, the synthesis, the CDK's command line. Node tells of
 * each on this channel, so that an interrupted demo takes them with it wherever they were started. The embedded AWS is
 * not among them: it runs in a session of its own and is stopped by its own means.
 */
function runningPrograms(): ReadonlySet<ChildProcess> {
  const running = new Set<ChildProcess>();
  subscribe('child_process', (message) => {
    const program = childOf(message);
    if (program === undefined) return;
    program.once('spawn', () => {
      if (program.spawnargs.some((argument) => argument.endsWith('guard.py'))) return;
      running.add(program);
      program.once('exit', () => running.delete(program));
    });
  });
  return running;
}

function childOf(message: unknown): ChildProcess | undefined {
  if (typeof message !== 'object' || message === null || !('process' in message)) return undefined;
  return message.process instanceof ChildProcess ? message.process : undefined;
}
