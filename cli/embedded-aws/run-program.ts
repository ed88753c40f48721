import { execFile } from 'node:child_process';

export type ProgramResult =
  | { kind: 'ran'; code: number; stdout: string; stderr: string }
  | { kind: 'not-found' }
  | { kind: 'failed'; reason: string };

/** Runs a program to its end. A program that is missing or fails is an expected outcome here, so it is a value. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { timeout?: number; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    execFile(program, [...args], { maxBuffer: 16 * 1024 * 1024, ...options }, (error, stdout, stderr) => {
      if (error === null) resolve({ kind: 'ran', code: 0, stdout, stderr });
      else if (error.code === 'ENOENT') resolve({ kind: 'not-found' });
      else if (typeof error.code === 'number') resolve({ kind: 'ran', code: error.code, stdout, stderr });
      else resolve({ kind: 'failed', reason: error.killed ? 'it did not end in time' : error.message });
    });
  });
}
