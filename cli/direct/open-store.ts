import { systemClock } from '../../functions/system.ts';
import type { Case } from '../../shared/cases/case.ts';
import { CommandProblem } from '../stack/problem.ts';
import { subjectFolders } from './direct-folder.ts';
import { createMemoryCaseStore, type MemoryCaseStore } from './memory-case-store.ts';
import { makeFolder, openStateFile } from './state-file.ts';
import { lockSubject, type Unlock } from './subject-lock.ts';

export type DirectStore = { readonly store: MemoryCaseStore; readonly unlock: Unlock };

/** The cases of one subject, for one process alone: every write is on the disk before it is answered. */
export async function openStore(folder: string, subjectFolder: string): Promise<DirectStore> {
  await makeFolder(folder);
  await makeFolder(subjectFolder);
  const unlock = await lockSubject(subjectFolder);
  try {
    const { rows, keep } = await openStateFile(subjectFolder, folder);
    // One after the other, so that an older state never replaces a newer one.
    let last: Promise<unknown> = Promise.resolve();
    const keepInTurn = (): Promise<void> => {
      const next = last.then(keep, keep);
      last = next.catch(() => undefined);
      return next;
    };
    const store = createMemoryCaseStore(
      systemClock,
      async ({ kind }, run) => {
        const answer = await run();
        if (kind === 'write') await keepInTurn();
        return answer;
      },
      { rows },
    );
    return { store, unlock };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** To look only: what another process writes meanwhile is not waited for. */
export async function readStore(folder: string, subjectFolder: string): Promise<MemoryCaseStore> {
  const { rows } = await openStateFile(subjectFolder, folder);
  return createMemoryCaseStore(systemClock, undefined, { rows });
}

/** Every case of the account, the newest last. */
export async function listCases(folder: string): Promise<readonly Case[]> {
  const lists = await Promise.all(
    (await subjectFolders(folder)).map(async (each) => (await readStore(folder, each)).list()),
  );
  return lists.flat().sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
}

/** The folder of the subject that a case is about. */
export async function folderOfCase(folder: string, caseId: string): Promise<string> {
  for (const each of await subjectFolders(folder)) {
    if ((await (await readStore(folder, each)).read(caseId)) !== undefined) return each;
  }
  throw new CommandProblem(
    `There is no case ${caseId} in ${folder}. "npx rescind cases --direct --all" lists them.`,
    2,
  );
}
