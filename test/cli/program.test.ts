import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const PROGRAM = join(import.meta.dirname, '..', '..', 'cli', 'rescind.mjs');

/** As a shell starts it. What the commands say is tested in this process, by test/support/run-command.ts. */
const rescind = (...args: readonly string[]) => spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });

describe('the program', () => {
  test('ends with 2 when it is used wrongly, on stderr', () => {
    const { status, stdout, stderr } = rescind('who', 'payroll');
    expect(stderr).toBe('"payroll" is no ARN: write the resource as arn:aws:s3:::bucket/key or the like.\n');
    expect([status, stdout]).toEqual([2, '']);
  });

  test('ends with 1 when it found something', () => {
    const { status, stdout } = rescind('rules', 'check', PROGRAM);
    expect(stdout).toMatch(/\d+ problems?\n$/);
    expect(status).toBe(1);
  });
});
