import type { Granted } from '../cases/case.ts';

/** `ended`: it is there and cannot be used. `unknown`: Rescind does not read such a thing, or could not. */
export type ResidueState = 'live' | 'gone' | 'ended' | 'unknown';

/** One thing that the subject, or somebody whom it made or became, left behind. Text from records: escape it where it is shown. */
export type ResidueItem = {
  readonly what: string;
  /** Label of who did it. */
  readonly by: string;
  readonly at: string;
  readonly eventId: string;
  readonly state: ResidueState;
  /** The command that takes it away, for a person to run: nothing of it is done by itself. */
  readonly contain: string;
  /** It is the subject's own: contained with it, and proposed to nobody. */
  readonly own?: true;
  /** What it gave, where a release must not give it back. */
  readonly granted?: Granted;
};

/** What a look back found, once the containment was judged. */
export type Residue = {
  /** Of the plan after which was looked. */
  readonly planVersion: number;
  /** Of the calls that were looked through. */
  readonly from: string;
  readonly to: string;
  readonly items: readonly ResidueItem[];
  /** What was not looked at, or not to the end: in sentences. */
  readonly limits: readonly string[];
};

/** What a person has to decide about: somebody else's, and not known to be gone. */
export function proposedIn(residue: Residue | undefined): readonly ResidueItem[] {
  return (residue?.items ?? []).filter(({ own, state }) => own !== true && (state === 'live' || state === 'unknown'));
}

/** What a release keeps back although no rule told of it: the subject's own call made it. */
export function broughtByResidue(
  residue: Residue | undefined,
): readonly { readonly granted: readonly Granted[]; readonly foundLater: true }[] {
  return (residue?.items ?? []).flatMap(({ granted }) =>
    granted === undefined ? [] : [{ granted: [granted], foundLater: true }],
  );
}
