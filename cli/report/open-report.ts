import { closeSync, openSync, writeFileSync } from 'node:fs';
import type { BacktestResult } from '../backtest/result.ts';
import { PathProblem } from '../terminal/path-problem.ts';

export type Report = { readonly path: string; readonly write: (result: BacktestResult) => Promise<void> };

/** Fails at once when the file cannot be written, and not after an hour of reading logs. What is there is kept until then. */
export function openReport(path: string): Report {
  try {
    closeSync(openSync(path, 'a'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PathProblem(`cannot write the report ${path}: ${reason}`, { cause: error });
  }
  return {
    path,
    write: async (result) => {
      // Loaded only now: a backtest without a report does not wait for the library that draws.
      const { renderReport } = await import('./render-report.ts');
      writeFileSync(path, renderReport(result));
    },
  };
}
