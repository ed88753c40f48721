import type { SessionLineage } from '../access/session-lineage.ts';
import type { Granted, Touched } from '../cases/case.ts';
import type { Shortfall } from '../cases/outcome.ts';
import type { Subject } from '../cases/subject.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import type { Call, IamWrite, ResourcePermission } from './call.ts';
import type { ResourceKind } from './resource.ts';
import type { LiveState, PolicyDocuments, PresentSnapshot } from './snapshot.ts';

export type { LiveState } from './snapshot.ts';

/** Permission that an action needs; `infra/` builds the functions' roles from it and from nothing else. */
export type Requirement = {
  /**
   * `apply`: the role of whoever carries the action out, see `partOf`. `undo`: restore's role. Reads are listed once in `reads.ts`.
   */
  readonly phase: 'apply' | 'undo';
  readonly actions: readonly (`iam:${IamWrite}` | ResourcePermission)[];
  /** Any of them in the account, save the protected. */
  readonly on: 'user' | 'role' | 'rotation-function' | ResourceKind;
  /**
   * Only the pre-created quarantine policy may be attached or detached, or put as a boundary or taken off as one: bound by
   * `iam:PolicyARN`, or by `iam:PermissionsBoundary`.
   */
  readonly onlyQuarantinePolicy?: true;
  /** Any policy but that one. */
  readonly neverQuarantinePolicy?: true;
  /** No tag but `rescind:held`: bound by `aws:TagKeys`. */
  readonly onlyHeldTag?: true;
};

export const ACTION_IDS = [
  'quarantine',
  'lock-session',
  'deny-resource',
  'require-mfa',
  'require-mfa-to-assume',
  'deactivate-keys',
  'deactivate-other-credentials',
  'reset-console',
  'rotate-secret',
  'revoke-session',
  'revoke-sessions',
  'cut-off-tokens',
  'tag-held',
  'block-trust',
  'deny-login',
  'deny-chaining',
  'revert-attachment',
  'revert-access-key',
  'revert-inline-policy',
  'revert-trust',
  'revert-trail',
  'revert-ingress',
  'revert-access-block',
  'deny-permission-sets',
  'end-person-sessions',
  'detach-policies',
] as const;
export type ActionId = (typeof ACTION_IDS)[number];

/**
 * `deny` first, `credentials` next, `detach` only after the deny has been verified. `revert` undoes what a detected call
 * changed: a function and a role of their own make it, after contain.
 */
export const STAGES = ['deny', 'credentials', 'revert', 'detach'] as const;
export type Stage = (typeof STAGES)[number];

/**
 * Who changes something: two functions, each with a role of its own, or, without a stack, a caller with credentials of
 * their own, who does what contain does and what no function of Rescind may.
 */
export type Part = 'contain' | 'revert' | 'caller';

/** Revert makes what undoes a change, and whatever another service than IAM is asked for: contain reaches none. */
export function partOf({ stage, beyondIam, onlyByCaller }: Pick<Action, 'stage' | 'beyondIam' | 'onlyByCaller'>): Part {
  if (onlyByCaller === true) return 'caller';
  return stage === 'revert' || beyondIam === true ? 'revert' : 'contain';
}

/** Whether it is the work of this part. */
export function isMadeBy(part: Part, action: Parameters<typeof partOf>[0]): boolean {
  const of = partOf(action);
  return of === part || (part === 'caller' && of === 'contain');
}

/** A call and the value that it replaces: enough to say whether it stands and to take it back. */
export type Change = Pick<LedgerEntry, 'call' | 'prior'>;

/** One change that a plan makes, in order. */
export type Step = Change & {
  /** `<action id>#<target>`; the ledger key. */
  readonly key: string;
  readonly actionId: ActionId;
  readonly target: string;
  /** What it does, for people: `deactivate access key AKIA…`. */
  readonly title: string;
  /** Tried in turn when the call does not go through; each with the prior value of what it changes itself. */
  readonly fallbacks: readonly Change[];
  readonly stage: Stage;
};

export type PlanContext = {
  readonly subject: Subject;
  /** All that are carried out together. */
  readonly actions?: readonly ActionId[];
  readonly quarantinePolicyArn: string;
  /** The organisation's guard stands over the subject's account; not unless told. */
  readonly guarded?: boolean;
  /** Tokens issued before this instant are cut off: ISO 8601, whole seconds, UTC. */
  readonly cutOff: string;
  /** How often the case gave access back before; none unless told. */
  readonly releases?: number;
  /** What the detected calls of the case changed, which the stage `revert` undoes; nothing unless told. */
  readonly granted?: readonly Granted[];
  /** What the detected calls touched, to which `deny-resource` takes the access; nothing unless told. */
  readonly touched?: Touched;
  /** What stands in the ledger and was not given back; absent where a plan is made and not carried out. */
  readonly begun?: readonly Pick<LedgerEntry, 'key' | 'call' | 'prior'>[];
  /** Where the subject's sessions came from and what they handed out; unknown unless told. */
  readonly lineage?: SessionLineage;
  /** Of managed policies. Contain reads those that are attached, after the deny; revert those that a detected call attached. */
  readonly documents?: PolicyDocuments;
};

/** What a fresh read says of a step. `unknown` is never success. */
export type StepState = 'holds' | 'undone' | 'unknown';

export type Undo =
  /** `call` gives the prior value back. */
  | { readonly kind: 'call'; readonly call: Call }
  /** It already has its prior value. */
  | { readonly kind: 'already' }
  /** Somebody changed it meanwhile, or it is no longer there: listed, never overwritten. */
  | { readonly kind: 'conflict'; readonly detail: string }
  /** It could not be read, so nothing is written. */
  | { readonly kind: 'unknown'; readonly detail: string };

/** One reversible kind of change. A new one is one file in `actions/` and one line in `registry.ts`. */
export type Action = {
  readonly id: ActionId;
  readonly title: string;
  readonly stage: Stage;
  /** Its calls go to another service than IAM, although it undoes no change. */
  readonly beyondIam?: true;
  /** No role of Rescind may make it, and no playbook asks for it. */
  readonly onlyByCaller?: true;
  readonly requires: readonly Requirement[];
  /**
   * Names of the inline policies that it may write on the subject, or wrote before one of so many releases: the snapshot
   * must hold their priors.
   */
  inlineNames(subject: Subject, releases: number, granted: readonly Granted[], touched: Touched): readonly string[];
  plan(snapshot: PresentSnapshot, context: PlanContext): readonly Step[];
  /** Whether it is due beside the calls by which the denies stand; always unless told. */
  isDueBeside?(denies: readonly Call[]): boolean;
  /** What no record tells, so that a person is asked before it is made, in mode enforce as well; nothing unless told. */
  doubts?(snapshot: PresentSnapshot, context: PlanContext): readonly string[];
  /** What it leaves to a person, and why; nothing unless told. */
  shortfalls?(snapshot: PresentSnapshot, context: PlanContext): readonly Shortfall[];
  /** `state`, `intendedAt`: what the ledger says of the call, where a read alone does not tell that it was ours, or since. */
  state(change: Change & Partial<Pick<LedgerEntry, 'state' | 'intendedAt'>>, live: LiveState): StepState;
  /** Why it does not hold, for people, where that is more than that it was taken back or not read. */
  explain?(change: Change & Partial<Pick<LedgerEntry, 'intendedAt'>>, live: LiveState): string | undefined;
  /** Three-way: what it was, what we made of it, what it is now. */
  undo(change: Change, live: LiveState): Undo;
};
