import { type Correlator, createCorrelator } from '../../shared/rules/correlate/create-correlator.ts';
import { ipaddrCidr } from '../../shared/rules/engines/ipaddr-cidr.ts';
import { re2Regex } from '../../shared/rules/engines/re2-regex.ts';
import { createEvaluator, type RuleFault } from '../../shared/rules/evaluate/create-evaluator.ts';
import type { CompiledRule } from '../../shared/rules/rule.ts';
import type { LogFile } from './log-files.ts';
import { type FileScan, scanLogFile, type TimeRange } from './scan-log-file.ts';

export type Backtest = {
  readonly faults: readonly RuleFault[];
  readonly correlator: Correlator;
  readonly scans: AsyncGenerator<{ file: LogFile; scan: FileScan }>;
};

/** Scans the files one after the other, in their order, holding no more than one file's records. */
export function runBacktest(rules: readonly CompiledRule[], files: readonly LogFile[], range: TimeRange): Backtest {
  const evaluator = createEvaluator(rules, { regex: re2Regex, cidr: ipaddrCidr });
  const correlator = createCorrelator(rules);
  const placeOf = new Map<object, number>(rules.map((rule, place) => [rule.header, place]));
  async function* scans(): AsyncGenerator<{ file: LogFile; scan: FileScan }> {
    for (const file of files) yield { file, scan: await scanLogFile(file, { evaluator, correlator }, placeOf, range) };
  }
  return { faults: [...evaluator.faults, ...correlator.faults], correlator, scans: scans() };
}
