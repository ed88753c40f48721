import type { JsonObject } from '../json.ts';

/** CloudTrail's own history: management events of one region, of 90 days, itself some minutes late. */
export type TrailHistory = {
  /**
   * The records of a stretch of time, the newest first, a page at a time: who takes no more pages makes no more calls.
   * Without `by` those of everybody. A record that is no JSON is left out of `records` and counted.
   */
  pages(asked: LookupAsked): AsyncIterable<LookupPage>;
};

/** The history of one region. Calls of IAM are told in the first region of the partition only. */
export type Trail = { readonly region: string; readonly history: TrailHistory };

export type LookupAsked = { readonly from: Date; readonly to: Date; readonly by?: LookupKey };

/** CloudTrail takes one key a lookup. */
export type LookupKey = { readonly key: 'Username' | 'ResourceName' | 'AccessKeyId'; readonly value: string };

export type LookupPage = { readonly records: readonly JsonObject[]; readonly unreadable: number };
