import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import { LEVELS, type Level } from '../../shared/rules/rule.ts';
import { openReport } from '../report/open-report.ts';
import { readPolicyFile } from '../rules/read-policy-file.ts';
import { readRuleFolders } from '../rules/read-rule-folders.ts';
import { outputWidth } from '../terminal/table.ts';
import { caseLines } from './case-lines.ts';
import { findLogFiles, type LogFile } from './log-files.ts';
import { createProgress } from './progress.ts';
import { type BacktestResult, resultOf } from './result.ts';
import { runBacktest, worthwhileThreads } from './run-backtest.ts';
import type { TimeRange } from './scan-log-file.ts';
import { type ScanThreads, startScanThreads } from './scan-threads.ts';
import { summaryLines } from './summary-lines.ts';
import { createTally, type Totals } from './tally.ts';

export type BacktestOptions = TimeRange & {
  readonly rules: readonly string[];
  /** The operator's policy; `rescind.yaml` of the current folder unless named. */
  readonly policy?: string;
  readonly failOn?: Level;
  readonly json?: boolean;
  /** For how long from the first record on nothing is told for being seen first; as the policy says unless given. */
  readonly learningSeconds?: number;
  /** Where the report goes: one HTML file. */
  readonly report?: string;
  /** Threads; as many as cores if the logs are large enough for that to pay. */
  readonly workers?: number;
};

type Stream = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write: (text: string) => boolean;
  once: (event: 'drain', then: () => void) => unknown;
};

/** Where the result goes (`stdout`) and where progress and problems go (`stderr`): the process, or a test's own. */
export type Output = { readonly stdout: Stream; readonly stderr: Stream };

/** Runs rules over logs, prints what they found, and gives the exit code. Throws a PathProblem for paths that cannot be used. */
export async function backtest(paths: readonly string[], options: BacktestOptions, output: Output): Promise<number> {
  const files = findLogFiles(paths);
  // They start while the rules are read.
  const threads = startScanThreads(options.workers ?? worthwhileThreads(files));
  try {
    return await backtestOn(threads, files, options, output);
  } finally {
    await threads.end();
  }
}

async function backtestOn(
  threads: ScanThreads,
  files: readonly LogFile[],
  options: BacktestOptions,
  output: Output,
): Promise<number> {
  const complain = (line: string): unknown => output.stderr.write(`${line}\n`);
  const applied = readPolicyFile(options.policy);
  const report = options.report === undefined ? undefined : openReport(options.report, renderReport);
  const { rules, problems } = compileRuleFiles(readRuleFolders(options.rules), applied.context);
  for (const { file, line, column, message } of problems) complain(`${file}:${line}:${column} ${message}`);
  const headers = rules.map((rule) => rule.header);
  const tally = createTally(headers);
  const progress = createProgress(
    files.reduce((sum, file) => sum + file.bytes, 0),
    output.stderr,
    Date.now,
  );
  const { faults, correlator, scans } = runBacktest(
    rules,
    files,
    {
      ...(options.since === undefined ? {} : { since: options.since }),
      ...(options.until === undefined ? {} : { until: options.until }),
    },
    threads,
    applied.policy,
  );
  for (const { file, message } of faults) complain(`${file} cannot be loaded: ${message}`);
  for await (const { file, scan } of scans) {
    const lines = tally.add(scan);
    if (options.json === true && lines.length > 0) {
      await write(output.stdout, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    }
    progress.advance(file.bytes, scan.records);
  }
  const decided = tally.decide(options.learningSeconds ?? applied.policy.record.learningSeconds);
  const correlations = tally.correlate(correlator);
  progress.end();
  const result = resultOf(tally, rules, applied);
  await report?.write(result);
  if (options.json === true) {
    const lines = [...decided, ...correlations, ...caseLines(result.replay)];
    await write(output.stdout, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
  const stream = options.json === true ? output.stderr : output.stdout;
  await write(stream, `${summaryLines(result, outputWidth(stream)).join('\n')}\n`);
  if (report !== undefined) complain(`\nReport written to ${report.path}`);
  return exitCode(result.totals, options.failOn);
}

function exitCode(totals: Totals, failOn: Level | undefined): number {
  if (totals.unreadableCount > 0) return 1;
  if (failOn === undefined || totals.highest === undefined) return 0;
  return LEVELS.indexOf(totals.highest) >= LEVELS.indexOf(failOn) ? 1 : 0;
}

async function renderReport(result: BacktestResult): Promise<string> {
  return (await import('../report/render-report.ts')).renderReport(result);
}

/** Waits while whoever reads the output is slower than we are, so that nothing piles up in memory. */
async function write(stream: Stream, text: string): Promise<void> {
  if (!stream.write(text)) await new Promise<void>((resolve) => stream.once('drain', resolve));
}
