import type { AccessSummary } from '../../shared/ports/access-reader.ts';

/** A principal or a resource of the map, and how many accesses it has part in. */
export type Side = { readonly key: string; readonly label: string; readonly count: number };

/** Who accessed which sensitive resource: first, last and how often. */
export type AccessMap = {
  /** The last access first. */
  readonly rows: readonly (AccessSummary & { readonly label: string })[];
  /** The busiest first. */
  readonly principals: readonly Side[];
  readonly resources: readonly Side[];
  readonly accesses: number;
  /** There are more than were read. */
  readonly cut: boolean;
};

/** Of summaries, of which at most `limit` are shown: one more tells that there are more. */
export function accessMap(summaries: readonly AccessSummary[], limit: number): AccessMap {
  const rows = [...summaries]
    .sort((a, b) => (a.last < b.last ? 1 : -1))
    .slice(0, limit)
    .map((each) => ({ ...each, label: labelOf(each) }));
  return {
    rows,
    principals: sides(rows.map(({ principal, label, count }) => ({ key: principal, label, count }))),
    resources: sides(rows.map(({ arn, count }) => ({ key: arn, label: arn, count }))),
    accesses: rows.reduce((sum, { count }) => sum + count, 0),
    cut: summaries.length > limit,
  };
}

/** All sessions of a role are counted together: the name of the last one would stand for all. */
function labelOf({ principal, who }: AccessSummary): string {
  return principal.startsWith('role:') ? (who.split('/')[0] ?? who) : who;
}

function sides(all: readonly Side[]): readonly Side[] {
  const by = new Map<string, Side>();
  for (const { key, label, count } of all) by.set(key, { key, label, count: (by.get(key)?.count ?? 0) + count });
  return [...by.values()].sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
}
