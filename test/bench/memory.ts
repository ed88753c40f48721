import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { readRuleFolders } from '../../cli/rules/read-rule-folders.ts';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import { inBenchFolder } from './bench-folder.ts';
import type { MemorySample } from './contest/contenders.ts';
import { runLap } from './contest/lap.ts';
import type { Bench } from './figure.ts';
import { createRandom } from './traffic/random.ts';
import { createTraffic } from './traffic/records.ts';

const SEED = 20261121;
const RECORDS = 2_000_000;
/** A day's records are made once and written for each of so many days, with ids and times of their own. */
const DAYS = 20;
const RECORDS_A_FILE = 1_000;
const WORKERS = 2;
/** Growth: what is kept of two million records (an id is twelve bytes, a mark a hundred), and garbage that V8 leaves lying for now. */
const LIMITS = { growth: 1.2, megabytes: 400 };

/** What a backtest of very many records holds in memory, its threads included. */
export const measureMemory: Bench = async (progress) =>
  inBenchFolder(async (folder) => {
    progress(`writing ${RECORDS.toLocaleString('en-US')} records`);
    writeDays(folder);
    progress('backtest');
    const lap = await runLap({ kind: 'backtest', folder, rules: 'rules', workers: WORKERS });
    if (lap.records !== RECORDS || lap.duplicates > 0)
      throw new Error(`${lap.records} records of ${RECORDS} were read, ${lap.duplicates} of them as duplicates.`);
    const firstHalf = peak(lap.memory.filter(({ records }) => records <= RECORDS / 2));
    const secondHalf = peak(lap.memory.filter(({ records }) => records > RECORDS / 2));
    return [
      {
        bench: 'memory',
        what: `backtest of ${RECORDS.toLocaleString('en-US')} records, ${WORKERS} threads: most resident memory of the process`,
        value: `${Math.max(firstHalf, secondHalf).toFixed(0)} MB`,
        limit: `${LIMITS.megabytes} MB`,
        within: Math.max(firstHalf, secondHalf) < LIMITS.megabytes,
      },
      {
        bench: 'memory',
        what: 'most in the second half of the records, against the first',
        value: `${(secondHalf / firstHalf).toFixed(2)} (${secondHalf.toFixed(0)} of ${firstHalf.toFixed(0)} MB)`,
        limit: `${LIMITS.growth}`,
        within: secondHalf / firstHalf <= LIMITS.growth,
      },
      {
        bench: 'memory',
        what: 'the same backtest: detections',
        value: lap.detections.toLocaleString('en-US'),
      },
    ];
  });

function peak(samples: readonly MemorySample[]): number {
  return Math.max(...samples.map(({ megabytes }) => megabytes));
}

function writeDays(folder: string): void {
  const { tests } = compileRuleFiles(readRuleFolders(['rules']));
  const examples = tests.filter(({ match }) => match).flatMap(({ events }) => events.slice(-1));
  const make = createTraffic(createRandom(SEED), { examples, countedIds: true });
  const perDay = RECORDS / DAYS;
  for (let from = 0; from < perDay; from += RECORDS_A_FILE) {
    const records = Array.from({ length: RECORDS_A_FILE }, (_, index) => make(from + index));
    const text = JSON.stringify({ Records: records });
    for (let day = 1; day <= DAYS; day += 1) {
      const number = String(day).padStart(2, '0');
      const ofDay = text
        .replaceAll('"6a1f3c52-9f0e-4d8f-8d65-', `"6a1f3c52-9f0e-4d8f-8d${number}-`)
        .replaceAll('"eventTime":"2026-11-01T', `"eventTime":"2026-11-${number}T`);
      mkdirSync(join(folder, number), { recursive: true });
      const name = `111122223333_CloudTrail_eu-west-1_${String(from / RECORDS_A_FILE).padStart(4, '0')}.json.gz`;
      writeFileSync(join(folder, number, name), gzipSync(ofDay, { level: constants.Z_BEST_SPEED }));
    }
  }
}
