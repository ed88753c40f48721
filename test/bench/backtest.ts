import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../../cli/embedded-aws/project-folder.ts';
import { readRuleFolders } from '../../cli/rules/read-rule-folders.ts';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import type { LaneSetup } from './contest/lane.ts';
import { type Lap, race } from './contest/race.ts';
import { type Bench, type Figure, median } from './figure.ts';
import { writeManyRules } from './many-rules.ts';
import { createRandom } from './traffic/random.ts';
import { createTraffic } from './traffic/records.ts';
import { writeLogs } from './traffic/write-logs.ts';

const SEED = 20261121;
const RECORDS = 400_000;
const RULES = 800;
const LAPS = 5;
const LIMITS = { pack: 1.3, many: 1.5, threads: 0.9 };

/** What a backtest takes against reading, unzipping and parsing the same files: nobody can do less than that. */
export const measureBacktest: Bench = async (progress) => {
  await mkdir(projectFolder, { recursive: true });
  const folder = await mkdtemp(join(projectFolder, 'bench-'));
  try {
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

    const floor: LaneSetup = { kind: 'floor', files: logs.files, workers: 1 };
    const withPack: LaneSetup = { kind: 'backtest', folder: logs.folder, rules: 'rules', workers: 1 };
    const withMany: LaneSetup = { ...withPack, rules: manyRules };
    const laps: { readonly one: readonly Lap[]; readonly two: readonly Lap[] }[] = [];
    for (let lap = 1; lap <= LAPS; lap += 1) {
      progress(`lap ${lap} of ${LAPS}`);
      const one = await race([floor, withPack, withMany]);
      const two = [...(await race([{ ...floor, workers: 2 }])), ...(await race([{ ...withPack, workers: 2 }]))];
      laps.push({ one, two });
      for (const { outcome } of [...one, ...two]) {
        if (outcome.records !== RECORDS) throw new Error(`${outcome.records} records were read instead of ${RECORDS}.`);
      }
    }
    const times = (threads: 'one' | 'two', lane: number): number[] =>
      laps.map((lap) => lap[threads][lane]?.milliseconds ?? Number.NaN);
    const share = (lane: number): number[] => times('one', lane).map((time, lap) => time / (times('one', 0)[lap] ?? 0));
    const gain = (one: number, two: number): number[] =>
      times('one', one).map((time, lap) => time / (times('two', two)[lap] ?? 0));
    const gains = gain(1, 1).map((ours, lap) => ours / (gain(0, 0)[lap] ?? 0));

    const perSecond = (time: number) => `${Math.round(RECORDS / time).toLocaleString('en-US')} k records/s`;
    const figures: Figure[] = [
      {
        what: 'floor: read, unzip and JSON.parse on one thread',
        value: `${median(times('one', 0)).toFixed(0)} ms, ${perSecond(median(times('one', 0)))}`,
      },
      ratio('backtest with the pack, against the floor', share(1), LIMITS.pack),
      ratio(`backtest with ${RULES} rules, against the floor`, share(2), LIMITS.many),
      { what: 'gain of the floor from two threads', value: spread(gain(0, 0)) },
      { what: 'gain of the backtest from two threads', value: spread(gain(1, 1)) },
      {
        what: 'gain of the backtest, share of the gain of the floor',
        value: spread(gains),
        limit: `at least ${LIMITS.threads}`,
        within: median(gains) >= LIMITS.threads,
      },
      { what: `compiling ${RULES} rules, once before a backtest`, value: `${compileTime.toFixed(0)} ms` },
      {
        what: 'records, mean size, detections with the pack and with many',
        value: `${RECORDS}, ${Math.round(logs.plainBytes / RECORDS)} B, ${laps[0]?.one[1]?.outcome.detections} and ${laps[0]?.one[2]?.outcome.detections}`,
      },
    ].map((figure) => ({ bench: 'backtest', ...figure }));
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

function ratio(what: string, values: readonly number[], limit: number) {
  return { what, value: spread(values), limit: `${limit}`, within: median(values) <= limit };
}

function spread(values: readonly number[]): string {
  return `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
}
