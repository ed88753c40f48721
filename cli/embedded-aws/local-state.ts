import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const stateSchema = z.object({
  instance: z.string(),
  guard: z.int(),
  server: z.int(),
  folder: z.string(),
  endpoint: z.string(),
  logFile: z.string(),
  startedAt: z.string(),
});

/** What `rescind local up` left for `status` and `down`. A claim only: whether it is still true must be checked. */
export type LocalState = z.infer<typeof stateSchema>;

const fileIn = (folder: string) => join(folder, 'local.json');

/** Undefined when nothing was started, or when the file is not one that this version wrote. */
export async function readLocalState(folder: string): Promise<LocalState | undefined> {
  let text: string;
  try {
    text = await readFile(fileIn(folder), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const parsed = stateSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : undefined;
}

/** False when there is a state file already: of two `up` at once, one wins. The file appears complete or not at all. */
export async function claimLocalState(folder: string, state: LocalState): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const draft = `${fileIn(folder)}.${state.instance}`;
  await writeFile(draft, `${JSON.stringify(state, undefined, 2)}\n`);
  try {
    await link(draft, fileIn(folder));
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

export async function removeLocalState(folder: string): Promise<void> {
  await rm(fileIn(folder), { force: true });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Damaged: the schema refuses it like any other foreign content.
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
