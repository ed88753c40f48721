import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { scanProgram } from '../../../cli/backtest/scan-program.ts';

const emptyFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'rescind-scan-program-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

test('what a thread runs is made once, and is there at once the next time', async () => {
  const folder = emptyFolder();
  const made = scanProgram(folder);
  expect(made).toBeInstanceOf(Promise);
  const program = await made;
  expect(readFileSync(fileURLToPath(program), 'utf8')).not.toMatch(/^import .* from "\./m);
  expect(scanProgram(folder)).toEqual(program);
});

test('is made anew once a file that it was made of has changed, and is what it was where nothing in it did', async () => {
  const folder = emptyFolder();
  const program = await scanProgram(folder);
  const note = JSON.parse(readFileSync(join(folder, 'scan-program.json'), 'utf8'));
  const scanner = note.madeOf.findIndex(([file]: [string]) => file.endsWith('create-scanner.ts'));
  expect(scanner).toBeGreaterThan(-1);
  note.madeOf[scanner][1] -= 1;
  writeFileSync(join(folder, 'scan-program.json'), JSON.stringify(note));
  const again = scanProgram(folder);
  expect(again).toBeInstanceOf(Promise);
  expect(await again).toEqual(program);
  expect(readdirSync(folder)).toHaveLength(2);
});

test('is made anew where it was removed, or its note is torn', async () => {
  const folder = emptyFolder();
  const program = await scanProgram(folder);
  rmSync(program);
  expect(scanProgram(folder)).toBeInstanceOf(Promise);
  const again = await scanProgram(folder);
  expect(again).toEqual(program);
  writeFileSync(join(folder, 'scan-program.json'), '{"program":');
  expect(scanProgram(folder)).toBeInstanceOf(Promise);
});

test('is made in memory where nothing can be kept', async () => {
  const file = join(emptyFolder(), 'a-file');
  writeFileSync(file, '');
  const program = await scanProgram(file);
  expect(program.protocol).toBe('data:');
  const text = Buffer.from(program.href.slice(program.href.indexOf(',') + 1), 'base64').toString();
  expect(text).toContain('before it was told what to scan with');
});
