/** Something that the demo says, and what a fresh read showed. */
export type Claim = {
  readonly text: string;
  /** How it was looked at: which reads, of what. */
  readonly proof: string;
  readonly holds: boolean;
  /** What was seen instead, where it does not hold. */
  readonly seen?: string;
};

export type Claims = {
  add(claim: Claim): void;
  readonly all: () => readonly Claim[];
  /** Not one fails, and there is at least one: a demo that proved nothing has not succeeded. */
  readonly hold: () => boolean;
};

export function createClaims(): Claims {
  const claims: Claim[] = [];
  return {
    add: (claim) => claims.push(claim),
    all: () => claims,
    hold: () => claims.length > 0 && claims.every(({ holds }) => holds),
  };
}
