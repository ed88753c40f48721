import type { ActionId } from './action.ts';
import { type Chain, standingEntries } from './chain.ts';
import { type Source, sourceOf } from './read-live.ts';
import type { ContainableSubject } from './read-subject.ts';

/** At most so many reads in a round; the first is the principal itself. */
const READS_A_ROUND = 4;

export type Watched = {
  /** The deny, and the access keys: read in every round. */
  readonly always: readonly Source[];
  /** One after the other. */
  readonly inTurn: readonly Source[];
};

/** What a containment touched, and the lists in which new credentials of a user would show. */
export function watchedSources(
  subject: ContainableSubject,
  actions: readonly ActionId[],
  chains: readonly Chain[],
): Watched {
  const touched = (some: readonly Chain[]): readonly Source[] =>
    some.flatMap((chain) => standingEntries(chain).map(({ call }) => sourceOf(call)));
  const keys: readonly Source[] = subject.kind === 'user' && actions.includes('deactivate-keys') ? ['accessKeys'] : [];
  const others: readonly Source[] =
    subject.kind === 'user' && actions.includes('deactivate-other-credentials')
      ? ['serviceCredentials', 'sshKeys', 'certificates']
      : [];
  const first = new Set([...touched(chains.filter(({ stage }) => stage === 'deny')), ...keys]);
  const always = [...first].slice(0, READS_A_ROUND - 1);
  const rest = new Set([...first, ...touched(chains), ...others]);
  return { always, inTurn: [...rest].filter((source) => !always.includes(source)) };
}

/** What this round reads beside the principal: what was never seen comes before what was. */
export function sourcesOfRound({ always, inTurn }: Watched, seen: readonly string[], round: number): readonly Source[] {
  const free = READS_A_ROUND - 1 - always.length;
  const at = inTurn.length === 0 ? 0 : round % inTurn.length;
  const turned = [...inTurn.slice(at), ...inTurn.slice(0, at)];
  const unseen = turned.filter((source) => !seen.includes(source));
  return [...always, ...[...unseen, ...turned.filter((source) => seen.includes(source))].slice(0, free)];
}
