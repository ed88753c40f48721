/** A problem that one sentence explains, remedy included. The exit code says whether the command was used wrongly (2) or failed (1). */
export class CommandProblem extends Error {
  override readonly name = 'CommandProblem';
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a command's action: its problems become one sentence on stderr, everything else keeps its stack. */
export async function reportingProblems(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof CommandProblem)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
