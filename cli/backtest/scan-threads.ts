import { Worker } from 'node:worker_threads';
import type { ScanSetup } from './create-scanner.ts';
import type { LogFile } from './log-files.ts';
import type { FileScan } from './scan-log-file.ts';
import { scanProgram } from './scan-program.ts';

export type ScanTask = { readonly index: number; readonly file: LogFile };

/** What a thread is told: once what to scan with, and then files. */
export type ScanOrder =
  | { readonly kind: 'set-up'; readonly setup: ScanSetup }
  | { readonly kind: 'scan'; readonly task: ScanTask };

export type ScanAnswer =
  | { readonly kind: 'scanned'; readonly task: ScanTask; readonly result: FileScan }
  | { readonly kind: 'failed'; readonly task: ScanTask; readonly message: string };

export type ScanThread = { readonly send: (order: ScanOrder) => void };

export type ScanListener = {
  /** Once for each thread. */
  readonly started: (thread: ScanThread) => void;
  readonly answered: (thread: ScanThread, answer: ScanAnswer) => void;
  /** A thread died, or could not be started. */
  readonly failed: (error: unknown) => void;
};

export type ScanThreads = {
  /** With the one that asks for them, which scans too. */
  readonly count: number;
  readonly listen: (listener: ScanListener) => void;
  readonly end: () => Promise<void>;
};

/** As much as the main thread has: with a quarter of it, a file's records outlive it and cost 4 % of the processor's time. */
const YOUNG_MB = 48;

/** Starts so many threads, less the one that asks. They take a while: started before the rules are read, none is waited for. */
export function startScanThreads(count: number): ScanThreads {
  const workers: Worker[] = [];
  let failure: { readonly error: unknown } | undefined;
  let ended = false;
  let listener: ScanListener | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    listener?.failed(error);
  };
  const announce = (worker: Worker): void => {
    const thread: ScanThread = { send: (order) => worker.postMessage(order) };
    worker.on('message', (answer: ScanAnswer) => listener?.answered(thread, answer));
    listener?.started(thread);
  };
  const start = (program: URL): void => {
    while (!ended && workers.length < count - 1) {
      // It needs nothing of what this process was started with: a loader of TypeScript would only cost it time.
      const worker = new Worker(program, { execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
      worker.on('error', fail);
      workers.push(worker);
      if (listener !== undefined) announce(worker);
    }
  };
  if (count > 1) {
    const program = scanProgram();
    if (program instanceof URL) start(program);
    else program.then(start).catch(fail);
  }
  return {
    count,
    listen: (given) => {
      listener = given;
      if (failure !== undefined) given.failed(failure.error);
      for (const worker of workers) announce(worker);
    },
    end: async () => {
      ended = true;
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
