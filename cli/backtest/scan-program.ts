import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, 'node_modules', '.cache', 'rescind');
const NOTE = 'scan-program.json';

/** What a kept program was made of: path, time of the last change (milliseconds) and size (bytes) of each file. */
type Note = { readonly program: string; readonly madeOf: readonly (readonly [string, number, number])[] };

/**
 * What a thread runs, as one JavaScript module without any import to look for: reading the TypeScript anew took each thread
 * 0.7 s, and making this takes 0.2 s. So it is kept in a folder from one backtest to the next, for as long as no file
 * that it was made of changes; where that folder cannot be written, it is made each time.
 */
export function scanProgram(folder = CACHE): URL | Promise<URL> {
  return keptProgram(folder) ?? makeProgram(folder);
}

function keptProgram(folder: string): URL | undefined {
  try {
    const { program, madeOf }: Note = JSON.parse(readFileSync(join(folder, NOTE), 'utf8'));
    const path = join(folder, program);
    const same = madeOf.every(([file, changed, size]) => {
      const now = statSync(file);
      return now.mtimeMs === changed && now.size === size;
    });
    return same && existsSync(path) ? pathToFileURL(path) : undefined;
  } catch {
    // Not there, not readable, or one of its files is gone: each means that it is to be made.
    return undefined;
  }
}

async function makeProgram(folder: string): Promise<URL> {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('./scan-worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    metafile: true,
    absWorkingDir: ROOT,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  });
  const text = outputFiles.map((file) => file.text).join('');
  const program = `scan-${hash('sha256', text).slice(0, 16)}.mjs`;
  const note: Note = { program, madeOf: factsOf(Object.keys(metafile.inputs).map((file) => resolve(ROOT, file))) };
  try {
    mkdirSync(folder, { recursive: true });
    put(join(folder, program), text);
    put(join(folder, NOTE), JSON.stringify(note));
    return pathToFileURL(join(folder, program));
  } catch {
    // A folder that only others may write is no reason not to backtest.
    return new URL(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
  }
}

function factsOf(files: readonly string[]): Note['madeOf'] {
  return files.map((file) => {
    const { mtimeMs, size } = statSync(file);
    return [file, mtimeMs, size];
  });
}

/** Whole or not at all, whoever else is writing it. */
function put(path: string, text: string): void {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, text);
  renameSync(own, path);
}
