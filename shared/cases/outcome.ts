/** How believable a containment is: A needs the organisation's guard policy, B stands inside the account only. */
export type Grade = 'A' | 'B';

/** Access that a deny does not end, with what a human must do about it. */
export type Residual = { readonly what: string; readonly humanStep: string };

/** A check that the endpoint does not offer, so that nobody takes silence for an all-clear. */
export type Unavailable = { readonly operation: string; readonly reason: string };

/** What was not achieved, item by item. */
export type Shortfall = { readonly item: string; readonly reason: string };

/** What became of a case. There is no other success than `contained`, and none before a fresh read has shown it for the settle time. */
export type Outcome =
  | {
      readonly kind: 'contained';
      readonly grade: Grade;
      readonly residual: readonly Residual[];
      readonly unavailable: readonly Unavailable[];
    }
  | {
      readonly kind: 'partial';
      readonly missing: readonly Shortfall[];
      readonly residual: readonly Residual[];
      readonly unavailable: readonly Unavailable[];
    }
  /** The subject no longer exists, or another one bears its name. */
  | { readonly kind: 'gone'; readonly detail: string }
  | { readonly kind: 'not-containable'; readonly why: string; readonly humanSteps: readonly string[] }
  | { readonly kind: 'planned' }
  | {
      readonly kind: 'refused';
      readonly reason:
        | 'protected'
        | 'last-administrator'
        | 'breaker'
        | 'budget'
        | 'stale-plan'
        | 'stopped'
        | 'rejected';
      readonly detail: string;
      /** What a human must do instead, where that is not plain from the detail. */
      readonly humanSteps?: readonly string[];
    };
