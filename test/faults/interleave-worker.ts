import { parentPort, workerData } from 'node:worker_threads';
import { interleave } from './interleave.ts';
import { interleaveFrom } from './interleave-many.ts';

/** One thread of the bench: so many interleavings from a seed on. Half of the time would go into traces of errors that are meant. */
Error.stackTraceLimit = 0;
const { from, count }: { readonly from: number; readonly count: number } = workerData;
interleaveFrom(interleave, {
  from,
  count,
  progress: (done) => parentPort?.postMessage({ kind: 'progress', done }),
}).then(
  (result) => parentPort?.postMessage({ kind: 'done', result }),
  (error: unknown) => parentPort?.postMessage({ kind: 'failed', message: String(error) }),
);
