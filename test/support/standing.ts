import type { LastRelease } from '../../shared/cases/last-release.ts';
import type { CaseStore, Mark } from '../../shared/ports/case-store.ts';

type Store = Pick<CaseStore, 'standing'>;

/** The mark of a rule on a subject. */
export async function markOf(store: Store, subjectKey: string, ruleId: string): Promise<Mark | undefined> {
  return (await store.standing(subjectKey, ruleId)).mark;
}

/** When a person let the subject go last. */
export async function lastReleaseOf(store: Store, subjectKey: string): Promise<LastRelease | undefined> {
  return (await store.standing(subjectKey, 'any-rule')).releases[0]?.last;
}
