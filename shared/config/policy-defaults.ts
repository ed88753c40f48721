import type { Schedule } from '../schedules/schedule.ts';

/** What holds where `rescind.yaml` says nothing. Every default of the policy stands here and nowhere else. */
export const POLICY_DEFAULTS = {
  /** Plans and changes nothing, until the operator says otherwise. */
  mode: 'observe',
  protected: [],
  /** A real compromise touches few principals; more than this at once is a storm or a bad rule. */
  breakerSubjects: 5,
  breakerWindowSeconds: 15 * 60,
  /** IAM needs about 4 s to hold everywhere; a quick attacker undoes within that time, so less than this proves nothing. */
  settleSeconds: 30,
  /** Sessions issued while the deny still spreads must be cut off too. */
  sessionMarginSeconds: 60,
  /** Longest life of a token of GetSessionToken or GetFederationToken with an IAM user's key. */
  holdUserSeconds: 36 * 3600,
  /** Longest session of a role (its MaxSessionDuration at most). */
  holdSessionSeconds: 12 * 3600,
  /** A night's work can wait for the morning; a day's work for the afternoon. */
  revokeAccessSeconds: 4 * 3600,
  approvalTimeoutSeconds: 3600,
  zone: 'UTC',
  rules: ['rules'],
  responses: [],
  sensitive: [],
  /** First-seen holds for nothing until so much has been recorded, or day one would be noise. */
  learningSeconds: 30 * 24 * 3600,
  page: [],
  information: [],
  /** Once `tickets` is there at all. */
  ticketLevel: 'high',
  /** None named: the account and the region that Rescind is deployed to. */
  accounts: [],
  regions: [],
} as const;

/** The schedule that is there whether or not `schedules` names it, so that every rule can refer to it. */
export const DEFAULT_SCHEDULE = 'business-hours';

/** Its hours where the operator says nothing; the zone is that in which alerts tell the time. */
export const BUSINESS_HOURS = {
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  hours: [{ from: 8 * 60, to: 18 * 60 }],
  holidays: [],
  overrides: [],
  principals: [],
  resources: [],
} as const satisfies Omit<Schedule, 'zone'>;

/** Below this, `contained` could be said while IAM still spreads the deny. Shorter only on an embedded AWS (`local`). */
export const LEAST_SETTLE_SECONDS = 30;

/** No lock lasts longer than this from its start, extensions included: what must last longer is for a person to end. */
export const LONGEST_LOCK_SECONDS = 30 * 24 * 3600;
/** A shorter lock would end before it was verified. Shorter only on an embedded AWS (`local`). */
export const SHORTEST_LOCK_SECONDS = 5 * 60;
