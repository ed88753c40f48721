import type { Clock } from '../ports/clock.ts';
import { isWorthRepeating } from './iam-errors.ts';

export type Retry = <T>(send: () => Promise<T>) => Promise<T>;

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3_000;

/**
 * Exponential backoff with full jitter inside a time budget
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). The last error is thrown as it came.
 */
export function createRetry({
  clock,
  random,
  budgetMilliseconds,
}: {
  readonly clock: Clock;
  readonly random: () => number;
  readonly budgetMilliseconds: number;
}): Retry {
  return async (send) => {
    const deadline = clock.now().getTime() + budgetMilliseconds;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await send();
      } catch (error) {
        const wait = random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
        if (!isWorthRepeating(error) || clock.now().getTime() + wait >= deadline) throw error;
        await clock.sleep(wait);
      }
    }
  };
}
