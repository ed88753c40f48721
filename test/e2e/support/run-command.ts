import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { clientEnvironment, withoutAws } from '../../../cli/embedded-aws/client-environment.ts';
import type { OpenStage } from './open-stage.ts';

const program = join(import.meta.dirname, '..', '..', '..', 'cli', 'rescind.mjs');

export type CommandEnd = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs a command as an operator of the stage's account would. */
export function rescind({ facts }: OpenStage, ...given: readonly string[]): Promise<CommandEnd> {
  const env = { ...withoutAws(process.env), ...clientEnvironment(facts) };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...given], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, stdout, stderr });
    });
  });
}
