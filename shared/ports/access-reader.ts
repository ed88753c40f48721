import type { AccessEntry } from '../access/access-entry.ts';

/** First, last and count of a principal's accesses to a resource; times as in `AccessEntry`. */
export type AccessSummary = {
  readonly principal: string;
  readonly who: string;
  readonly arn: string;
  readonly type: string;
  readonly first: string;
  readonly last: string;
  readonly count: number;
};

/** Accesses of one day in UTC (`2026-11-20`), the newest first: at most `limit` of them, none before `since`. */
export type DayAsked = { readonly day: string; readonly since: string; readonly limit: number };

/** What is kept of accesses, asked by key alone: what an answer costs depends on its own size, not on the table's. */
export type AccessReader = {
  accessesBy(principal: string, asked: DayAsked): Promise<readonly AccessEntry[]>;
  accessesTo(arn: string, asked: DayAsked): Promise<readonly AccessEntry[]>;
  /** Those made with the temporary credentials of a key id, of all days. */
  accessesIn(session: string, asked: Omit<DayAsked, 'day'>): Promise<readonly AccessEntry[]>;
  summariesBy(principal: string): Promise<readonly AccessSummary[]>;
  summariesTo(arn: string): Promise<readonly AccessSummary[]>;
  /** At most `limit` summaries of resources that the policy called sensitive when they were last accessed, in no order. */
  sensitiveSummaries(limit: number): Promise<readonly AccessSummary[]>;
};
