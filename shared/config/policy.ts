import type { IdentityCenterPolicy } from '../identity-center/reach.ts';
import type { Level } from '../rules/rule.ts';
import type { ChangeWindow, Schedules } from '../schedules/schedule.ts';

/** `observe` plans and changes nothing; `approve` asks first; `enforce` acts. In rising order of what they may change. */
export const MODES = ['observe', 'approve', 'enforce'] as const;
export type Mode = (typeof MODES)[number];

/** The lowest of several modes wins: a rule cannot enforce where the operator observes. */
export function lowestMode(...modes: readonly [Mode, ...Mode[]]): Mode {
  return MODES[Math.min(...modes.map((mode) => MODES.indexOf(mode)))] ?? 'observe';
}

/** Chooses the answer to a rule: all given keys must hold; the first response that matches wins. */
export type Response = {
  readonly when: {
    readonly id?: string;
    readonly level?: Level;
    readonly tag?: string;
    readonly technique?: string;
    readonly path?: string;
  };
  readonly playbook?: string;
  readonly mode?: Mode;
  /** How long a `lock` lasts that this or the rule names. */
  readonly forSeconds?: number;
};

export const SUBSCRIPTION_PROTOCOLS = ['email', 'email-json', 'sms', 'sqs', 'lambda', 'http', 'https'] as const;
export type Subscription = {
  readonly protocol: (typeof SUBSCRIPTION_PROTOCOLS)[number];
  readonly endpoint: string;
};

/**
 * What the access record keeps: every call of a service, every call of an action, every call that touches a resource.
 * Sign-ins and assumed roles are kept whatever stands here.
 */
export type RecordScope = {
  /** As CloudTrail's `eventSource`: `secretsmanager.amazonaws.com`. */
  readonly services: readonly string[];
  /** `name` may end with `*`. */
  readonly actions: readonly { readonly source: string; readonly name: string }[];
  /** ARNs in which `*` spans any characters. */
  readonly resources: readonly string[];
  /** Tags, as in `sensitiveTags`. */
  readonly tags: readonly string[];
  /** For how long from the first record on nothing is told for being seen first. */
  readonly learningSeconds: number;
};

/** The operator's policy: `rescind.yaml` after checking, with every duration in seconds. */
export type Policy = {
  readonly version: 1;
  readonly homeRegion: string;
  readonly mode: Mode;
  /** ARNs of users, roles and root that are never touched; `*` spans any characters. Never empty unless mode is observe. */
  readonly protected: readonly string[];
  /** At most `subjects` are contained in a window; then the breaker opens and a person closes it. */
  readonly breaker: { readonly subjects: number; readonly windowSeconds: number };
  readonly timing: {
    /** How long a fresh read must show the containment before it is called contained. */
    readonly settleSeconds: number;
    /** Sessions issued before now plus this are cut off: IAM needs seconds to hold everywhere. */
    readonly sessionMarginSeconds: number;
    readonly holdUserSeconds: number;
    readonly holdSessionSeconds: number;
  };
  /** Folders of Sigma rules, relative to `rescind.yaml`. */
  readonly rules: readonly string[];
  readonly responses: readonly Response[];
  /** Approved hours by name; `business-hours` is always among them. */
  readonly schedules: Schedules;
  /** ARNs of the resources that matter most; `*` spans any characters. */
  readonly sensitive: readonly string[];
  /** Tags, such as `data=finance` or `data` with any value, on resources that matter as much. */
  readonly sensitiveTags: readonly string[];
  /** Texts (with Sigma's wildcards) and ranges of addresses, by the names that rules use. */
  readonly lists: { readonly [name: string]: readonly string[] };
  readonly changeWindows: readonly ChangeWindow[];
  readonly record: RecordScope;
  readonly approval: { readonly timeoutSeconds: number };
  /** What is kept of the subject of a case cannot be deleted for so many days; absent: whoever may delete it can. */
  readonly evidence: { readonly lockDays?: number };
  readonly alerts: {
    /** IANA time zone in which alerts tell the time. */
    readonly zone: string;
    readonly page: readonly Subscription[];
    readonly information: readonly Subscription[];
  };
  /** The organisation's guard is attached to this account; absent: nobody said so, and no containment is more than grade B. */
  readonly guard?: { readonly managementAccount: string };
  /** Where users of IAM Identity Center are looked up, and contained if it says so. Without it, their cases name stand-ins. */
  readonly identityCenter?: IdentityCenterPolicy;
  /** A ticket for each case of this level or above goes to a topic of its own; absent: there are none. */
  readonly tickets?: {
    readonly level: Level;
    readonly topic: readonly Subscription[];
    /** An address with `{case}` in it. */
    readonly link?: string;
  };
  /** Accounts and regions that are watched. None named: those that Rescind is deployed to. */
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
};
