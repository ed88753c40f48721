/** Of an event: who, and what it touches. Patterns of ARNs, in which `*` spans any characters; none stands for everybody. */
export type Whom = {
  /** The user, the role (for all its sessions) or one session. */
  readonly principals: readonly string[];
  /** Everything that the event touches must be among these. */
  readonly resources: readonly string[];
};

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** In minutes after midnight: from the first, up to and without the second. One that does not rise ends on the next day. */
export type HourRange = { readonly from: number; readonly to: number };

/** Extra hours, an on-call rota for instance. */
export type Override = {
  /** Whole days of the schedule's zone, both included; or from an instant (ISO 8601 in UTC) up to and without another. */
  readonly kind: 'dates' | 'instants';
  readonly from: string;
  readonly to: string;
  /** None: everybody whom the schedule is for. */
  readonly principals: readonly string[];
};

/** Approved hours as a person reads them off the wall: days and hours are those of the zone's clocks, summer time included. */
export type Schedule = Whom & {
  /** IANA time zone. */
  readonly zone: string;
  /** The days on which the hours begin. */
  readonly days: readonly Weekday[];
  readonly hours: readonly HourRange[];
  /** Dates (`2026-12-25`) on which no hours begin. */
  readonly holidays: readonly string[];
  readonly overrides: readonly Override[];
};

/** By the names under which rules and change windows refer to them. */
export type Schedules = { readonly [name: string]: Schedule };

/** A time in which changes are announced, so that what they look like is no surprise. */
export type ChangeWindow = Whom & {
  readonly name: string;
  /** Of the change, in whatever system keeps it. */
  readonly ticket?: string;
  /** None: all that are watched. */
  readonly accounts: readonly string[];
  readonly during:
    | { readonly kind: 'instants'; readonly from: string; readonly to: string }
    | { readonly kind: 'schedule'; readonly schedule: string };
};
