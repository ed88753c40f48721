import type { Mark } from './mark.ts';

/**
 * At most so many marks of a group are read, the newest: a flood makes a correlation no slower. One that counts higher
 * would never come true, so synth refuses it.
 */
export const MARKS_LOOKED_AT = 1_000;

/** Where marks live between events: memory in a test, a table with TTL in a function. */
export type MarkStore = {
  /** Adding the same mark again changes nothing. */
  readonly add: (mark: Mark, expiresAt: number) => Promise<void>;
  /** The marks of one group from one time to another, both included; those just added are among them. */
  readonly read: (group: Pick<Mark, 'correlationId' | 'group'>, from: number, to: number) => Promise<readonly Mark[]>;
  /** True for exactly one caller: a finding is told once, however many events confirm it. */
  readonly claim: (findingKey: string, expiresAt: number) => Promise<boolean>;
};

export function createMemoryMarkStore(): MarkStore {
  const marks = new Map<string, Mark>();
  const claimed = new Set<string>();
  return {
    add: async (mark) => {
      marks.set(JSON.stringify([mark.correlationId, mark.group, mark.eventId, mark.ruleId]), mark);
    },
    read: async ({ correlationId, group }, from, to) =>
      [...marks.values()].filter(
        (mark) => mark.correlationId === correlationId && mark.group === group && mark.time >= from && mark.time <= to,
      ),
    claim: async (key) => {
      if (claimed.has(key)) return false;
      claimed.add(key);
      return true;
    },
  };
}
