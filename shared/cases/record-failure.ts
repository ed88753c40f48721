import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import { changeCase } from './change-case.ts';
import { alertOf, moveCase } from './move-case.ts';
import { triedAgainAt } from './timed-release.ts';

/**
 * An execution gave up. The case says so, whatever it was doing: what the ledger holds may stand or not, and a
 * person has to look. A case that another execution has taken over or ended is left alone.
 */
export async function recordFailure(
  { store, clock }: { readonly store: CaseStore; readonly clock: Pick<Clock, 'now'> },
  of: { readonly caseId: string; readonly planVersion?: number; readonly release?: number; readonly error: string },
): Promise<void> {
  const detections = await store.detections(of.caseId);
  await changeCase(store, of.caseId, (current) => {
    const ended = current.state === 'released' || current.state === 'closed' || current.state === 'contained';
    const overtaken =
      (of.planVersion !== undefined && current.planVersion !== of.planVersion) ||
      (of.release !== undefined && current.releases !== of.release);
    const told = current.state === 'needs-human' && current.fighting !== true;
    if (ended || overtaken || told) return undefined;
    const at = clock.now().toISOString();
    const moved = moveCase(current, 'needs-human', at, {
      outcome: {
        kind: 'partial',
        missing: [{ item: 'the flow', reason: `it ended with ${of.error}; look at the ledger and at IAM` }],
        residual: current.met?.residual ?? [],
        unavailable: current.met?.unavailable ?? [],
      },
    });
    const until = triedAgainAt(current, at);
    const next = until === undefined ? moved : { ...moved, until };
    const alert = alertOf(next, detections, [], 'the flow could not go on');
    return { next, alert: current.state === 'releasing' ? { ...alert, ofRelease: true } : alert };
  });
}
