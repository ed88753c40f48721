import { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** A program that has not ended so long after SIGTERM is not waited for. */
const PATIENCE_MS = 3000;

/** What has to be gone when the demo ends, however it ends. */
export type Leftovers = {
  /** Cleared in the reverse order. `atExit` is for a process that ends at once, without waiting for anything. */
  add(clear: () => Promise<unknown>, atExit?: () => void): void;
  /** Ends the programs that still run and clears everything; once, however often it is called. */
  clear(): Promise<void>;
};

export function createLeftovers(): Leftovers {
  const clearing: (() => Promise<unknown>)[] = [];
  const programs = runningPrograms();
  const endPrograms = () => {
    for (const program of programs) program.kill('SIGTERM');
  };
  let cleared: Promise<void> | undefined;
  const clear = async (): Promise<void> => {
    endPrograms();
    // They write into what is removed next.
    await Promise.race([Promise.all([...programs].map((program) => once(program, 'exit'))), pause(PATIENCE_MS)]);
    for (const each of clearing.reverse()) await each();
  };
  process.once('exit', endPrograms);
  return {
    add: (each, atExit) => {
      clearing.push(each);
      if (atExit !== undefined) process.once('exit', atExit);
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
    program?.once('spawn', () => {
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
