import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const keptForMs = 24 * 60 * 60 * 1000;

/**
 * Opens a new log for MiniStack's output and drops those older than a day. It lies outside the server's temporary
 * folder on purpose: when the server dies, its folder goes and the log is what is left to look at.
 */
export async function openLogFile(folder: string, instance: string) {
  const logs = join(folder, 'logs');
  await mkdir(logs, { recursive: true });
  for (const name of await readdir(logs)) {
    const path = join(logs, name);
    const info = await stat(path).catch(() => undefined);
    if (info !== undefined && Date.now() - info.mtimeMs > keptForMs) await rm(path, { force: true });
  }
  const path = join(logs, `embedded-aws-${instance}.log`);
  return { path, handle: await open(path, 'a') };
}

/** The last line with something in it: what a Python program that died wanted to say. */
export async function lastLineOf(path: string): Promise<string> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return (lines.at(-1) ?? 'it said nothing').trim().slice(0, 300);
}
