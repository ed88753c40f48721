import { systemClock } from '../../functions/system.ts';
import type { Case } from '../../shared/cases/case.ts';
import { CommandProblem } from '../stack/problem.ts';
import { subjectFolders } from './direct-folder.ts';
import { diskProblem } from './disk-problem.ts';
import { createMemoryCaseStore, type MemoryCaseStore } from './memory-case-store.ts';
import { makeFolder, openStateFile } from './state-file.ts';
import { lockSubject, type Unlock } from './subject-lock.ts';

export type DirectStore = { readonly store: MemoryCaseStore; readonly unlock: Unlock };

/** The cases of one subject, for one process alone: every write is on the disk before it is answered. */
export async function openStore(folder: string, subjectFolder: string): Promise<DirectStore> {
  try {
    return await openAlone(folder, subjectFolder);
  } catch (error) {
    throw diskProblem(
      error,
      `The ledger cannot lie in ${folder}, so nothing is done: make room there, or name another folder in RESCIND_DIRECT`,
    );
  }
}

async function openAlone(folder: string, subjectFolder: string): Promise<DirectStore> {
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

/** Every case of the account, the newest last; and why the file of a subject cannot be read, which hides no other's. */
export async function listCases(
  folder: string,
): Promise<{ readonly cases: readonly Case[]; readonly problems: readonly string[] }> {
  const read = await readAll(folder);
  const lists = await Promise.all(read.map((each) => (each.kind === 'store' ? each.store.list() : [])));
  return {
    cases: lists.flat().sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1)),
    problems: problemsOf(read),
  };
}

/** The folder of the subject that a case is about. */
export async function folderOfCase(folder: string, caseId: string): Promise<string> {
  const read = await readAll(folder);
  for (const each of read) {
    if (each.kind === 'store' && (await each.store.read(caseId)) !== undefined) return each.folder;
  }
  const [problem] = problemsOf(read);
  if (problem !== undefined) throw new CommandProblem(problem);
  throw new CommandProblem(
    `There is no case ${caseId} in ${folder}. "npx rescind cases --direct --all" lists them.`,
    2,
  );
}

type Read =
  | { readonly kind: 'store'; readonly folder: string; readonly store: MemoryCaseStore }
  | { readonly kind: 'problem'; readonly problem: string };

async function readAll(folder: string): Promise<readonly Read[]> {
  return Promise.all(
    (await subjectFolders(folder)).map(async (each): Promise<Read> => {
      try {
        return { kind: 'store', folder: each, store: await readStore(folder, each) };
      } catch (error) {
        if (!(error instanceof CommandProblem)) throw error;
        return { kind: 'problem', problem: error.message };
      }
    }),
  );
}

function problemsOf(read: readonly Read[]): readonly string[] {
  return read.flatMap((each) => (each.kind === 'problem' ? [each.problem] : []));
}
