import { createSightings } from '../../shared/rules/first-seen/sightings.ts';
import { type Found, sightingOf, type UndecidedHit } from './findings.ts';

export type FirstSeenTally = {
  /** Adds what a file gave; its subjects have other places here. */
  readonly add: (found: Found, file: string, subjectAt: (place: number | undefined) => number) => void;
  /** After the last file, in order of time: the hits that were the first of a key of theirs. */
  readonly first: () => readonly FirstHit[];
};

/** `duplicate`: the same event and rule stand before it. */
export type FirstHit = { readonly hit: UndecidedHit; readonly file: string; readonly duplicate: boolean };

export function createFirstSeenTally(): FirstSeenTally {
  const sightings = createSightings();
  const hits: FirstHit[] = [];
  const known = new Set<string>();
  return {
    add: ({ undecided, sightings: runs }, file, subjectAt) => {
      for (const [key, ofFile] of runs) for (const run of ofFile) sightings.add(key, run);
      for (const hit of undecided) {
        // What is known by now not to be the first is not kept.
        if (!hit.keys.some((key) => sightings.isFirst(key, sightingOf(hit)))) continue;
        const name = JSON.stringify([hit.eventId, hit.rule]);
        const duplicate = known.has(name);
        known.add(name);
        const correlated = Object.fromEntries(
          Object.entries(hit.correlated).map(([selector, place]) => [selector, subjectAt(place)]),
        );
        hits.push({ hit: { ...hit, subject: subjectAt(hit.subject), correlated }, file, duplicate });
      }
    },
    first: () =>
      hits
        .filter(({ hit }) => hit.keys.some((key) => sightings.isFirst(key, sightingOf(hit))))
        .sort(
          (a, b) =>
            sightingOf(a.hit).time - sightingOf(b.hit).time ||
            compareTexts(a.hit.eventId ?? '', b.hit.eventId ?? '') ||
            a.hit.rule - b.hit.rule,
        ),
  };
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
