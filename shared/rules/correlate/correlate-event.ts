import type { Correlator } from './create-correlator.ts';
import { findingKey, stretchOf } from './judge.ts';
import type { Keeping } from './keeping.ts';
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
      const keeping = correlator.keepingOf(mark.correlationId);
      const expiresAt = mark.time + keeping.span + LATENESS;
      await store.add(mark, keeping, expiresAt);
      // Told or not, a correlation of this one has to know of each time at which it is true.
      const feeds = correlator.feeds(mark.correlationId);
      if (!feeds && (await isOver(store, mark, keeping))) continue;
      const { time } = mark;
      const near = await store.read(mark, keeping, {
        from: time - keeping.span,
        around: time,
        to: time + keeping.span,
      });
      for (const finding of correlator.judge(mark.correlationId, near, time)) {
        if (feeds) raised.push(...correlator.marksOfFinding(finding));
        if (store.isTold(finding.key) || !(await store.claim(finding.key, expiresAt))) continue;
        told.push(finding);
      }
    }
    pending = raised;
  }
  return told;
}

/**
 * Is all told that the mark could make true? It belongs to windows of this stretch of time and of the next. Where this
 * one's finding is told and nothing has happened in the next, which is how a flood looks, the group need not be read.
 */
async function isOver(store: MarkStore, mark: Mark, keeping: Keeping): Promise<boolean> {
  const { span } = keeping;
  const stretch = stretchOf(mark.time, span);
  if (!store.isTold(findingKey(mark, stretch))) return false;
  if (store.isTold(findingKey(mark, stretch + 1))) return true;
  const next = { from: (stretch + 1) * span, around: mark.time, to: mark.time + span };
  return (await store.read(mark, keeping, next)).length === 0;
}
