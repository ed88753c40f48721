import type { Case } from './case.ts';

/** Whether containing the subject leaves sessions that came of it. */
export function leavesSessions({ mode, lineage }: Pick<Case, 'mode' | 'lineage'>): boolean {
  return mode !== 'observe' && lineage !== undefined && lineage.issued.length > 0;
}
