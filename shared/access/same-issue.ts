/** CloudTrail writes the time of a call and the creation of a session in whole seconds; the two may fall on either side of one. */
const APART_MS = 1_000;

/** When a session issued then may have been, by the word of its own calls. */
export function sameIssue(issuedAt: string): { readonly since: string; readonly until: string } {
  const at = Date.parse(issuedAt);
  return { since: new Date(at - APART_MS).toISOString(), until: new Date(at + APART_MS).toISOString() };
}
