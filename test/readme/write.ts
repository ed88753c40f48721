import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readmeSections, withSections } from './sections.ts';

/** `npm run readme`: writes the generated tables into README.md. */
const file = join(import.meta.dirname, '..', '..', 'README.md');
const folder = await mkdtemp(join(tmpdir(), 'rescind-readme-'));
try {
  await writeFile(file, withSections(await readFile(file, 'utf8'), await readmeSections(folder)));
} finally {
  await rm(folder, { recursive: true, force: true });
}
