import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedAwsError } from './embedded-aws-error.ts';
import { isGuardOf } from './guard-process.ts';
import { killGroup } from './guarded-server.ts';
import { readHealth } from './health.ts';
import { type LaunchOptions, launch } from './launch.ts';
import { claimLocalState, type LocalState, readLocalState, removeLocalState } from './local-state.ts';
import { projectFolder } from './project-folder.ts';

/** `silent`: its process runs and does not answer. `ended`: it was started and is gone without `down`. */
export type LocalStatus =
  | { kind: 'up'; instance: LocalState }
  | { kind: 'silent'; instance: LocalState }
  | { kind: 'ended'; instance: LocalState }
  | { kind: 'down' };

const goneWithinMs = 10_000;

/** Looks at the process and at the health page, not only at the file. */
export async function localStatus(folder = projectFolder): Promise<LocalStatus> {
  const instance = await readLocalState(folder);
  if (instance === undefined) return { kind: 'down' };
  const health = await readHealth(instance.endpoint, 3000);
  if (health?.edition === instance.instance) return { kind: 'up', instance };
  if (await isGuardOf(instance.guard, instance.instance)) return { kind: 'silent', instance };
  return { kind: 'ended', instance };
}

/** Starts one that outlives this process, or returns the one that already runs. */
export async function localUp(options: LaunchOptions): Promise<{ started: boolean; instance: LocalState }> {
  const folder = options.folder ?? projectFolder;
  const before = await localStatus(folder);
  if (before.kind === 'up') {
    refuseOtherPort(before.instance, options.port);
    return { started: false, instance: before.instance };
  }
  if (before.kind === 'silent') {
    throw new EmbeddedAwsError(
      `The embedded AWS that was started at ${before.instance.startedAt} runs and does not answer`,
      `stop it with npx rescind local down, or read ${before.instance.logFile}`,
    );
  }
  await removeLocalState(folder);

  const { server, ids, instance, endpoint, logFile } = await launch({ ...options, folder });
  const state = { ...ids, instance, endpoint, logFile, startedAt: new Date().toISOString() };
  if (await claimLocalState(folder, state)) {
    await server.setFree();
    return { started: true, instance: state };
  }
  // Another `up` was faster. There shall be one only, so ours goes and the caller gets theirs.
  await server.stop();
  const theirs = await localStatus(folder);
  if (theirs.kind === 'up') return { started: false, instance: theirs.instance };
  throw new EmbeddedAwsError('Another process started the embedded AWS at the same time and failed', 'run up again');
}

/** Returns when nothing of it is left; whether there was anything to stop. */
export async function localDown(folder = projectFolder): Promise<{ stopped: boolean }> {
  const status = await localStatus(folder);
  if (status.kind === 'down' || status.kind === 'ended') {
    await removeLocalState(folder);
    return { stopped: false };
  }
  const { guard, server, instance, folder: temporary } = status.instance;
  const deadline = performance.now() + goneWithinMs;
  if (await isGuardOf(guard, instance)) {
    process.kill(guard, 'SIGTERM');
    while (performance.now() < deadline && (await isGuardOf(guard, instance))) await delay(20);
  }
  let after = await localStatus(folder);
  if (after.kind === 'up') {
    // Somebody killed the guard alone, perhaps just now. The health page has proven that this server is ours.
    killGroup(server);
    await rm(temporary, { recursive: true, force: true });
  }
  while (after.kind === 'up' && performance.now() < deadline) {
    await delay(20);
    after = await localStatus(folder);
  }
  if (after.kind === 'up' || after.kind === 'silent') {
    throw new EmbeddedAwsError(
      `The embedded AWS (process ${server}) did not stop within ${goneWithinMs / 1000} seconds`,
      `end it with kill -9 -- -${server}`,
    );
  }
  await removeLocalState(folder);
  return { stopped: true };
}

function refuseOtherPort(running: LocalState, port: number | undefined): void {
  if (port === undefined || new URL(running.endpoint).port === String(port)) return;
  throw new EmbeddedAwsError(
    `The embedded AWS already runs at ${running.endpoint}, which is not port ${port}`,
    'leave --port out, or stop it first with npx rescind local down',
  );
}
