import { parentPort, workerData } from 'node:worker_threads';
import { createScanner, type ScanSetup } from './create-scanner.ts';
import type { WorkerTask } from './scan-in-threads.ts';

/** One thread of a backtest: is handed files, gives back scans. */
const setup: ScanSetup = workerData;
const { scan } = createScanner(setup);
parentPort?.on('message', (task: WorkerTask) => {
  void scan(task.file).then(
    (scanned) => {
      const result = { ...scanned, found: JSON.stringify(scanned.found) };
      const { fingerprints, marked } = result;
      const moved = [fingerprints.buffer, marked.rows.buffer, marked.times.buffer];
      parentPort?.postMessage({ kind: 'scanned', task, result }, moved);
    },
    (error: unknown) => parentPort?.postMessage({ kind: 'failed', task, message: String(error) }),
  );
});
