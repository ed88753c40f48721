import { readFile } from 'node:fs/promises';
import { runProgram } from './run-program.ts';

/**
 * Whether `pid` is the guard of `instance`. The id alone proves nothing, since the system gives ids again after a
 * restart: its command line names the instance.
 */
export async function isGuardOf(pid: number, instance: string): Promise<boolean> {
  return (await commandLine(pid)).includes(instance);
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    // Read directly because small container images have no `ps`. An ended process has no file; a zombie's is empty.
    return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  }
  const result = await runProgram('ps', ['-o', 'args=', '-p', String(pid)]);
  return result.kind === 'ran' && result.code === 0 ? result.stdout : '';
}
