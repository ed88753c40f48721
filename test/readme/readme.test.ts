import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readmeSections, withSections } from './sections.ts';

const file = join(import.meta.dirname, '..', '..', 'README.md');

describe('README.md', () => {
  test('has the generated tables as the code makes them today; "npm run readme" writes them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rescind-readme-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const readme = await readFile(file, 'utf8');
    expect(readme).toBe(withSections(readme, await readmeSections(folder)));
  });

  test('refuses to be without a place for a table', () => {
    expect(() => withSections('# Rescind', new Map([['permissions', 'a table']]))).toThrow('no place for permissions');
  });

  test('links to files that exist', async () => {
    const readme = await readFile(file, 'utf8');
    const targets = [...readme.matchAll(/\]\(([^)#]+)\)/g)]
      .map(([, target]) => target ?? '')
      .filter((t) => !t.includes('://'));
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((target) => !existsSync(join(dirname(file), target)))).toEqual([]);
  });

  test('shows the two commands on its first screen', async () => {
    const firstScreen = (await readFile(file, 'utf8')).split('\n').slice(0, 40).join('\n');
    expect(firstScreen).toContain('npm ci && npm run demo');
    expect(firstScreen).toContain('npm ci && npm test');
  });
});
