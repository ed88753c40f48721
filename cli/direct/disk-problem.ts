import { CommandProblem } from '../stack/problem.ts';

/** What the disk refuses is a sentence with what to do; every other fault stays what it is. */
export function diskProblem(error: unknown, sentence: string): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error;
  return new CommandProblem(`${sentence} (${error.code}).`);
}
