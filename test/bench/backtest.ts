import { join } from 'node:path';
import { readRuleFolders } from '../../cli/rules/read-rule-folders.ts';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import { inBenchFolder } from './bench-folder.ts';
import type { Lap } from './contest/contenders.ts';
import { runLap } from './contest/lap.ts';
import type { Contender } from './contest/run.ts';
import { type Bench, type Figure, median } from './figure.ts';
import { writeManyRules } from './many-rules.ts';
import { createRandom } from './traffic/random.ts';
import { createTraffic } from './traffic/records.ts';
import { writeLogs } from './traffic/write-logs.ts';

const SEED = 20261121;
const RECORDS = 600_000;
const RULES = 800;
const LAPS = 5;
const LIMITS = { pack: 1.3, many: 1.5, threads: 0.9 };

const NAMES = ['floor', 'pack', 'many', 'floor2', 'pack2'] as const;
type Name = (typeof NAMES)[number];

/** What a backtest takes against reading, unzipping and parsing the same files: nobody can do less than that. */
export const measureBacktest: Bench = async (progress) =>
  inBenchFolder(async (folder) => {
    progress(`${RECORDS.toLocaleString('en-US')} records and ${RULES} rules from seed ${SEED}`);
    const pack = compileRuleFiles(readRuleFolders(['rules']));
    const examples = pack.tests.filter(({ match }) => match).flatMap(({ events }) => events.slice(-1));
    const random = createRandom(SEED);
    const logs = writeLogs(join(folder, 'logs'), RECORDS, createTraffic(random, { examples }), random);
    const manyRules = writeManyRules(join(folder, 'rules'), RULES - pack.rules.length, SEED);
    const compileStart = performance.now();
    const many = compileRuleFiles(readRuleFolders([manyRules]));
    const compileTime = performance.now() - compileStart;
    if (many.problems.length > 0) throw new Error(`A rule made by the bench is no rule: ${many.problems[0]?.message}`);

    const floor: Contender = { kind: 'floor', folder: logs.folder, workers: 1 };
    const withPack: Contender = { kind: 'backtest', folder: logs.folder, rules: 'rules', workers: 1 };
    const contenders: Readonly<Record<Name, Contender>> = {
      floor,
      pack: withPack,
      many: { ...withPack, rules: manyRules },
      floor2: { ...floor, workers: 2 },
      pack2: { ...withPack, workers: 2 },
    };
    const laps: Record<Name, Lap[]> = { floor: [], pack: [], many: [], floor2: [], pack2: [] };
    for (let lap = 1; lap <= LAPS; lap += 1) {
      progress(`lap ${lap} of ${LAPS}`);
      // In turn, so that a busy moment of the machine meets all of them.
      for (const name of NAMES) {
        const done = await runLap(contenders[name]);
        if (done.records !== RECORDS) throw new Error(`${name} read ${done.records} records of ${RECORDS}.`);
        laps[name].push(done);
      }
    }
    /** The time of the one against the other, lap by lap. */
    const against = (over: Name, under: Name, of: 'milliseconds' | 'processor' = 'milliseconds'): number[] =>
      laps[over].map((time, lap) => time[of] / (laps[under][lap]?.[of] ?? Number.NaN));
    const floorGain = against('floor', 'floor2');
    const gain = against('pack', 'pack2');
    const share = gain.map((ours, lap) => ours / (floorGain[lap] ?? Number.NaN));
    const floorTime = median(laps.floor.map(({ milliseconds }) => milliseconds));

    const perSecond = (time: number) => `${Math.round(RECORDS / time)} k records/s`;
    const figures: Figure[] = [
      {
        what: 'floor: read, unzip and JSON.parse on one thread',
        value: `${floorTime.toFixed(0)} ms, ${perSecond(floorTime)}`,
      },
      ratio('backtest with the pack, against the floor', against('pack', 'floor'), LIMITS.pack),
      ratio(`backtest with ${RULES} rules, against the floor`, against('many', 'floor'), LIMITS.many),
      {
        what: `in processor time, where a busy machine hardly shows and every thread counts: the pack, ${RULES} rules, the pack on two threads`,
        value: [
          against('pack', 'floor', 'processor'),
          against('many', 'floor', 'processor'),
          against('pack2', 'floor2', 'processor'),
        ]
          .map((ratios) => median(ratios).toFixed(2))
          .join(', '),
      },
      { what: 'gain of the floor from two threads', value: spread(floorGain) },
      { what: 'gain of the backtest from two threads', value: spread(gain) },
      {
        what: 'gain of the backtest, share of the gain of the floor',
        value: spread(share),
        limit: `at least ${LIMITS.threads}`,
        within: median(share) >= LIMITS.threads,
      },
      { what: `compiling ${RULES} rules, once before a backtest`, value: `${compileTime.toFixed(0)} ms` },
      {
        what: `records and rules from seed ${SEED}: records, mean size, detections with the pack and with ${RULES} rules`,
        value: `${RECORDS.toLocaleString('en-US')}, ${Math.round(logs.plainBytes / RECORDS)} B, ${laps.pack[0]?.detections} and ${laps.many[0]?.detections}`,
      },
    ].map((figure) => ({ bench: 'backtest', ...figure }));
    return figures;
  });

function ratio(what: string, values: readonly number[], limit: number) {
  return { what, value: spread(values), limit: `${limit}`, within: median(values) <= limit };
}

function spread(values: readonly number[]): string {
  return `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
}
