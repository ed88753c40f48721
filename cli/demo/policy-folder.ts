import { rmSync } from 'node:fs';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../embedded-aws/project-folder.ts';

/** Settle time on the embedded AWS, which changes at once. AWS needs seconds to hold everywhere: 30 s is the least there. */
export const DEMO_SETTLE_SECONDS = 4;

/** A whole `rescind.yaml`; `subscriber` gets the alerts, `bridge` the tickets where the play has any. */
export type DemoPolicy = { readonly name: string; readonly text: (subscriber: string, bridge: string) => string };

export type DemoFolder = {
  readonly path: string;
  /** The file of a policy and where its assembly goes. */
  readonly deployment: (policy: string) => { readonly policyFile: string; readonly outputFolder: string };
  remove(): Promise<void>;
  removeNow(): void;
};

const rulesOfProject = join(import.meta.dirname, '..', '..', 'rules');
const PREFIX = 'demo-';
const all = { recursive: true, force: true, maxRetries: 5 } as const;

/** A folder of this run with its policies, and the rules, which must lie below them. */
export async function writePolicies(
  policies: readonly DemoPolicy[],
  subscriber: string,
  bridge: string,
): Promise<DemoFolder> {
  await removeAbandoned();
  const path = join(projectFolder, `${PREFIX}${process.pid}`);
  await rm(path, all);
  await mkdir(path, { recursive: true });
  await cp(rulesOfProject, join(path, 'rules'), { recursive: true });
  const deployment = (policy: string) => ({
    policyFile: join(path, `${policy}.yaml`),
    outputFolder: join(path, `cdk.out-${policy}`),
  });
  await Promise.all(policies.map(({ name, text }) => writeFile(deployment(name).policyFile, text(subscriber, bridge))));
  return { path, deployment, remove: () => rm(path, all), removeNow: () => rmSync(path, all) };
}

/** What a run left that was killed before it could tidy up. */
async function removeAbandoned(): Promise<void> {
  const names = await readdir(projectFolder).catch(() => []);
  for (const name of names) {
    const pid = new RegExp(`^${PREFIX}(\\d+)$`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(projectFolder, name), all);
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
