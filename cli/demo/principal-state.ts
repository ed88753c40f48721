import { hash } from 'node:crypto';

/**
 * Everything that IAM says of a user or a role, as one list of facts: `access key AKIA…` is `Active`,
 * `inline policy reports` is the document as IAM sent it, byte for byte.
 */
export type PrincipalState = {
  readonly facts: ReadonlyMap<string, string>;
  /** Operations that the endpoint does not offer, so that their absence is not taken for a comparison. */
  readonly unavailable: readonly string[];
};

/** A fact that is not the same twice; undefined where there is none. */
export type Difference = { readonly fact: string; readonly before?: string; readonly after?: string };

export function differences(before: PrincipalState, after: PrincipalState): readonly Difference[] {
  const facts = [...new Set([...before.facts.keys(), ...after.facts.keys()])].sort();
  return facts.flatMap((fact): Difference[] => {
    const [was, is] = [before.facts.get(fact), after.facts.get(fact)];
    if (was === is) return [];
    return [{ fact, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
}

/** Of all facts in the order of their names: the same bytes give the same hash, one changed byte another. */
export function fingerprint({ facts }: PrincipalState): string {
  const sorted = [...facts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return hash('sha256', JSON.stringify(sorted));
}

/** `access key AKIA…: Active -> Inactive`; a document is told by its length, for it would fill the screen. */
export function differenceLine({ fact, before, after }: Difference): string {
  return `${fact}: ${brief(before)} -> ${brief(after)}`;
}

function brief(value: string | undefined): string {
  if (value === undefined) return 'none';
  return value.length > 60 ? `${value.length} bytes` : value;
}
