import type { Correlator } from './create-correlator.ts';
import type { Finding, Mark } from './mark.ts';
import type { MarkStore } from './mark-store.ts';

/** How long marks and claims outlast their span: CloudTrail delivers late, and duplicates come up to a day after. */
const LATENESS = 26 * 3_600_000;

/**
 * Adds the marks of one event and gives the findings that it made true and that nobody told before. A late event is judged
 * together with those after it, so the order of arrival does not matter where more events can only make a condition truer:
 * counts with lower bounds, rules that must all be met. Upper bounds and averages are judged by what has arrived.
 */
export async function correlateEvent(
  correlator: Correlator,
  store: MarkStore,
  marks: readonly Mark[],
): Promise<Finding[]> {
  const told: Finding[] = [];
  let pending = marks;
  // A finding feeds only correlations above it, and the compiler refuses circles, so this ends.
  while (pending.length > 0) {
    const raised: Mark[] = [];
    for (const mark of pending) {
      const span = correlator.spanOf(mark.correlationId);
      const expiresAt = mark.time + span + LATENESS;
      await store.add(mark, expiresAt);
      const near = await store.read(mark, mark.time - span, mark.time + span);
      for (const finding of correlator.judge(mark.correlationId, near, mark.time)) {
        if (!(await store.claim(finding.key, expiresAt))) continue;
        told.push(finding);
        raised.push(...correlator.marksOfFinding(finding));
      }
    }
    pending = raised;
  }
  return told;
}
