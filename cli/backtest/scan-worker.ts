import { parentPort } from 'node:worker_threads';
import { createScanner, type Scanner } from './create-scanner.ts';
import type { ScanAnswer, ScanOrder, ScanTask } from './scan-threads.ts';

/** One thread of a backtest: is told what to scan with, is handed files, gives back scans. */
let scanner: Scanner | undefined;

parentPort?.on('message', (order: ScanOrder) => {
  if (order.kind === 'set-up') scanner = createScanner(order.setup);
  else void scan(order.task);
});

async function scan(task: ScanTask): Promise<void> {
  try {
    if (scanner === undefined) throw new Error('a thread was handed a file before it was told what to scan with');
    const scanned = await scanner.scan(task.file);
    const { fingerprints, marked } = scanned;
    const result = { ...scanned, found: JSON.stringify(scanned.found) };
    answer({ kind: 'scanned', task, result }, [fingerprints.buffer, marked.rows.buffer, marked.times.buffer]);
  } catch (error) {
    answer({ kind: 'failed', task, message: String(error) }, []);
  }
}

function answer(answer: ScanAnswer, moved: ArrayBuffer[]): void {
  parentPort?.postMessage(answer, moved);
}
