import type { ScanSetup } from './create-scanner.ts';
import type { LogFile } from './log-files.ts';
import type { FileScan } from './scan-log-file.ts';
import type { ScanTask, ScanThread, ScanThreads } from './scan-threads.ts';

/** Files handed to a thread at a time: the next ones lie ready while this thread is busy with one of its own. */
const HANDED = 3;

/** Files scanned ahead of the one whose turn it is; what they gave is held until then, so this bounds the memory. */
const AHEAD_PER_THREAD = 32;

/**
 * Scans the files on all threads and gives the scans in the order of the files, whichever thread was first. The one that
 * asks is one of them, and begins at once, however long the others take to start.
 */
export async function* scanInThreads(
  setup: ScanSetup,
  files: readonly LogFile[],
  threads: ScanThreads,
  scan: (file: LogFile) => Promise<FileScan>,
): AsyncGenerator<{ file: LogFile; scan: FileScan }> {
  const ready = new Map<number, FileScan>();
  /** A thread stands here once for each file that it may still be handed. */
  const free: ScanThread[] = [];
  let next = 0;
  let turn = 0;
  let failure: Error | undefined;
  let wake: () => void = () => {};

  const take = (): ScanTask | undefined => {
    const [index, file] = [next, files[next]];
    if (file === undefined || index >= turn + threads.count * AHEAD_PER_THREAD) return undefined;
    next += 1;
    return { index, file };
  };
  const feed = (): void => {
    for (let thread = free.shift(); thread !== undefined; thread = free.shift()) {
      const task = take();
      if (task === undefined) {
        free.unshift(thread);
        return;
      }
      thread.send({ kind: 'scan', task });
    }
  };
  const fail = (error: unknown): void => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    wake();
  };

  threads.listen({
    started: (thread) => {
      thread.send({ kind: 'set-up', setup });
      for (let place = 0; place < HANDED; place += 1) free.push(thread);
      feed();
    },
    answered: (thread, answer) => {
      if (answer.kind === 'failed') return fail(new Error(`${answer.task.file.path}: ${answer.message}`));
      ready.set(answer.task.index, answer.result);
      free.push(thread);
      feed();
      wake();
    },
    failed: fail,
  });
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
        // What the threads sent meanwhile is looked at before another file is begun.
        await new Promise(setImmediate);
      }
    }
    const [file, scanned] = [files[turn], ready.get(turn)];
    ready.delete(turn);
    if (scanned !== undefined && file !== undefined) yield { file, scan: scanned };
    feed();
  }
}
