import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { findPython } from '../../../cli/embedded-aws/find-python.ts';
import { localDown, localStatus, localUp } from '../../../cli/embedded-aws/local-instance.ts';
import { projectFolder } from '../../../cli/embedded-aws/project-folder.ts';
import { pythonEnvironment } from '../../../cli/embedded-aws/python-environment.ts';
import { temporaryFolder } from './fake-programs.ts';
import { groupMembers } from './group-members.ts';

describe('an embedded AWS that stays', () => {
  it('is started once, described truthfully, and gone after down', async () => {
    const folder = await stateFolder();
    expect(await localStatus(folder)).toEqual({ kind: 'down' });

    const first = await localUp({ folder });
    expect(first.started).toBe(true);
    expect(await localStatus(folder)).toEqual({ kind: 'up', instance: first.instance });

    const again = await localUp({ folder });
    expect(again).toEqual({ started: false, instance: first.instance });
    const otherPort = Number(new URL(first.instance.endpoint).port) === 4566 ? 4567 : 4566;
    await expect(localUp({ folder, port: otherPort })).rejects.toThrow(/^The embedded AWS already runs at/);

    expect(await localDown(folder)).toEqual({ stopped: true });
    expect(await groupMembers(first.instance.server)).toEqual([]);
    expect(existsSync(first.instance.folder)).toBe(false);
    expect(await localStatus(folder)).toEqual({ kind: 'down' });
    expect(await localDown(folder)).toEqual({ stopped: false });
  });

  it('is one also when two start it at the same time', async () => {
    const folder = await stateFolder();
    const both = await Promise.all([localUp({ folder }), localUp({ folder })]);
    expect(both.map(({ started }) => started).sort()).toEqual([false, true]);
    expect(both[0].instance).toEqual(both[1].instance);
  });

  it('is said to have ended when it was killed, and starts anew', async () => {
    const folder = await stateFolder();
    const { instance } = await localUp({ folder });
    process.kill(instance.guard, 'SIGTERM');
    await vi.waitFor(async () => expect(await localStatus(folder)).toEqual({ kind: 'ended', instance }), {
      timeout: 10_000,
    });
    const next = await localUp({ folder });
    expect(next.started).toBe(true);
    expect(next.instance.instance).not.toBe(instance.instance);
  });

  it('is stopped by down also when somebody killed its guard alone', async () => {
    const folder = await stateFolder();
    const { instance } = await localUp({ folder });
    process.kill(instance.guard, 'SIGKILL');
    expect(await localDown(folder)).toEqual({ stopped: true });
    await vi.waitFor(async () => expect(await groupMembers(instance.server)).toEqual([]), { timeout: 10_000 });
    expect(existsSync(instance.folder)).toBe(false);
  });

  it('never signals a process that merely has the id of an old guard', async () => {
    const folder = await stateFolder();
    const stale = {
      instance: 'rescind-00000000-0000-4000-8000-000000000000',
      guard: process.pid,
      server: process.pid,
      folder: '/nonexistent',
      endpoint: 'http://127.0.0.1:1',
      logFile: '/nonexistent',
      startedAt: '2026-01-01T00:00:00.000Z',
    };
    await writeFile(join(folder, 'local.json'), JSON.stringify(stale));
    expect(await localStatus(folder)).toEqual({ kind: 'ended', instance: stale });
    expect(await localDown(folder)).toEqual({ stopped: false }); // And this test is still alive.
  });
});

/** State of its own, with the Python environment of the checkout: installing it anew would take seconds. */
async function stateFolder(): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(async () => void (await localDown(folder)));
  await pythonEnvironment(await findPython(), projectFolder, () => {});
  await mkdir(folder, { recursive: true });
  await symlink(join(projectFolder, 'python'), join(folder, 'python'));
  return folder;
}
