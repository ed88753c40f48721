import { mkdir, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { projectFolder } from '../../cli/embedded-aws/project-folder.ts';
import { mainPolicy, narrowPolicy } from './support/policies.ts';
import { type Stage, setStage } from './support/stage.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the test files ask for the stages and for what was received. */
    stageDoor: string;
  }
}

const PREFIX = 'e2e-';

/**
 * Deploys Rescind once a run for the scenarios that mind their own subjects (`main`), and once more when a scenario asks
 * that would disturb all others (`narrow`). It does not wait: test files ask at the door, so that everything else runs meanwhile.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned();
  const folder = join(projectFolder, `${PREFIX}${process.pid}`);
  const clearing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true, maxRetries: 5 })];
  const atEnd = (clear: () => Promise<unknown>): void => {
    clearing.push(clear);
  };
  const teardown = async (): Promise<void> => {
    for (const clear of clearing.reverse()) await clear();
  };
  try {
    const plan = (name: string) => ({ name, folder: join(folder, name), atEnd });
    const main = await setStage({ ...plan('main'), policy: mainPolicy, mayBeGiven: true });
    let narrow: Promise<Stage> | undefined;
    const setNarrow = () => {
      // After the other, which more tests wait for.
      narrow ??= main.ready.then(() => setStage({ ...plan('narrow'), policy: narrowPolicy, mayBeGiven: false }));
      return narrow;
    };
    // Whoever asks at the door learns of a failure; until then nobody listens.
    main.ready.catch(() => undefined);
    project.provide('stageDoor', await openDoor({ main: () => Promise.resolve(main), narrow: setNarrow }, atEnd));
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}

async function openDoor(
  stages: Readonly<Record<string, () => Promise<Stage>>>,
  atEnd: (clear: () => Promise<unknown>) => void,
): Promise<string> {
  const answer = async (path: string): Promise<unknown> => {
    const [, name = '', what] = path.split('/');
    const stage = await stages[name]?.();
    if (stage === undefined) throw new Error(`There is no stage ${name}.`);
    switch (what) {
      case 'facts':
        return stage.ready;
      case 'alerts':
        return stage.alerts;
      case 'iam-calls':
        return stage.iamCalls;
      default:
        throw new Error(`A stage knows nothing of ${what}.`);
    }
  };
  const server = createServer((request, response) => {
    answer(request.url ?? '/').then(
      (value) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  atEnd(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The door to the stages got no port.');
  return `http://127.0.0.1:${address.port}`;
}

/** What a run left that was killed before it could tidy up. */
async function removeAbandoned(): Promise<void> {
  await mkdir(projectFolder, { recursive: true });
  for (const name of await readdir(projectFolder)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)$`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(projectFolder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, but belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
