import { type CaseStore, type CaseWrite, StaleCaseError } from '../ports/case-store.ts';
import type { Case } from './case.ts';

/** A detection may join at any moment; a lost race is decided again on what is there now, this often. */
const ATTEMPTS = 10;

/** Does work again that lost a race for its case; whatever it wrote before must be harmless when written twice. */
export async function againWhenStale<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StaleCaseError) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Reads, decides, writes; `decide` returns undefined when nothing is to be written. The case as written, if it was. */
export function changeCase(
  store: CaseStore,
  caseId: string,
  decide: (current: Case) => CaseWrite | undefined | Promise<CaseWrite | undefined>,
): Promise<Case | undefined> {
  return againWhenStale(async () => {
    const current = await store.read(caseId);
    if (current === undefined) throw new Error(`There is no case ${caseId}.`);
    const write = await decide(current);
    if (write === undefined) return undefined;
    await store.advance(write);
    return write.next;
  });
}
