import { Worker } from 'node:worker_threads';
import { findLogFiles } from '../../../cli/backtest/log-files.ts';
import { resultOf } from '../../../cli/backtest/result.ts';
import { runBacktest } from '../../../cli/backtest/run-backtest.ts';
import { startScanThreads } from '../../../cli/backtest/scan-threads.ts';
import { createTally } from '../../../cli/backtest/tally.ts';
import { readPolicyFile } from '../../../cli/rules/read-policy-file.ts';
import { readRuleFolders } from '../../../cli/rules/read-rule-folders.ts';
import { compileRuleFiles } from '../../../shared/rules/compile/compile-rule-files.ts';
import { parseFile } from './parse-file.mjs';

export type Lap = {
  readonly milliseconds: number;
  /** Milliseconds of the processor, on all threads: a busy machine hardly shows in them. */
  readonly processor: number;
  readonly records: number;
  readonly detections: number;
  readonly duplicates: number;
  readonly memory: readonly MemorySample[];
};

/** Resident memory of the whole process, threads included, after so many records; looked at ten times a second. */
export type MemorySample = { readonly records: number; readonly megabytes: number };

/** What a backtest does with logs, from finding them to its result. As by the command, threads start while rules are read. */
export async function backtestOnce(folder: string, ruleFolder: string, workers: number): Promise<Lap> {
  const threads = startScanThreads(workers);
  const { rules } = compileRuleFiles(readRuleFolders([ruleFolder]));
  const applied = readPolicyFile(undefined);
  const [start, before] = [performance.now(), process.cpuUsage()];
  const tally = createTally(rules.map(({ header }) => header));
  const memory: MemorySample[] = [];
  const look = (): unknown =>
    memory.push({ records: tally.totals.records, megabytes: process.memoryUsage.rss() / 1e6 });
  const watch = setInterval(look, 100);
  const { scans, correlator } = runBacktest(rules, findLogFiles([folder]), {}, threads);
  for await (const { scan } of scans) tally.add(scan);
  tally.correlate(correlator);
  await threads.end();
  const { records, detections, duplicates } = resultOf(tally, rules, applied).totals;
  const milliseconds = performance.now() - start;
  const processor = processorSince(before);

  clearInterval(watch);
  look();
  return { milliseconds, processor, records, detections, duplicates, memory };
}

/** Reading, unzipping and parsing, and nothing else. */
export async function floorOnce(folder: string, workers: number): Promise<Lap> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const files = findLogFiles([folder]).map(({ path }) => path);
  const records =
    workers > 1 ? await parseInWorkers(files, workers) : files.reduce((sum, file) => sum + parseFile(file), 0);
  const milliseconds = performance.now() - start;
  return { milliseconds, processor: processorSince(before), records, detections: 0, duplicates: 0, memory: [] };
}

function processorSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function parseInWorkers(files: readonly string[], count: number): Promise<number> {
  let next = 0;
  let records = 0;
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./parse-worker.mjs', import.meta.url), { execArgv: [] });
    await new Promise<void>((resolve, reject) => {
      const feed = (): void => {
        const file = files[next];
        next += 1;
        if (file === undefined) resolve();
        else worker.postMessage(file);
      };
      worker.on('error', reject);
      worker.on('message', (found: number) => {
        records += found;
        feed();
      });
      feed();
    });
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: count }, work));
  return records;
}
