import type { FederatedLogin } from '../access/federated-login.ts';
import type { SessionLineage } from '../access/session-lineage.ts';
import type { Mode } from '../config/policy.ts';
import type { AccessBlock } from '../containment/access-block.ts';
import type { ActionId } from '../containment/action.ts';
import type { StandingRule } from '../containment/ingress.ts';
import type { ResourceRef } from '../containment/resource.ts';
import type { VerifyProgress } from '../containment/verify.ts';
import type { Residue } from '../residue/residue.ts';
import type { Level } from '../rules/rule.ts';
import type { LastRelease } from './last-release.ts';
import type { NamedPrincipal } from './named-principal.ts';
import type { Outcome, Residual, Shortfall, Unavailable } from './outcome.ts';
import type { Subject } from './subject.ts';

export const CASE_STATES = [
  'open',
  'awaiting-approval',
  'containing',
  'contained',
  'needs-human',
  'releasing',
  'released',
  'closed',
] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** Access is given back, or the case is over: only a new detection leads to another plan. */
export function isEnding({ state }: Pick<Case, 'state'>): boolean {
  return state === 'releasing' || hasEnded({ state });
}

/** Nothing comes of it any more, and its subject is free for another. */
export function hasEnded({ state }: Pick<Case, 'state'>): boolean {
  return state === 'released' || state === 'closed';
}

/** When something is due on a case by itself, if anything is. */
export function dueAt({ state, until, release }: Case): string | undefined {
  if (state === 'releasing') return release?.timed?.lookAt;
  return hasEnded({ state }) ? undefined : until;
}

/** Open as long as work is due on a subject; one per subject; every detection about the subject joins it. */
export type Case = {
  readonly caseId: string;
  readonly subject: Subject;
  readonly state: CaseState;
  readonly outcome?: Outcome;
  readonly severity: Level;
  /** Goes up by one with every change of state; alerts carry it, and an older alert never follows a newer. */
  readonly version: number;
  /** Goes up when a detection adds an action or raises the mode; it names the execution, and an older execution ends when it sees a newer one. */
  readonly planVersion: number;
  readonly mode: Mode;
  readonly playbooks: readonly string[];
  /** What is to be done, in this mode. */
  readonly actions: readonly ActionId[];
  /** Everything that detections asked for, also in a lower mode than this one. */
  readonly asked?: Asked;
  readonly ruleIds: readonly string[];
  readonly openedAt: string;
  readonly updatedAt: string;
  /** Where the subject's sessions came from and what they handed out, as its last plan found it on record. */
  readonly lineage?: SessionLineage;
  /** What the containment met beyond its ledger: part of the outcome once it is judged. */
  readonly met?: Met;
  /** Sessions that came of the subject and have no case of their own, as far as is known: `build/one`. */
  readonly unfollowed?: readonly string[];
  /** How far verification is; absent until its first round. */
  readonly verifying?: VerifyProgress;
  /** When the containment first stood by a fresh read. */
  readonly containedAt?: string;
  /** When the containment ends by itself, with its last hold. Without it a person ends it, or nothing is contained. */
  readonly until?: string;
  /** How often it was released; names the release's execution. */
  readonly releases: number;
  /** What the last release gave back and what it did not. */
  readonly release?: Release;
  readonly verdict?: Verdict;
  /** Somebody takes the containment back again and again: a person was told, and it goes on being put back. */
  readonly fighting?: true;
  /** When that was told first: told once. */
  readonly foughtAt?: string;
  /** What the subject left behind, by a look back after the containment was judged. */
  readonly residue?: Residue;
  /** Whatever joined since then had happened before it: nothing was done for that without an answer. */
  readonly releasedSince?: LastRelease;
  /** Goes up with every write of the case: the condition of the next one. */
  readonly revision: number;
};

/** For each action the highest mode in which a detection asked for it. */
export type Asked = Readonly<Partial<Record<ActionId, Mode>>>;

export type Met = {
  readonly shortfalls: readonly Shortfall[];
  readonly residual: readonly Residual[];
  readonly unavailable: readonly Unavailable[];
};

