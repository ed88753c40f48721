import { rmSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandProblem } from '../stack/problem.ts';
import { hasCode } from './has-code.ts';

/** Frees the subject; also called when the process ends by itself or by Ctrl-C. */
export type Unlock = () => void;

/** One process a subject. A lock that a dead process left behind is taken over. */
export async function lockSubject(folder: string): Promise<Unlock> {
  const file = join(folder, 'lock');
  if (!(await create(file))) {
    const holder = await holderOf(file);
    if (holder !== undefined && isAlive(holder)) throw isHeld(file, holder);
    await takeOver(file);
  }
  const unlock = (): void => {
    process.off('exit', unlock);
    rmSync(file, { force: true });
  };
  process.on('exit', unlock);
  return unlock;
}

/** Of several that find a dead holder only one replaces it: who may is decided by a second file. */
async function takeOver(file: string): Promise<void> {
  const turn = `${file}.turn`;
  if (!(await create(turn))) {
    throw new CommandProblem(`Another command is just taking ${file} over: try again. If none runs, delete ${turn}.`);
  }
  try {
    const holder = await holderOf(file);
    if (holder !== undefined && isAlive(holder)) throw isHeld(file, holder);
    await rm(file, { force: true });
    if (!(await create(file))) throw isHeld(file, (await holderOf(file)) ?? 0);
  } finally {
    await rm(turn, { force: true });
  }
}

/** The file appears with its content or not at all. */
async function create(file: string): Promise<boolean> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${process.pid}\n`, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function holderOf(file: string): Promise<number | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    return /^\d+\n$/.test(text) ? Number(text) : undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, and belongs to somebody else.
    return hasCode(error, 'EPERM');
  }
}

function isHeld(file: string, pid: number): CommandProblem {
  return new CommandProblem(
    `Process ${pid} works on this subject with --direct: wait until it is done. If that is no Rescind, delete ${file}.`,
  );
}
