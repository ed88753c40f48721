import type { Case } from '../cases/case.ts';
import type { Clock } from '../ports/clock.ts';
import type { EvidenceStore } from '../ports/evidence-store.ts';
import { type ActivityDeps, collectActivity } from './activity.ts';
import { activityLog } from './activity-log.ts';
import { activityPage } from './activity-page.ts';
import { type Evidence, type EvidenceObject, evidenceKey } from './evidence.ts';
import { traceOf } from './trace.ts';

export type KeepEvidenceDeps = ActivityDeps & {
  readonly store: EvidenceStore;
  /** Keys that the detections of a case name. */
  readonly accessKeysOf: (caseId: string) => Promise<readonly string[]>;
  readonly clock: Pick<Clock, 'now'>;
  /** SHA-256 in hex. */
  readonly sha256: (bytes: Uint8Array) => string;
};

/** What led to a case is seldom older; the access record itself goes back 90 days (`rescind what`). */
export const ACTIVITY_SECONDS = 7 * 24 * 3600;

/**
 * A case that waited so long for its evidence stands in a storm of cases. CloudTrail's two lookups a second are then left
 * to whoever looks for lost events, or the last of thousands of cases would get its evidence days later.
 */
const STORM_SECONDS = 30 * 60;

/**
 * Writes what the subject of a case did into the bucket, and into the case where it lies. Twice writes a new version of the
 * same objects, and the case names the last. A fault is said in the case and thrown on.
 */
export async function keepEvidence(deps: KeepEvidenceDeps, opened: EvidenceCase): Promise<Evidence> {
  try {
    const evidence = await gather(deps, opened);
    await deps.store.note(opened.caseId, evidence);
    return evidence;
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message.slice(0, 300)}` : 'unknown fault';
    await deps.store.note(opened.caseId, { kind: 'failed', at: deps.clock.now().toISOString(), reason });
    throw error;
  }
}

export type EvidenceCase = Pick<Case, 'caseId' | 'openedAt' | 'severity' | 'subject'>;

async function gather(
  deps: KeepEvidenceDeps,
  { caseId, openedAt, severity, subject }: EvidenceCase,
): Promise<Evidence> {
  const { store, clock, trails } = deps;
  const to = clock.now();
  const from = new Date(Date.parse(openedAt) - ACTIVITY_SECONDS * 1000);
  const waited = to.getTime() - Date.parse(openedAt);
  const { events, sources } = await collectActivity(deps, {
    trace: traceOf(subject),
    from,
    to,
    accessKeyIds: await deps.accessKeysOf(caseId),
    ...(waited < STORM_SECONDS * 1000
      ? {}
      : { notLookedUp: 'it was not asked: the case had waited too long for its evidence, among many others' }),
  });
  const period = { from: from.toISOString(), to: to.toISOString() };
  const content = {
    case: { caseId, openedAt, severity, subject },
    ...period,
    regions: trails.map(({ region }) => region),
    sources,
    events,
  };

  const put = async (file: Parameters<typeof evidenceKey>[1], text: string): Promise<EvidenceObject> => {
    const body = new TextEncoder().encode(text);
    const object = { key: evidenceKey(caseId, file), sha256: deps.sha256(body), bytes: body.length };
    return { ...object, versionId: await store.put({ ...object, body }) };
  };
  const log = await put('activity.jsonl', activityLog(content));
  const page = await put('activity.html', activityPage(content));
  return { kind: 'kept', at: clock.now().toISOString(), ...period, events: events.length, sources, log, page };
}
