import type { Keeping } from './keeping.ts';
import type { Mark } from './mark.ts';

/** Milliseconds since 1970, both ends included; `around` is the event that is judged. */
export type Span = { readonly from: number; readonly around: number; readonly to: number };

/** Where marks live between events: memory in a test, a table with TTL in a function. */
export type MarkStore = {
  /** Adding the same mark again changes nothing. */
  readonly add: (mark: Mark, keeping: Keeping, expiresAt: number) => Promise<void>;
  /**
   * The marks of one group in the span, as far as they matter (and perhaps some that do not); those just added are among
   * them. Of a crowd, those nearest to `around` on either side.
   */
  readonly read: (
    group: Pick<Mark, 'correlationId' | 'group'>,
    keeping: Keeping,
    span: Span,
  ) => Promise<readonly Mark[]>;
  /** True for exactly one caller: a finding is told once, however many events confirm it. */
  readonly claim: (findingKey: string, expiresAt: number) => Promise<boolean>;
  /** Is it known already, without asking anybody, that another event told the finding? */
  readonly isTold: (findingKey: string) => boolean;
};

/** Keeps everything and drops nothing: what others keep less of has to give the same findings. */
export function createMemoryMarkStore(): MarkStore {
  const marks = new Map<string, Mark>();
  const claimed = new Set<string>();
  return {
    add: async (mark) => {
      marks.set(JSON.stringify([mark.correlationId, mark.group, mark.eventId, mark.ruleId, mark.time]), mark);
    },
    read: async ({ correlationId, group }, _, { from, to }) =>
      [...marks.values()].filter(
        (mark) => mark.correlationId === correlationId && mark.group === group && mark.time >= from && mark.time <= to,
      ),
    claim: async (key) => {
      if (claimed.has(key)) return false;
      claimed.add(key);
      return true;
    },
    isTold: (key) => claimed.has(key),
  };
}