export const VERDICTS = ['true-positive', 'false-positive', 'benign'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** One thing that a release did not give back, and why. */
export type Kept = { readonly target: string; readonly reason: string };

export type Release = {
  /** Give back the withheld items as well. */
  readonly all: boolean;
  /** ARN of who asked for it; of a lock that ended, `END_OF_TIME`. */
  readonly by: string;
  readonly at: string;
  /** The case's, raised by it to end what was under way: no plan is due for this one. Absent in what older versions wrote. */
  readonly planVersion?: number;
  readonly withheld: readonly Kept[];
  /** Changed by somebody else meanwhile: left as it is. */
  readonly conflicts: readonly Kept[];
  readonly failed: readonly Kept[];
  /** Not as they were written into the ledger: never given back by Rescind. */
  readonly refused?: readonly (Kept & { readonly key: string })[];
  /** Only where a lock ended. */
  readonly timed?: TimedRelease;
};

export const END_OF_TIME = 'the end of its time';

/** A release in two stages: the deny ends with the lock, the cut-off of older tokens when the last of them has expired. */
export type TimedRelease = {
  readonly stage: 'deny' | 'tokens';
  /** When the second stage may begin. */
  readonly tokensUntil: string;
  /** When sweep takes over: by then the execution would have been done. */
  readonly lookAt: string;
};

/** The question that an approver answers. Bound to the hash of one plan; answered once. */
export type Approval = {
  readonly planVersion: number;
  readonly planHash: string;
  readonly taskToken: string;
  readonly askedAt: string;
  readonly answer?: { readonly approved: boolean; readonly by: string; readonly at: string };
};

/** A round of fresh reads, as the timeline shows it. */
export type Verification = {
  readonly at: string;
  readonly planVersion: number;
  readonly text: string;
};

/** A rule that held for a record, as the case keeps it: enough to explain, to withhold and to show on a timeline. */
export type Detection = {
  readonly ruleId: string;
  readonly ruleTitle: string;
  readonly ruleFile: string;
  readonly level: Level;
  readonly eventId: string;
  readonly eventTime: string;
  readonly detectedAt: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly region: string;
  /** Label of who acted. */
  readonly actor: string;
  readonly sourceIp?: string;
  /** The key that was used: the compromised one, withheld at release. */
  readonly accessKeyId?: string;
  /** The login at an identity provider that the call was. */
  readonly login?: FederatedLogin;
  /** What the call created or granted, which a release must not give back. */
  readonly granted: readonly Granted[];
  /** Who made it, where it took back what Rescind had put on somebody. */
  readonly undoneBy?: NamedPrincipal;
  /** The call did not go through. */
  readonly failed?: true;
  /** Another case led to its subject: no rule was about it. */
  readonly followed?: true;
  /** What the call touched; kept only where the playbook takes access to just that. */
  readonly touched?: Touched;
  readonly playbook: string;
  /** How long its `lock` or `revoke-access` lasts. */
  readonly forSeconds?: number;
  /** In which it asked for the playbook; absent in what older versions wrote. */
  readonly mode?: Mode;
  /** It happened before this, and was told after it: `mode` is `approve` at most. */
  readonly releasedSince?: LastRelease;
  /** Why the playbook does nothing for this subject: said in the outcome, so that nobody believes that it acted. */
  readonly unfit?: string;
};

/** Resources that detected calls touched. Their ARNs hold the record's text: nothing is written from them unparsed. */
export type Touched = {
  readonly resources: readonly TouchedResource[];
  /** So many more a record named, beyond what is kept of one. */
  readonly leftOut: number;
};

export const NOTHING_TOUCHED: Touched = { resources: [], leftOut: 0 };

export type TouchedResource = {
  readonly arn: string;
  /** The call was given its content: a secret that somebody read is a known password. */
  readonly wasRead?: true;
};

/** What a detected call gave to a principal, or changed on a thing of another service. */
export type Granted = PrincipalGrant | ResourceGrant;

export type PrincipalGrant =
  | {
      readonly kind: 'policy-attached';
      readonly principal: string;
      /** Absent in what older versions wrote. */
      readonly to?: 'user' | 'role';
      readonly policyArn: string;
    }
  | { readonly kind: 'access-key-created'; readonly principal: string; readonly accessKeyId: string }
  | {
      readonly kind: 'inline-policy-put';
      readonly principal: string;
      readonly to: 'user' | 'role';
      readonly policyName: string;
      /** Of what the call wrote, as `documentHash` makes it. */
      readonly documentHash: string;
    }
  | {
      readonly kind: 'trust-opened';
      readonly principal: string;
      /** Other accounts that the new trust policy lets in; `*`: everybody. */
      readonly accounts: readonly string[];
    };

export type ResourceGrant =
  | { readonly kind: 'trail-stopped'; readonly resource: ResourceRef }
  | {
      readonly kind: 'ingress-opened';
      readonly resource: ResourceRef;
      readonly rules: readonly StandingRule[];
      /** So many more of one call, beyond what is kept of one. */
      readonly leftOut: number;
    }
  | {
      readonly kind: 'access-block-removed';
      readonly resource: ResourceRef;
      /** As the call left it; `null`: it took the block away. */
      readonly left: AccessBlock | null;
    };
