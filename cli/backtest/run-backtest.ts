import { availableParallelism } from 'node:os';
import type { CompiledRule } from '../../shared/rules/rule.ts';
import { createScanner, type Scanner, type ScanPolicy } from './create-scanner.ts';
import type { LogFile } from './log-files.ts';
import { scanInThreads } from './scan-in-threads.ts';
import type { FileScan, TimeRange } from './scan-log-file.ts';
import type { ScanThreads } from './scan-threads.ts';

export type Backtest = Pick<Scanner, 'faults' | 'correlator'> & {
  /** In the order of the files. */
  readonly scans: AsyncGenerator<{ file: LogFile; scan: FileScan }>;
};

/** Of text. Below this, two thirds of a second's work, another thread costs more (about 0.3 s to start) than it saves. */
const WORTH_THREADS_BYTES = 120 * 1024 * 1024;

/** Scans the files on these threads, each of which holds no more than one file's records. */
export function runBacktest(
  rules: readonly CompiledRule[],
  files: readonly LogFile[],
  range: TimeRange,
  threads: ScanThreads,
  policy?: ScanPolicy,
): Backtest {
  const given = { rules, range, ...(policy === undefined ? {} : { policy }) };
  const { scan, faults, correlator } = createScanner(given);
  return { faults, correlator, scans: scanInThreads(given, files, threads, scan) };
}

/** As many as cores, if the logs are large enough for that to pay. Zipped bytes stand for about ten times as much text. */
export function worthwhileThreads(files: readonly LogFile[]): number {
  const bytes = files.reduce((sum, file) => sum + file.bytes * (file.path.endsWith('.gz') ? 10 : 1), 0);
  return bytes < WORTH_THREADS_BYTES ? 1 : Math.min(availableParallelism(), files.length);
}
