import { Worker } from 'node:worker_threads';
import { findLogFiles } from '../../../cli/backtest/log-files.ts';
import { resultOf } from '../../../cli/backtest/result.ts';
import { runBacktest } from '../../../cli/backtest/run-backtest.ts';
import { createTally } from '../../../cli/backtest/tally.ts';
import { readPolicyFile } from '../../../cli/rules/read-policy-file.ts';
import { readRuleFolders } from '../../../cli/rules/read-rule-folders.ts';
import { compileRuleFiles } from '../../../shared/rules/compile/compile-rule-files.ts';
import { parseFile } from './parse-file.mjs';

/** Goes through the files in order, some at a time. */
export type Contender = {
  /** Goes through the next `count` files; gives false once there are none. */
  readonly go: (count: number) => Promise<boolean>;
  /** After the last file. */
  readonly end: () => Promise<Outcome>;
};

export type Outcome = { readonly records: number; readonly detections?: number; readonly duplicates?: number };

/** What a backtest does with logs from its first file to its result; the rules are compiled before. */
export function backtestContender(folder: string, ruleFolder: string, workers: number | undefined): Contender {
  const { rules } = compileRuleFiles(readRuleFolders([ruleFolder]));
  const applied = readPolicyFile(undefined);
  const tally = createTally(rules.map(({ header }) => header));
  let running: ReturnType<typeof runBacktest> | undefined;
  return {
    go: async (count) => {
      running ??= runBacktest(rules, findLogFiles([folder]), {}, workers);
      for (let file = 0; file < count; file += 1) {
        const { value, done } = await running.scans.next();
        if (done === true) return false;
        tally.add(value.scan);
      }
      return true;
    },
    end: async () => {
      if (running !== undefined) tally.correlate(running.correlator);
      const { records, detections, duplicates } = resultOf(tally, rules, applied).totals;
      return { records, detections, duplicates };
    },
  };
}

/** Reading, unzipping and parsing, and nothing else. */
export function floorContender(files: readonly string[], workers: number): Contender {
  let next = 0;
  let records = 0;
  return {
    go: async (count) => {
      if (workers > 1) {
        records += await parseInWorkers(files, workers);
        return false;
      }
      for (const file of files.slice(next, next + count)) records += parseFile(file);
      next += count;
      return next < files.length;
    },
    end: async () => ({ records }),
  };
}

async function parseInWorkers(files: readonly string[], count: number): Promise<number> {
  let next = 0;
  let records = 0;
  await Promise.all(
    Array.from({ length: count }, async () => {
      const worker = new Worker(new URL('./parse-worker.mjs', import.meta.url));
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
    }),
  );
  return records;
}
