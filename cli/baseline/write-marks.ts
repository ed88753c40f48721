import { inTurns } from '../../shared/access/in-turns.ts';
import { type FirstSeenStore, isSameRun, newestWith } from '../../shared/rules/first-seen/first-seen-store.ts';
import type { LogCoverage } from '../../shared/rules/first-seen/log-coverage.ts';
import { FIRST_SEEN_WINDOW, type Run } from '../../shared/rules/first-seen/sighting.ts';

/** What became of marks: written (in a dry run: what would be), known before, or too old to matter. */
export type Marks = { readonly written: number; readonly known: number; readonly old: number };

export type WriteDeps = {
  readonly store: Pick<FirstSeenStore, 'read' | 'noteRun' | 'recordedSince' | 'recording'>;
  readonly now: number;
  readonly dryRun: boolean;
};

/** Writes those that say something new, and so the same again writes none. */
export async function writeMarks(
  { store, now, dryRun }: WriteDeps,
  runs: readonly (readonly [key: string, run: Run])[],
): Promise<Marks> {
  const young = runs.filter(([, { last }]) => now - last <= FIRST_SEEN_WINDOW);
  const news = await inTurns(young, async ([key, run]) => {
    if (!dryRun) return store.noteRun(key, run);
    const known = await store.read(key);
    return !isSameRun(known, newestWith(known, run));
  });
  const written = news.filter((each) => each).length;
  return { written, known: young.length - written, old: runs.length - young.length };
}

/** From when on the uses of a service are known, and whether the logs moved that. */
export type Learned =
  | { readonly kind: 'moved'; readonly service: string; readonly since: string }
  | { readonly kind: 'stays'; readonly service: string; readonly since: string }
  /** The logs end before recording began, or tell nothing of the service. */
  | { readonly kind: 'gap'; readonly service: string; readonly since?: string };

/** The learning period begins with the logs, where nothing is missing between them and what `record` saw itself. */
export async function writeLearned(
  { store, now, dryRun }: WriteDeps,
  services: readonly string[],
  coverage: LogCoverage,
): Promise<readonly Learned[]> {
  return inTurns(services, async (service): Promise<Learned> => {
    const recordedSince = await store.recordedSince(service);
    const known = coverage.knownSince(service, recordedSince ?? now);
    const before = recordedSince === undefined ? {} : { since: new Date(recordedSince).toISOString() };
    if (known === undefined) return { kind: 'gap', service, ...before };
    if (recordedSince !== undefined && recordedSince <= known) {
      return { kind: 'stays', service, since: new Date(recordedSince).toISOString() };
    }
    if (!dryRun) await store.recording(service, known);
    return { kind: 'moved', service, since: new Date(known).toISOString() };
  });
}
