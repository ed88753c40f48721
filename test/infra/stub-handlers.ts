import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JOBS } from '../../shared/cases/own-roles.ts';

/** Handlers that do nothing: what a template says does not depend on them, and bundling the real ones takes seconds. */
export const HANDLERS: Readonly<Record<string, string>> = Object.fromEntries(
  JOBS.map((job) => [`functions/${job}/handler.ts`, `export const handler = async () => '${job}';\n`]),
);

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
