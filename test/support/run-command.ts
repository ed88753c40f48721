import { Console } from 'node:console';
import { vi } from 'vitest';
import { createProgram } from '../../cli/program.ts';

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** `env`: instead of the environment of this process. */
type Where = { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv };

class Ended extends Error {
  override readonly name = 'Ended';
  readonly code: number;
  constructor(code: number) {
    super(`the command ended with ${code}`);
    this.code = code;
  }
}

/**
 * A command line, as `rescind` carries it out, in this process: one of its own takes a second to start, and most of what a
 * command says has nothing to do with it. One at a time, for a process has one environment and one output; that the
 * program as such ends as it should is for test/cli/program.test.ts.
 */
export async function runCommand(given: readonly string[], { cwd, env }: Where = {}): Promise<Ran> {
  const [stdout, stderr] = [captured(process.stdout), captured(process.stderr)];
  // The test runner keeps what is said to its own.
  const said = vi.spyOn(globalThis, 'console', 'get').mockReturnValue(new Console(process.stdout, process.stderr));
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Ended(Number(code ?? process.exitCode ?? 0));
  });
  const before = { cwd: process.cwd(), env: { ...process.env }, exitCode: process.exitCode };
  if (cwd !== undefined) process.chdir(cwd);
  if (env !== undefined) setEnvironment(env);
  process.exitCode = undefined;
  try {
    const code = await createProgram()
      .parseAsync(given, { from: 'user' })
      .then(
        () => Number(process.exitCode ?? 0),
        (error: unknown) => {
          if (error instanceof Ended) return error.code;
          throw error;
        },
      );
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.chdir(before.cwd);
    if (env !== undefined) setEnvironment(before.env);
    process.exitCode = before.exitCode;
    for (const one of [stdout, stderr, said, exit]) one.mockRestore();
  }
}

/** Variable by variable: what is not JavaScript, as the time zone, looks at the environment itself. */
function setEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}

function captured(stream: NodeJS.WriteStream) {
  const parts: string[] = [];
  const spy = vi.spyOn(stream, 'write').mockImplementation((chunk, encodingOrDone, done) => {
    parts.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const after = typeof encodingOrDone === 'function' ? encodingOrDone : done;
    after?.();
    return true;
  });
  return { text: () => parts.join(''), mockRestore: () => spy.mockRestore() };
}
