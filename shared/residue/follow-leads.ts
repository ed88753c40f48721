import type { AccessEvent } from '../access/access-event.ts';
import { deedOf, type Found } from './deed.ts';
import { isDoingOf, type Lead, leadKey, sessionsOf } from './lead.ts';

/** More somebodies than this are not looked through, nor more things told: what is left out is said. */
export const MOST_LEADS = 20;
export const MOST_THINGS = 50;

/**
 * Who made what, from one lead to the next: a user that was made, a key, a session that was opened, a role and who opens
 * sessions of it. Each is followed once, so that roles that assume each other come to an end.
 */
export function followLeads(start: readonly Lead[]) {
  const known = new Set<string>();
  const waiting: Lead[] = [];
  const things = new Map<string, Found>();
  let leftOutLeads = 0;
  let leftOutThings = 0;

  const open = (leads: readonly Lead[]): void => {
    for (const lead of leads) {
      const key = leadKey(lead);
      if (known.has(key)) continue;
      known.add(key);
      if (known.size <= MOST_LEADS) waiting.push(lead);
      else leftOutLeads += 1;
    }
  };
  open(start);

  return {
    next: (): Lead | undefined => waiting.shift(),
    waiting: (): number => waiting.length,
    /** Records that were found for a lead, in any order. */
    tell(lead: Lead, events: readonly AccessEvent[]): void {
      for (const event of events) {
        open(sessionsOf(lead, event));
        if (!isDoingOf(lead, event)) continue;
        const { found, opens } = deedOf(event);
        open(opens);
        if (found === undefined) continue;
        const before = things.get(found.key);
        // Newest first, or in the order of another region: the last deed on a thing is what stands.
        if (before === undefined && things.size >= MOST_THINGS) leftOutThings += 1;
        else if (before === undefined || before.at < found.at) things.set(found.key, found);
      }
    },
    things: (): readonly Found[] => [...things.values()].sort((a, b) => (a.at < b.at ? -1 : 1)),
    leftOut: () => ({ leads: leftOutLeads, things: leftOutThings }),
  };
}
