import type { Alert } from '../alerts/alert.ts';
import type { Approval, Case, Detection, Verification } from '../cases/case.ts';
import type { Hold } from '../cases/hold.ts';
import type { LastRelease, SeenRelease } from '../cases/last-release.ts';
import type { Mode } from '../config/policy.ts';
import type { Plan } from '../containment/plan.ts';
import type { LedgerEntry } from './ledger.ts';

/**
 * What is remembered of a rule on a subject, apart from the case, so that a flood of matching
 * events touches this and not the cases: the events already counted, and the open case they joined.
 */
export type Mark = {
  readonly caseId?: string;
  /** Mode in which they joined: a higher mode later means that the case must be looked at again. */
  readonly mode?: Mode;
  /** When one of them last joined the case. */
  readonly joinedAt?: string;
  /** Ids of the events counted; at most MARKED_EVENTS of them. */
  readonly events: readonly string[];
  /** What the case learnt by those that joined: keys that were used and grants that were made, see `broughtBy`. */
  readonly brought: readonly string[];
};

/** What a detection is decided on, beside the case: how a subject stands with a rule. */
export type Standing = {
  readonly mark: Mark | undefined;
  /** Id of the case that has claimed the subject: see `openCase`. */
  readonly claim: string | undefined;
  /** One for each of the keys that were asked for, in their order. */
  readonly releases: readonly SeenRelease[];
};

/** Beyond this many events of one rule on one subject, only "or more" is known. */
export const MARKED_EVENTS = 100;

export type OutboxItem = {
  readonly alert: Alert;
  readonly deliveredAt?: string;
  /** A newer alert of the case went out first: this one is not sent any more. */
  readonly superseded?: true;
};

/** Somebody else wrote the same case first: read it again and decide again. */
export class StaleCaseError extends Error {
  override readonly name = 'StaleCaseError';
}

/** Another execution works on the subject: try again shortly. */
export class LeaseHeldError extends Error {
  override readonly name = 'LeaseHeldError';
}

export type Lease = {
  readonly subjectKey: string;
  readonly owner: string;
  readonly fence: number;
};

export type Breaker = {
  /** Subject key to the time it was let through, within the window. */
  readonly passed: Readonly<Record<string, string>>;
  readonly openedAt?: string;
  readonly revision: number;
};

/** What was done to one subject of late; see `budget.ts`. */
export type Budget = {
  /** Action to the time it was let through: those of the window, and at most as many as it allows. */
  readonly actions: Readonly<Record<string, string>>;
  readonly revision: number;
};

/** One change of a case and what is written with it, all or nothing. */
export type CaseWrite = {
  readonly next: Case;
  readonly alert?: Alert;
  readonly plan?: Plan;
  readonly approval?: Approval;
  /** Remembers that the subject was let through: as with `putBreaker`, only on top of the revision that was read. */
  readonly breaker?: Breaker;
  readonly clearMarks?: boolean;
  /** Ends the case's holds as well. */
  readonly freeSubject?: boolean;
  /** Holds that begin, or whose end has moved. */
  readonly holds?: readonly Hold[];
  /** A person lets the subject go with it: `standing` tells this from now on. */
  readonly letsGo?: LastRelease;
};

/** Says that something is due on a case by itself at `at`; the case says whether it still is, see `dueAt`. */
export type Reminder = { readonly caseId: string; readonly at: string };

/** Cases and what belongs to them. Every write is conditional; a lost race is a StaleCaseError, never a silent overwrite. */
export type CaseStore = {
  /**
   * `releaseKeys`: whose releases let the subject go as well, see `releaseKeysOf`. It is no picture of one instant: a write
   * that rests on it is refused where something of it has changed.
   */
  standing(subjectKey: string, ruleId: string, releaseKeys?: readonly string[]): Promise<Standing>;
  /** Counts one more event of a rule whose case is open. `false`: the mark changed meanwhile, decide again. */
  countEvent(subjectKey: string, ruleId: string, eventId: string, caseId: string): Promise<boolean>;
  read(caseId: string): Promise<Case | undefined>;
  /** Id of the case that has claimed a subject: see `openCaseOf`. */
  claim(subjectKey: string): Promise<string | undefined>;
  /** Every hold on a subject, of whatever case; one that has ended stays until its case gives the subject free. */
  holds(subjectKey: string): Promise<readonly Hold[]>;
  list(): Promise<readonly Case[]>;
  detections(caseId: string): Promise<readonly Detection[]>;
  plan(caseId: string, version: number): Promise<Plan | undefined>;
  approval(caseId: string, planVersion: number): Promise<Approval | undefined>;
  verifications(caseId: string): Promise<readonly Verification[]>;
  /** Every change of the case, in order; read only. Writing it takes the subject's lease. */
  ledger(caseId: string): Promise<readonly LedgerEntry[]>;
  outbox(caseId: string): Promise<readonly OutboxItem[]>;

  /** Case, detection and mark in one transaction. `next` is the case as it will be; a new one claims its subject. */
  join(write: {
    readonly next: Case;
    readonly isNew: boolean;
    readonly detection: Detection;
    readonly mode: Mode;
    readonly brought: readonly string[];
    /** The mark that this was decided on: should another event of the rule have joined since, it is decided again. */
    readonly mark: Pick<Mark, 'joinedAt'> | undefined;
    /** The releases that this was decided on, likewise. */
    readonly releases?: readonly SeenRelease[];
    /** When the state changed with it. */
    readonly alert?: Alert;
    /** A hold that it adds to a containment under way. */
    readonly holds?: readonly Hold[];
  }): Promise<void>;
  /**
   * One change of a case. With an alert it is a change of state. `plan` is put once and never changed.
   * What is due on the case by itself is remembered with it, for `due` to find.
   * `clearMarks` lets later events of these rules reach the case again; `freeSubject` lets a later event open a new case.
   */
  advance(write: CaseWrite): Promise<void>;
  /** What was due at `now` or before, the oldest first: one query, whatever the number of cases. */
  due(now: string): Promise<readonly Reminder[]>;
  /** A reminder whose case says otherwise by now. */
  forget(reminder: Reminder): Promise<void>;
  putVerification(caseId: string, verification: Verification): Promise<void>;

  /** Taken again by the same owner it gets a new fence, so that a forgotten twin of ours is fenced off. */
  acquireLease(subjectKey: string, owner: string, forSeconds: number): Promise<Lease>;
  releaseLease(lease: Lease): Promise<void>;

  budget(subjectKey: string): Promise<Budget>;
  /** Under the subject's lease: FenceLostError once another holder has it, and on top of the revision that was read. */
  putBudget(next: Budget, lease: Lease): Promise<void>;

  breaker(): Promise<Breaker>;
  /** `alert`: the breaker opened, one page. */
  putBreaker(next: Breaker, alert?: Alert): Promise<void>;
};
