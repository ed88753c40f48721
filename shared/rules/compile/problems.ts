import type { RuleProblem } from '../rule.ts';
import type { Position } from './located.ts';

export type Report = (at: Position, message: string) => void;

/** Collects what is wrong instead of stopping at the first thing, so that one run shows a whole file's problems. */
export function collectProblems(file: string): { readonly report: Report; readonly problems: readonly RuleProblem[] } {
  const problems: RuleProblem[] = [];
  return {
    problems,
    report: (at, message) => {
      problems.push({ file, line: at.line, column: at.column, message });
    },
  };
}
