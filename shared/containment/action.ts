import type { Subject } from '../cases/subject.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import type { Call, IamWrite } from './call.ts';
import type { RoleSnapshot, UserSnapshot } from './snapshot.ts';

/** IAM permission that an action needs; `infra/` builds the functions' roles from it and from nothing else. */
export type Requirement = {
  /** `apply`: contain's role. `undo`: restore's role. Reads are listed once in `reads.ts`. */
  readonly phase: 'apply' | 'undo';
  readonly actions: readonly `iam:${IamWrite}`[];
  /** `user`: any user of the account save the protected. `role` likewise. */
  readonly on: 'user' | 'role';
  /** Only the pre-created quarantine policy may be attached or detached: bound by `iam:PolicyARN`. */
  readonly onlyQuarantinePolicy?: true;
};

export const ACTION_IDS = [
  'quarantine',
  'deactivate-keys',
  'deactivate-other-credentials',
  'revoke-session',
  'revoke-sessions',
  'detach-policies',
] as const;
export type ActionId = (typeof ACTION_IDS)[number];

/** One change that a plan makes, in order. */
export type Step = {
  /** `<action id>#<target>`; the ledger key. */
  readonly key: string;
  readonly actionId: ActionId;
  readonly target: string;
  /** What it does, for people: `deactivate access key AKIA…`. */
  readonly title: string;
  readonly call: Call;
  /** Value before, from the same read that made the plan. */
  readonly prior: LedgerEntry['prior'];
  /** Tried in turn when the call meets a quota. */
  readonly fallbacks: readonly Call[];
  /** `deny` first, `credentials` next, `detach` only after the deny has been verified. */
  readonly stage: 'deny' | 'credentials' | 'detach';
};

export type PlanContext = {
  readonly subject: Subject;
  readonly quarantinePolicyArn: string;
  /** Tokens issued before this instant are cut off: ISO 8601, whole seconds, UTC. */
  readonly cutOff: string;
};

export type LiveState = UserSnapshot | RoleSnapshot;

/** What a fresh read says of a step. `unknown` is never success. */
export type StepState = 'holds' | 'undone' | 'unknown';

export type Undo =
  /** `calls` give the prior value back. */
  | { readonly kind: 'call'; readonly call: Call }
  /** It already has its prior value. */
  | { readonly kind: 'already' }
  /** Somebody changed it meanwhile, or it is no longer there: listed, never overwritten. */
  | { readonly kind: 'conflict'; readonly detail: string };
