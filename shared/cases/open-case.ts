import type { CaseStore, CaseWrite } from '../ports/case-store.ts';
import { type Case, hasEnded } from './case.ts';

/** The open case of a subject: every detection about the subject joins it. */
export async function openCaseOf(
  store: Pick<CaseStore, 'claim' | 'read'>,
  subjectKey: string,
): Promise<Case | undefined> {
  return openCase(store, await store.claim(subjectKey));
}

/**
 * The case of a claim. One that is over by the time that it is read gave the claim up when it ended: what joined it now
 * would be lost, for nothing comes of it any more.
 */
export async function openCase(store: Pick<CaseStore, 'read'>, claim: string | undefined): Promise<Case | undefined> {
  const found = claim === undefined ? undefined : await store.read(claim);
  return found === undefined || hasEnded(found) ? undefined : found;
}

/**
 * What a case gives up as it ends: the claim on its subject, and the marks of its rules. Where another case has claimed the
 * subject since, both are that one's: a case that was over may have been taken up again, to give back what was withheld.
 */
export async function givingUp(
  store: Pick<CaseStore, 'claim'>,
  { caseId, subject }: Case,
): Promise<Required<Pick<CaseWrite, 'clearMarks' | 'freeSubject'>>> {
  const claim = await store.claim(subject.key);
  const frees = claim === undefined || claim === caseId;
  return { clearMarks: frees, freeSubject: frees };
}
