import { availableParallelism } from 'node:os';
import type { CompiledRule } from '../../shared/rules/rule.ts';
import { createScanner, type Scanner, type ScanPolicy } from './create-scanner.ts';
import type { LogFile } from './log-files.ts';
import type { FileScan, TimeRange } from './scan-log-file.ts';
import { bundleScanProgram } from './scan-program.ts';
import { scanInWorkers } from './worker-pool.ts';

export type Backtest = Pick<Scanner, 'faults' | 'correlator'> & {
  /** In the order of the files. */
  readonly scans: AsyncGenerator<{ file: LogFile; scan: FileScan }>;
};

/** Of text. Below this, two thirds of a second's work, threads cost more (about 0.3 s to start) than they save. */
const WORTH_WORKERS_BYTES = 120 * 1024 * 1024;

/** Scans the files with all cores; one thread at a time holds no more than one file's records. */
export function runBacktest(
  rules: readonly CompiledRule[],
  files: readonly LogFile[],
  range: TimeRange,
  workers = worthwhileWorkers(files),
  policy?: ScanPolicy,
): Backtest {
  const given = { rules, range, ...(policy === undefined ? {} : { policy }) };
  const { scan, faults, correlator } = createScanner(given);
  async function* inThisThread(): AsyncGenerator<{ file: LogFile; scan: FileScan }> {
    for (const file of files) yield { file, scan: await scan(file) };
  }
  async function* inThreads(): AsyncGenerator<{ file: LogFile; scan: FileScan }> {
    const setup = { ...given, program: await bundleScanProgram() };
    yield* scanInWorkers(setup, files, workers);
  }
  return { faults, correlator, scans: workers > 1 ? inThreads() : inThisThread() };
}

/** Zipped bytes stand for about ten times as much text. */
function worthwhileWorkers(files: readonly LogFile[]): number {
  const bytes = files.reduce((sum, file) => sum + file.bytes * (file.path.endsWith('.gz') ? 10 : 1), 0);
  return bytes < WORTH_WORKERS_BYTES ? 1 : Math.min(availableParallelism(), files.length);
}
