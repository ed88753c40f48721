import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { groupMembers } from './group-members.ts';

const ownerFile = fileURLToPath(new URL('./owner.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');
const idsSchema = z.object({
  guard: z.int(),
  server: z.int(),
  worker: z.int(),
  folder: z.string(),
  endpoint: z.string(),
});

const endings: readonly { name: string; end: (owner: ChildProcess) => unknown }[] = [
  { name: 'stops it', end: (owner) => owner.stdin?.write('stop\n') },
  { name: 'has nothing left to do and never called stop', end: (owner) => owner.stdin?.write('return\n') },
  { name: 'calls process.exit', end: (owner) => owner.stdin?.write('exit\n') },
  { name: 'crashes with an uncaught error', end: (owner) => owner.stdin?.write('crash\n') },
  { name: 'is interrupted (Ctrl-C)', end: (owner) => owner.kill('SIGINT') },
  { name: 'is terminated', end: (owner) => owner.kill('SIGTERM') },
  { name: 'is killed with SIGKILL', end: (owner) => owner.kill('SIGKILL') },
];

describe('the embedded AWS leaves no process and no folder behind when its owner', () => {
  it.each(endings)('$name', async ({ end }) => {
    const { owner, ids } = await startOwner();
    // It runs, worker included: otherwise the rest would prove nothing.
    expect(await groupMembers(ids.server)).toEqual(expect.arrayContaining([ids.server, ids.worker]));
    expect(existsSync(ids.folder)).toBe(true);

    const ended = once(owner, 'exit');
    end(owner);
    await ended;
    await vi.waitFor(() => expectNothingLeft(ids), { timeout: 10_000, interval: 20 });
  });

  it('lives on while its guard was killed: then the owner itself cleans up', async () => {
    const { owner, ids } = await startOwner();
    process.kill(ids.guard, 'SIGKILL');
    await vi.waitFor(() => expectNothingLeft(ids), { timeout: 10_000, interval: 20 });
    const ended = once(owner, 'exit');
    owner.kill('SIGKILL');
    await ended;
  });

  it('lives on while MiniStack died: its workers go too', async () => {
    const { owner, ids } = await startOwner();
    process.kill(ids.server, 'SIGKILL');
    await vi.waitFor(() => expectNothingLeft(ids), { timeout: 10_000, interval: 20 });
    const ended = once(owner, 'exit');
    owner.kill('SIGKILL');
    await ended;
  });
});

async function startOwner() {
  const owner = spawn(process.execPath, ['--import', tsx, ownerFile], {
    stdio: ['pipe', 'pipe', 'ignore'], // one of the endings is a crash, whose stack would look like a failing test
  });
  onTestFinished(() => void owner.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: owner.stdout }), 'line');
  return { owner, ids: idsSchema.parse(JSON.parse(String(line))) };
}

async function expectNothingLeft(ids: z.infer<typeof idsSchema>): Promise<void> {
  expect(await groupMembers(ids.server)).toEqual([]);
  expect(await groupMembers(ids.guard)).toEqual([]);
  expect(existsSync(ids.folder)).toBe(false);
}
