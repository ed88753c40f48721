import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../../cli/direct/open-store.ts';
import { openStateFile } from '../../../cli/direct/state-file.ts';
import { detection, newCase } from '../../support/case-scene.ts';
import { lastReleaseOf } from '../../support/standing.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rescind-direct-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const opened = {
  next: newCase(),
  isNew: true,
  detection: detection(),
  mode: 'enforce',
  brought: [],
  mark: undefined,
} as const;

describe('the ledger of --direct on a disk that refuses', () => {
  test('says where it cannot be, and what to do', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    await expect(openStore(file, join(file, 'subject'))).rejects.toMatchObject({
      name: 'CommandProblem',
      exitCode: 1,
      message: expect.stringMatching(/^The ledger cannot lie in .* RESCIND_DIRECT \((ENOTDIR|EEXIST)\)\.$/),
    });
  });

  test('says that it could not be written, keeps what was written before, and is as it was for the next command', async () => {
    const subject = join(root, 'subject');
    const first = await openStore(root, subject);
    await first.store.join(opened);
    const before = await readFile(join(subject, 'cases.json'), 'utf8');
    // In the way of what is written, as a full disk is.
    await mkdir(join(subject, 'cases.json.new'));
    await expect(first.store.acquireLease('user:AIDAMALLORY', 'test', 60)).rejects.toMatchObject({
      name: 'CommandProblem',
      message: expect.stringContaining('could not be written, so nothing more is done'),
    });
    first.unlock();
    expect(await readFile(join(subject, 'cases.json'), 'utf8')).toBe(before);

    await rm(join(subject, 'cases.json.new'), { recursive: true });
    const again = await openStore(root, subject);
    expect((await again.store.list()).map(({ caseId }) => caseId)).toEqual([opened.next.caseId]);
    again.unlock();
  });

  test('reads what a version wrote that knew of no last releases, and keeps one', async () => {
    const subject = join(root, 'subject');
    await mkdir(subject);
    const older = await openStateFile(subject, root);
    Reflect.deleteProperty(older.rows, 'lastReleases');
    await older.keep();

    const { store, unlock } = await openStore(root, subject);
    expect(await lastReleaseOf(store, 'user:AIDAMALLORY')).toBeUndefined();
    await store.join(opened);
    const letsGo = { caseId: opened.next.caseId, at: '2026-11-21T03:00:00.000Z' };
    await store.advance({ next: { ...opened.next, state: 'releasing', revision: 2 }, letsGo });
    unlock();
    const again = await openStore(root, subject);
    expect(await lastReleaseOf(again.store, 'user:AIDAMALLORY')).toEqual(letsGo);
    again.unlock();
  });
});
