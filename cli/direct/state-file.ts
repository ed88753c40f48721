import { createHmac, randomBytes } from 'node:crypto';
import { access, chmod, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandProblem } from '../stack/problem.ts';
import { diskProblem } from './disk-problem.ts';
import { hasCode } from './has-code.ts';
import { noRows, type StoreRows } from './memory-case-store.ts';

const FORMAT = 'rescind-direct/1';

/** Cases, plans and ledger of one subject in one file; what is written is on the disk before the call returns. */
export type StateFile = {
  readonly rows: StoreRows;
  /** Replaces the file by what the rows are now: whole or not at all, and only then comes back. */
  readonly keep: () => Promise<void>;
};

export const stateFileIn = (folder: string): string => join(folder, 'cases.json');

/** Nobody else may read it: it names keys and holds policies. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}

/** `keyFolder`: where the key lies that all subjects share. Throws a CommandProblem when the file is not as it was written. */
export async function openStateFile(folder: string, keyFolder: string): Promise<StateFile> {
  const key = await readKey(keyFolder);
  const file = stateFileIn(folder);
  const rows = await readRows(file, key);
  return {
    rows,
    async keep() {
      const body = JSON.stringify(rows, mapsAsLists);
      const draft = `${file}.new`;
      try {
        await writeThrough(draft, `${JSON.stringify({ format: FORMAT, mac: codeOf(key, body) })}\n${body}\n`);
        await rename(draft, file);
        await syncFolder(folder);
      } catch (error) {
        throw diskProblem(
          error,
          `${file} could not be written, so nothing more is done. Every change in AWS stands in it as intended, or as done: make room, and the same command goes on from here`,
        );
      }
    },
  };
}

async function readRows(file: string, key: Buffer): Promise<StoreRows> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return noRows();
    throw error;
  }
  const [head = '', body = ''] = text.split('\n');
  if (head !== JSON.stringify({ format: FORMAT, mac: codeOf(key, body) })) {
    throw new CommandProblem(
      `${file} is not as Rescind wrote it, so nothing is done by it. The prior values stand in it in plain text: look at it, give back by hand what it names, and move it away.`,
    );
  }
  // What bears our code was written by `keep`.
  const kept: StoreRows = JSON.parse(body, listsAsMaps);
  // An older version knew of no last releases.
  const rows = { ...noRows(), ...kept };
  // Whoever held a lease is gone, or the lock would not have been ours.
  for (const lease of rows.leases.values()) {
    delete lease.owner;
    delete lease.expires;
  }
  return rows;
}

/** Shows accidents, and not attacks: the key lies beside what it protects. */
async function readKey(folder: string): Promise<Buffer> {
  await makeFolder(folder);
  const file = join(folder, 'key');
  if (!(await isThere(file))) {
    // Appears whole or not at all; of two that begin at once, one key wins.
    const draft = `${file}.${process.pid}`;
    await writeThrough(draft, randomBytes(32));
    try {
      await link(draft, file);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    } finally {
      await rm(draft, { force: true });
    }
    await syncFolder(folder);
  }
  const key = await readFile(file);
  if (key.length === 32) return key;
  throw new CommandProblem(
    `${file} is damaged: it must hold 32 bytes. Move it away if no case of this folder is open.`,
  );
}

function codeOf(key: Buffer, body: string): string {
  return createHmac('sha256', key).update(FORMAT).update('\n').update(body).digest('base64');
}

async function isThere(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

async function writeThrough(file: string, content: string | Buffer): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new name is on the disk once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const MAP = '$map';

function mapsAsLists(_name: string, value: unknown): unknown {
  return value instanceof Map ? { [MAP]: [...value] } : value;
}

function listsAsMaps(_name: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && MAP in value && Array.isArray(value[MAP])
    ? new Map(value[MAP])
    : value;
}
