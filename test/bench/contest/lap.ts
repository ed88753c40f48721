import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Lap } from './contenders.ts';
import type { Contender } from './run.ts';

export function runLap(contender: Contender): Promise<Lap> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'run.ts'), { execArgv: ['--import', 'tsx'] });
    child.on('message', (lap: Lap) => resolve(lap));
    child.on('exit', (code) => reject(new Error(`A contender ended with ${code} and without a result.`)));
    child.send(contender);
  });
}
