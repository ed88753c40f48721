import type { Clock } from '../ports/clock.ts';
import type { TrailHistory } from '../ports/trail-history.ts';
import { lazily } from './lazily.ts';

/** CloudTrail's history in one region, for those who seldom ask: its client is loaded with the first question. */
export function trailHistoryIn(region: string, clock: Clock): TrailHistory {
  const history = lazily(async () => (await import('./trail-history.ts')).makeTrailHistory(region, clock));
  return {
    async *pages(asked) {
      yield* (await history()).pages(asked);
    },
  };
}
