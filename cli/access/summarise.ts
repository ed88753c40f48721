import { type AccessEntry, groupEntries } from '../../shared/access/access-entry.ts';
import type { AccessSummary } from '../../shared/ports/access-reader.ts';

/** First, last and count of these accesses alone, by principal and resource. */
export function summarise(accesses: readonly AccessEntry[]): readonly AccessSummary[] {
  return groupEntries(accesses).flatMap((group) => {
    const [{ principal, who, resource } = {}] = group;
    const times = group.map(({ at }) => at).sort();
    const [first, last] = [times[0], times.at(-1)];
    if (principal === undefined || who === undefined || resource === undefined) return [];
    if (first === undefined || last === undefined) return [];
    return [{ principal, who, arn: resource.arn, type: resource.type, first, last, count: group.length }];
  });
}
