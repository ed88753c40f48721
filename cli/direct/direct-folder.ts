import { hash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { hasCode } from './has-code.ts';

/**
 * Where the cases of one account lie: `RESCIND_DIRECT`, or `.rescind/direct` in the home of whoever runs it. An emulator's
 * accounts are kept apart from those of AWS, which may have the same number.
 */
export function accountFolder(account: string, endpoint: string | undefined): string {
  const root = process.env.RESCIND_DIRECT || join(homedir(), '.rescind', 'direct');
  const host = endpoint === undefined ? 'aws' : new URL(endpoint).host.replaceAll(/[^\w.-]/g, '_');
  return join(root, `${account}-${host}`);
}

/** Readable, and no two alike: names of sessions hold letters that a file name may not. */
export function subjectFolder(folder: string, subjectKey: string): string {
  const readable = subjectKey.replaceAll(/[^\w.-]/g, '_').slice(0, 80);
  return join(folder, `${readable}-${hash('sha256', subjectKey).slice(0, 12)}`);
}

export async function subjectFolders(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
