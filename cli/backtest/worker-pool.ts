import { Worker } from 'node:worker_threads';
import type { CompiledRule } from '../../shared/rules/rule.ts';
import type { LogFile } from './log-files.ts';
import type { FileScan, TimeRange } from './scan-log-file.ts';

export type WorkerSetup = { readonly rules: readonly CompiledRule[]; readonly range: TimeRange };
export type WorkerTask = { readonly index: number; readonly file: LogFile };
type Answer =
  | { readonly kind: 'scanned'; readonly task: WorkerTask; readonly result: FileScan }
  | { readonly kind: 'failed'; readonly task: WorkerTask; readonly message: string };

/** Files handed to a worker at a time: the next one lies ready, so that it never waits for the main thread. */
const HANDED = 2;

/** Records live so short a time that room for new ones beyond this is only memory: it saves no time. */
const YOUNG_MB = 12;

/** Files scanned ahead of the one whose turn it is; what they gave is held until then, so this bounds the memory. */
const AHEAD_PER_WORKER = 32;

/** Scans the files on several threads and gives the scans in the order of the files, as one thread would. */
export async function* scanInWorkers(
  setup: WorkerSetup,
  files: readonly LogFile[],
  count: number,
): AsyncGenerator<{ file: LogFile; scan: FileScan }> {
  const ready = new Map<number, FileScan>();
  /** A worker stands here once for each file that it may still be handed. */
  const free: Worker[] = [];
  let next = 0;
  let turn = 0;
  let failure: Error | undefined;
  let wake: () => void = () => {};

  const feed = (): void => {
    while (next < files.length && next < turn + count * AHEAD_PER_WORKER) {
      const worker = free.shift();
      const file = files[next];
      if (worker === undefined || file === undefined) return;
      worker.postMessage({ index: next, file } satisfies WorkerTask);
      next += 1;
    }
  };
  const fail = (error: Error): void => {
    failure ??= error;
    wake();
  };
  const workers = Array.from({ length: count }, () => {
    // It needs nothing of what this process was started with: a loader of TypeScript would only cost it time.
    const worker = new Worker(new URL('./scan-worker.mjs', import.meta.url), {
      workerData: setup,
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
    return worker;
  });
  for (let place = 0; place < HANDED; place += 1) free.push(...workers);

  try {
    feed();
    for (; turn < files.length; turn += 1) {
      while (!ready.has(turn) && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (failure !== undefined) throw failure;
      const scan = ready.get(turn);
      const file = files[turn];
      ready.delete(turn);
      if (scan !== undefined && file !== undefined) yield { file, scan };
      feed();
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
