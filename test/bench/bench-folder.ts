import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../../cli/embedded-aws/project-folder.ts';

/** Works in a folder of its own, inside the project, that is gone afterwards: also after Ctrl-C. */
export async function inBenchFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(projectFolder, { recursive: true });
  const folder = await mkdtemp(join(projectFolder, 'bench-'));
  const leave = (): void => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  };
  process.once('SIGINT', leave).once('SIGTERM', leave);
  try {
    return await work(folder);
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    await rm(folder, { recursive: true, force: true });
  }
}
