import type { RecordScope } from '../../shared/config/policy.ts';
import { type Correlator, createCorrelator } from '../../shared/rules/correlate/create-correlator.ts';
import { ALL_ENGINES } from '../../shared/rules/engines/all-engines.ts';
import { createEvaluator, type RuleFault } from '../../shared/rules/evaluate/create-evaluator.ts';
import type { OnlyPolicy } from '../../shared/rules/only/only.ts';
import type { CompiledRule } from '../../shared/rules/rule.ts';
import { createFirstSeenScan } from './first-seen-scan.ts';
import type { LogFile } from './log-files.ts';
import { type Engine, type FileScan, scanLogFile, type TimeRange } from './scan-log-file.ts';

export type Scanner = {
  readonly scan: (file: LogFile) => Promise<FileScan>;
  readonly correlator: Correlator;
  readonly faults: readonly RuleFault[];
};

/** Of the policy, what rules refer to and what first-seen goes by. */
export type ScanPolicy = OnlyPolicy & { readonly record: Pick<RecordScope, 'services'> };
export type ScanSetup = {
  readonly rules: readonly CompiledRule[];
  readonly range: TimeRange;
  readonly policy?: ScanPolicy;
};

/** Everything a thread needs to scan files with these rules. */
export function createScanner({ rules, range, policy }: ScanSetup): Scanner {
  const evaluator = createEvaluator(rules, ALL_ENGINES, policy);
  const correlator = createCorrelator(rules);
  const correlatedSubjects = [...new Set([...correlator.headers.values()].map(({ subject }) => subject))];
  const placeOf = new Map<object, number>(rules.map((rule, place) => [rule.header, place]));
  const engine: Engine = {
    evaluator,
    range,
    newFirstSeen: createFirstSeenScan(rules, policy?.record ?? { services: [] }),
    findings: { correlator, correlatedSubjects, placeOf },
  };
  return {
    correlator,
    faults: [...evaluator.faults, ...correlator.faults],
    scan: (file) => scanLogFile(file, engine),
  };
}
