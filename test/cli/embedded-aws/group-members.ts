import { readdirSync, readFileSync } from 'node:fs';
import { runProgram } from '../../../cli/embedded-aws/run-program.ts';

/** The running processes of a process group. A zombie does not count: it is only an exit code that nobody fetched. */
export async function groupMembers(leader: number): Promise<number[]> {
  const all = process.platform === 'linux' ? fromProc() : await fromPs();
  return all.filter(({ group, state }) => group === leader && !state.startsWith('Z')).map(({ pid }) => pid);
}

type Process = { pid: number; group: number; state: string };

function fromProc(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // pid (command, which may contain anything) state parent group ...
        const [state = '', , group = ''] =
          readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
        return [{ pid: Number(name), group: Number(group), state }];
      } catch {
        return []; // It ended between the listing and the reading.
      }
    });
}

async function fromPs(): Promise<Process[]> {
  const result = await runProgram('ps', ['-A', '-o', 'pid=,pgid=,stat=']);
  if (result.kind !== 'ran') throw new Error('ps did not run');
  return result.stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid = '', group = '', state = ''] = line.trim().split(/\s+/);
      return { pid: Number(pid), group: Number(group), state };
    });
}
