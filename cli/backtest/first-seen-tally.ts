import { createSightings } from '../../shared/rules/first-seen/sightings.ts';
import { type Found, sightingOf, type UndecidedHit } from './scan-log-file.ts';

export type FirstSeenTally = {
  /** Adds what a file gave; its subjects have other places here. */
  readonly add: (found: Found, file: string, subjectAt: (place: number | undefined) => number) => void;
  /** After the last file, in order of time: the hits that were the first of a key of theirs, each event and rule once. */
  readonly first: () => readonly { readonly hit: UndecidedHit; readonly file: string }[];
};

export function createFirstSeenTally(): FirstSeenTally {
  const sightings = createSightings();
  const hits = new Map<string, { readonly hit: UndecidedHit; readonly file: string }>();
  return {
    add: ({ undecided, sightings: runs }, file, subjectAt) => {
      for (const [key, ofFile] of runs) for (const run of ofFile) sightings.add(key, run);
      for (const hit of undecided) {
        const name = JSON.stringify([hit.eventId, hit.rule]);
        // Of an event that came twice, the first file's; what is known by now not to be the first is not kept.
        if (hits.has(name) || !hit.keys.some((key) => sightings.isFirst(key, sightingOf(hit)))) continue;
        const correlated = Object.fromEntries(
          Object.entries(hit.correlated).map(([selector, place]) => [selector, subjectAt(place)]),
        );
        hits.set(name, { hit: { ...hit, subject: subjectAt(hit.subject), correlated }, file });
      }
    },
    first: () =>
      [...hits.values()]
        .filter(({ hit }) => hit.keys.some((key) => sightings.isFirst(key, sightingOf(hit))))
        .sort(
          (a, b) =>
            sightingOf(a.hit).time - sightingOf(b.hit).time ||
            ((a.hit.eventId ?? '') < (b.hit.eventId ?? '') ? -1 : 1) ||
            a.hit.rule - b.hit.rule,
        ),
  };
}
