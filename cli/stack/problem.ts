import { printable } from '../../shared/page/printable.ts';

/** A problem that one sentence explains, remedy included. The exit code says whether the command was used wrongly (2) or failed (1). */
export class CommandProblem extends Error {
  override readonly name = 'CommandProblem';
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a command's action: its problems become one sentence on stderr, and so does what AWS answers to a call that nobody
 * expected to fail, such as a table that is gone. Everything else keeps its stack.
 */
export async function reportingProblems(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const problem = isOfAws(error)
      ? new CommandProblem(`AWS said no, or did not answer: ${printable(`${error.name}: ${error.message}`, 400)}`)
      : error;
    if (!(problem instanceof CommandProblem)) throw problem;
    process.stderr.write(`${problem.message}\n`);
    process.exitCode = problem.exitCode;
  }
}

/** So the SDK marks every fault of a call, those of the network as well. */
export function isOfAws(error: unknown): error is Error {
  return error instanceof Error && '$metadata' in error;
}
