import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pythonEnvironment } from '../../../cli/embedded-aws/python-environment.ts';
import { fakeProgram, temporaryFolder } from './fake-programs.ts';

const quiet = () => {};

/** Called as `python -I -m venv HOME`, makes a HOME whose own python runs `pip` when it is called as `-I -m pip`. */
const pythonWhosePip = (pip: string) => `
for home; do :; done
echo made >> "$0.calls"
mkdir -p "$home/bin"
printf '%s\\n' '#!/bin/sh' '${pip}' > "$home/bin/python"
chmod +x "$home/bin/python"`;

describe('pythonEnvironment', () => {
  it('is made once and used again', async () => {
    const { folder, python } = await machine('exit 0');
    const progress: string[] = [];
    const first = await pythonEnvironment(python, folder, (text) => progress.push(text));
    expect(progress).toHaveLength(2);
    expect(await pythonEnvironment(python, folder, (text) => progress.push(text))).toBe(first);
    expect(progress).toHaveLength(2);
    expect(existsSync(first)).toBe(true);
  });

  it('is whole when two processes make it at once, and nothing half-made stays', async () => {
    const { folder, python } = await machine('exit 0');
    const [first, second] = await Promise.all([
      pythonEnvironment(python, folder, quiet),
      pythonEnvironment(python, folder, quiet),
    ]);
    expect(first).toBe(second);
    expect(await readdir(join(folder, 'python'))).toHaveLength(1);
  });

  it('is not there after a failed install, so the next run tries again', async () => {
    const { folder, python } = await machine(
      'echo "WARNING: Retrying after connection broken by NewConnectionError" >&2; exit 1',
    );
    for (const _ of [1, 2]) {
      await expect(pythonEnvironment(python, folder, quiet)).rejects.toMatchObject({
        name: 'EmbeddedAwsError',
        problem: 'MiniStack could not be downloaded from the Python package index',
      });
      expect(await readdir(join(folder, 'python'))).toEqual([]);
    }
  });

  it('is made again when the Python it was made with is gone', async () => {
    const { folder, python } = await machine('exit 0');
    const interpreter = await pythonEnvironment(python, folder, quiet);
    await rm(interpreter);
    expect(await pythonEnvironment(python, folder, quiet)).toBe(interpreter);
    expect(existsSync(interpreter)).toBe(true);
  });

  it('removes what a killed process left half-made long ago, and leaves a fresh one to its maker', async () => {
    const { folder, python } = await machine('exit 0');
    const old = join(folder, 'python', 'x.1-1.building');
    const fresh = join(folder, 'python', 'x.2-2.building');
    await mkdir(old, { recursive: true });
    await mkdir(fresh);
    const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000);
    await utimes(old, yesterday, yesterday);
    await pythonEnvironment(python, folder, quiet);
    expect([existsSync(old), existsSync(fresh)]).toEqual([false, true]);
  });

  it('is another one for another Python', async () => {
    const { folder, python } = await machine('exit 0');
    const first = await pythonEnvironment(python, folder, quiet);
    expect(await pythonEnvironment({ ...python, version: '3.13.0' }, folder, quiet)).not.toBe(first);
  });
});

async function machine(pip: string) {
  const folder = await temporaryFolder();
  const executable = await fakeProgram(folder, 'fake-python', pythonWhosePip(pip));
  return { folder, python: { executable, version: '3.12.0' } };
}
