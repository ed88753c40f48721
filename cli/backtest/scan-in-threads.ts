import { Worker } from 'node:worker_threads';
import type { ScanSetup } from './create-scanner.ts';
import type { LogFile } from './log-files.ts';
import type { FileScan } from './scan-log-file.ts';
import { bundleScanProgram } from './scan-program.ts';

export type WorkerTask = { readonly index: number; readonly file: LogFile };
type Answer =
  | { readonly kind: 'scanned'; readonly task: WorkerTask; readonly result: FileScan }
  | { readonly kind: 'failed'; readonly task: WorkerTask; readonly message: string };

/** Files handed to a worker at a time: the next ones lie ready while this thread is busy with one of its own. */
const HANDED = 3;

/** Records live so short a time that room for new ones beyond this is only memory: it saves no time. */
const YOUNG_MB = 12;

/** Files scanned ahead of the one whose turn it is; what they gave is held until then, so this bounds the memory. */
const AHEAD_PER_THREAD = 32;

/**
 * Scans the files on so many threads and gives the scans in the order of the files, whichever thread was first. This
 * thread is one of them, and begins at once: the others are at work after some 0.3 s.
 */
export async function* scanInThreads(
  setup: ScanSetup,
  files: readonly LogFile[],
  threads: number,
  scan: (file: LogFile) => Promise<FileScan>,
): AsyncGenerator<{ file: LogFile; scan: FileScan }> {
  const ready = new Map<number, FileScan>();
  /** A worker stands here once for each file that it may still be handed. */
  const free: Worker[] = [];
  const workers: Worker[] = [];
  let next = 0;
  let turn = 0;
  let ended = false;
  let failure: Error | undefined;
  let wake: () => void = () => {};

  const take = (): WorkerTask | undefined => {
    const [index, file] = [next, files[next]];
    if (file === undefined || index >= turn + threads * AHEAD_PER_THREAD) return undefined;
    next += 1;
    return { index, file };
  };
  const feed = (): void => {
    for (let worker = free.shift(); worker !== undefined; worker = free.shift()) {
      const task = take();
      if (task === undefined) {
        free.unshift(worker);
        return;
      }
      worker.postMessage(task);
    }
  };
  const fail = (error: unknown): void => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    wake();
  };
  const startWorkers = async (): Promise<void> => {
    const program = await bundleScanProgram();
    if (ended) return;
    for (let count = 1; count < threads; count += 1) {
      // It needs nothing of what this process was started with: a loader of TypeScript would only cost it time.
      const worker = new Worker(new URL('./scan-worker.mjs', import.meta.url), {
        workerData: { ...setup, program },
        execArgv: [],
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
      });
      worker.on('message', (answer: Answer) => {
        if (answer.kind === 'failed') return fail(new Error(`${answer.task.file.path}: ${answer.message}`));
        ready.set(answer.task.index, answer.result);
        free.push(worker);
        feed();
        wake();
      });
      worker.on('error', fail);
      workers.push(worker);
    }
    for (let place = 0; place < HANDED; place += 1) free.push(...workers);
    feed();
  };

  try {
    if (threads > 1) void startWorkers().catch(fail);
    for (; turn < files.length; turn += 1) {
      while (!ready.has(turn)) {
        if (failure !== undefined) throw failure;
        const task = take();
        if (task === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else {
          ready.set(task.index, await scan(task.file));
          // What the workers sent meanwhile is looked at before another file is begun.
          await new Promise(setImmediate);
        }
      }
      const [file, scanned] = [files[turn], ready.get(turn)];
      ready.delete(turn);
      if (scanned !== undefined && file !== undefined) yield { file, scan: scanned };
      feed();
    }
  } finally {
    ended = true;
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
