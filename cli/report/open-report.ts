import { closeSync, openSync, writeFileSync } from 'node:fs';
import { PathProblem } from '../terminal/path-problem.ts';

export type Report<Result> = { readonly path: string; readonly write: (result: Result) => Promise<void> };

/**
 * Fails at once when the file cannot be written, and not after an hour of reading logs. What is there is kept until then.
 * `render` loads what it needs: a command without a report does not wait for the library that draws.
 */
export function openReport<Result>(path: string, render: (result: Result) => Promise<string>): Report<Result> {
  try {
    closeSync(openSync(path, 'a'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PathProblem(`cannot write the report ${path}: ${reason}`, { cause: error });
  }
  return { path, write: async (result) => writeFileSync(path, await render(result)) };
}
