import { stretchOf } from './judge.ts';
import type { Keeping } from './keeping.ts';
import type { Mark } from './mark.ts';

/**
 * What one process remembers of the marks that it wrote and the findings that it saw told, so that the thousandth event of
 * a flood is not written again to say what is known. It only leaves out what changes nothing, so to lose it costs calls and
 * never a finding.
 */
export type MarkMemory = {
  /** Do marks that this process wrote already say all that this one could? */
  readonly isCovered: (mark: Mark, keeping: Keeping) => boolean;
  /** To be said only once the mark is kept. */
  readonly wrote: (mark: Mark, keeping: Keeping) => void;
  /** The event that told a finding, or that it was another than asked. */
  readonly teller: (findingKey: string) => string | undefined;
  readonly told: (findingKey: string, eventId: string) => void;
};

/** Some 20 MB at the most. Past it all is forgotten at once, which is simplest and costs a few calls. */
const ENTRIES_REMEMBERED = 50_000;

export function createMarkMemory(most = ENTRIES_REMEMBERED): MarkMemory {
  const instants = new Map<string, Set<string>>();
  const stretches = new Map<string, { first: number; last: number }>();
  const tellers = new Map<string, string>();
  let entries = 0;
  const makeRoom = (): void => {
    entries += 1;
    if (entries <= most) return;
    for (const memory of [instants, stretches, tellers]) memory.clear();
    entries = 1;
  };
  return {
    isCovered: (mark, keeping) => {
      if (keeping.form === 'first-and-last') {
        const known = stretches.get(stretchKey(mark, keeping));
        return known !== undefined && known.first <= mark.time && mark.time <= known.last;
      }
      const known = instants.get(instantKey(mark));
      return known !== undefined && (known.size >= keeping.perInstant || known.has(mark.eventId));
    },
    wrote: (mark, keeping) => {
      makeRoom();
      if (keeping.form === 'first-and-last') {
        const key = stretchKey(mark, keeping);
        const { first, last } = stretches.get(key) ?? { first: mark.time, last: mark.time };
        stretches.set(key, { first: Math.min(first, mark.time), last: Math.max(last, mark.time) });
        return;
      }
      // Where each mark of an instant matters, there is nothing to be saved.
      if (!Number.isFinite(keeping.perInstant)) return;
      const known = instants.get(instantKey(mark));
      if (known === undefined) instants.set(instantKey(mark), new Set([mark.eventId]));
      else known.add(mark.eventId);
    },
    teller: (findingKey) => tellers.get(findingKey),
    told: (findingKey, eventId) => {
      makeRoom();
      tellers.set(findingKey, eventId);
    },
  };
}

function instantKey({ correlationId, group, ruleId, time }: Mark): string {
  return JSON.stringify([correlationId, group, ruleId, time]);
}

function stretchKey({ correlationId, group, ruleId, value, time }: Mark, { span }: Keeping): string {
  return JSON.stringify([correlationId, group, ruleId, value ?? null, stretchOf(time, span)]);
}
