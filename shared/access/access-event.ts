import type { JsonObject } from '../json.ts';
import type { Principal } from './principal.ts';

/** A decoded CloudTrail record: who did what, when, from where, and how it ended. */
export type AccessEvent = {
  readonly eventId: string;
  /** ISO 8601 in UTC, as the record says. Not to be trusted for cut-offs: clocks and delivery are skewed. */
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly region: string;
  /** The account that received the event (`recipientAccountId`), where the resource is. */
  readonly account: string;
  readonly principal: Principal;
  readonly readOnly: boolean;
  readonly errorCode?: string;
  readonly sourceIp?: string;
  readonly userAgent?: string;
  /** The record as received. Attacker-controlled text: value only, never authority, markup or a log line of its own. */
  readonly record: JsonObject;
};

export type Decoded =
  | { readonly kind: 'decoded'; readonly event: AccessEvent }
  /** What made the record unreadable, in one sentence, for the parking lot and the reader's report. */
  | { readonly kind: 'undecodable'; readonly reason: string };
