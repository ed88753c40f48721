import type { Clock } from '../../shared/ports/clock.ts';

export type VirtualClock = Clock & { advance(milliseconds: number): void; readonly slept: readonly number[] };

/** Time that passes only when somebody sleeps or a test moves it. */
export function createVirtualClock(start: string): VirtualClock {
  let now = new Date(start).getTime();
  const slept: number[] = [];
  return {
    now: () => new Date(now),
    async sleep(milliseconds) {
      slept.push(milliseconds);
      now += milliseconds;
    },
    advance(milliseconds) {
      now += milliseconds;
    },
    slept,
  };
}
