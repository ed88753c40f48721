import { rmSync } from 'node:fs';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../embedded-aws/project-folder.ts';

/** Settle time on the embedded AWS, which changes at once. AWS needs seconds to hold everywhere: 30 s is the least there. */
export const DEMO_SETTLE_SECONDS = 4;

export const DEMO_BREAKER_SUBJECTS = 20;

const rulesOfProject = join(import.meta.dirname, '..', '..', 'rules');
const PREFIX = 'demo-';
const all = { recursive: true, force: true, maxRetries: 5 } as const;

export type DemoFolder = {
  readonly path: string;
  /** The policy of a mode and where its assembly goes. */
  readonly deployment: (mode: DemoMode) => { readonly policyFile: string; readonly outputFolder: string };
  remove(): Promise<void>;
  removeNow(): void;
};

export type DemoMode = 'observe' | 'enforce';

/** A folder of this run with two policies that differ in one word, and the rules, which must lie below them. */
export async function writePolicies(subscriber: string): Promise<DemoFolder> {
  await removeAbandoned();
  const path = join(projectFolder, `${PREFIX}${process.pid}`);
  await rm(path, all);
  await mkdir(path, { recursive: true });
  await cp(rulesOfProject, join(path, 'rules'), { recursive: true });
  const deployment = (mode: DemoMode) => ({
    policyFile: join(path, `${mode}.yaml`),
    outputFolder: join(path, `cdk.out-${mode}`),
  });
  await Promise.all(
    (['observe', 'enforce'] as const).map((mode) =>
      writeFile(deployment(mode).policyFile, policyText(mode, subscriber)),
    ),
  );
  return { path, deployment, remove: () => rm(path, all), removeNow: () => rmSync(path, all) };
}

export function policyText(mode: DemoMode, subscriber: string): string {
  return `version: 1
home-region: us-east-1
mode: ${mode}
protected:
  - arn:aws:iam::*:role/BreakGlass*
# Several runs against one AWS must not open it.
breaker:
  subjects: ${DEMO_BREAKER_SUBJECTS}
  window: 15 m
timing:
  settle: ${DEMO_SETTLE_SECONDS} s
rules:
  - rules
alerts:
  zone: UTC
  page:
    - { protocol: http, endpoint: "${subscriber}" }
  information:
    - { protocol: http, endpoint: "${subscriber}" }
`;
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
