import type { Ticket } from '../alerts/ticket.ts';

/**
 * Keys and item shapes of the tables `cases` and `state`, in one place.
 *
 * cases
 *   CASE#<case>       META                  the case; `revision` is the condition of every write
 *   CASE#<case>       DETECTION#<rule>#<event>
 *   CASE#<case>       PLAN#<version>        put once
 *   CASE#<case>       APPROVAL#<version>    the question and its answer
 *   CASE#<case>       LEDGER#<entry key>    write-ahead, under the subject's lease
 *   CASE#<case>       VERIFY#<time>
 *   CASE#<case>       OUTBOX#<case version> one a change of state; the stream takes it to notify
 *   CASE#<case>       ALERTED               highest case version that went out
 *   CASE#<case>       TICKET                one a case; the stream takes it to notify as well
 *   CASE#<case>       EVIDENCE              where the activity of the subject lies in the bucket, and its digests
 *   SUBJECT#<subject> OPEN                  the open case: at most one a subject
 *   SUBJECT#<subject> RELEASED              when a person let the subject go last, and of which case; kept for good
 *   SUBJECT#<subject> BUDGET                what was done to the subject within the last hour
 *   SUBJECT#<subject> LEASE                 who may change the subject now, and the fence
 *   SUBJECT#<subject> HOLD#<case>#<rule>    a reason to keep the subject contained, with its end; gone with the claim
 *   DUE               <time>#<case>         something is due on the case by itself then; the case says whether it still is
 *   INDEX             CASE#<opened>#<case>  list of cases, newest last
 *   BREAKER           WINDOW
 *
 * state
 *   MARK#<subject>    <rule>                events counted, the case they joined; expires by `ttl`
 *   CORRELATION#<correlation>#<group and rule>#<shard>  <time>#<event>            one event that counts; expires by `ttl`
 *   CORRELATION#<correlation>#<group and rule>#<shard>  <stretch begins>#<value>  first and last event with the value; expires by `ttl`
 *   CLAIM#<finding>   CLAIM               the event that told a finding; expires by `ttl`
 *   SEEN#<key>        RUN                 first and last event that brought the parts of the key together; expires by `ttl`
 *   SEEN#<rule and key>  CLAIM            the event that told the key first seen; expires by `ttl`
 *   RECORDED          <service>           from when on its calls are recorded
 */
export type Key = { readonly pk: string; readonly sk: string };

export const keys = {
  case: (caseId: string): Key => ({ pk: `CASE#${caseId}`, sk: 'META' }),
  detection: (caseId: string, ruleId: string, eventId: string): Key => ({
    pk: `CASE#${caseId}`,
    sk: `DETECTION#${ruleId}#${eventId}`,
  }),
  plan: (caseId: string, version: number): Key => ({ pk: `CASE#${caseId}`, sk: `PLAN#${padded(version)}` }),
  approval: (caseId: string, version: number): Key => ({ pk: `CASE#${caseId}`, sk: `APPROVAL#${padded(version)}` }),
  ledger: (caseId: string, entryKey: string): Key => ({ pk: `CASE#${caseId}`, sk: `LEDGER#${entryKey}` }),
  verification: (caseId: string, at: string): Key => ({ pk: `CASE#${caseId}`, sk: `VERIFY#${at}` }),
  outbox: (caseId: string, version: number): Key => ({ pk: `CASE#${caseId}`, sk: `OUTBOX#${padded(version)}` }),
  alerted: (caseId: string): Key => ({ pk: `CASE#${caseId}`, sk: 'ALERTED' }),
  ticket: (caseId: string): Key => ({ pk: `CASE#${caseId}`, sk: TICKET_SORT_KEY }),
  evidence: (caseId: string): Key => ({ pk: `CASE#${caseId}`, sk: 'EVIDENCE' }),
  openCase: (subjectKey: string): Key => ({ pk: `SUBJECT#${subjectKey}`, sk: 'OPEN' }),
  lastRelease: (subjectKey: string): Key => ({ pk: `SUBJECT#${subjectKey}`, sk: 'RELEASED' }),
  budget: (subjectKey: string): Key => ({ pk: `SUBJECT#${subjectKey}`, sk: 'BUDGET' }),
  lease: (subjectKey: string): Key => ({ pk: `SUBJECT#${subjectKey}`, sk: 'LEASE' }),
  hold: (subjectKey: string, { caseId, ruleId }: { readonly caseId: string; readonly ruleId: string }): Key => ({
    pk: `SUBJECT#${subjectKey}`,
    sk: `HOLD#${caseId}#${ruleId}`,
  }),
  due: ({ at, caseId }: { readonly at: string; readonly caseId: string }): Key => ({
    pk: DUE_PARTITION,
    sk: `${at}#${caseId}`,
  }),
  index: (openedAt: string, caseId: string): Key => ({ pk: INDEX_PARTITION, sk: `CASE#${openedAt}#${caseId}` }),
  breaker: { pk: 'BREAKER', sk: 'WINDOW' } satisfies Key,
  mark: (subjectKey: string, ruleId: string): Key => ({ pk: `MARK#${subjectKey}`, sk: ruleId }),
} as const;

export const INDEX_PARTITION = 'INDEX';

export const TICKET_SORT_KEY = 'TICKET';
export type TicketItem = { readonly ticket: Ticket; readonly deliveredAt?: string };

/**
 * One partition, sorted by time: the breaker lets few subjects be held at once, so it stays small, and sweep reads the
 * due ones in one query without an index of the table.
 */
export const DUE_PARTITION = 'DUE';

/** Marks outlive a replay of old events by this much: the same event a week later is still known. */
export const MARK_LIFETIME_SECONDS = 8 * 24 * 3600;

/** Numbers in sort keys sort as numbers. */
function padded(number: number): string {
  return String(number).padStart(6, '0');
}

/** Of the state table. `row`, `value` and `finding` are digests. */
export const correlationKeys = {
  partition: (correlationId: string, row: string, shard: number): string =>
    `CORRELATION#${correlationId}#${row}#${shard}`,
  each: (correlationId: string, row: string, shard: number, mark: { time: number; eventId: string }): Key => ({
    pk: correlationKeys.partition(correlationId, row, shard),
    sk: `${milliseconds(mark.time)}#${mark.eventId}`,
  }),
  stretch: (correlationId: string, row: string, shard: number, begins: number, value: string): Key => ({
    pk: correlationKeys.partition(correlationId, row, shard),
    sk: `${milliseconds(begins)}#${value}`,
  }),
  /** First and last sort key of a span of time, both ends included. */
  span: (from: number, to: number): readonly [string, string] => [milliseconds(from), `${milliseconds(to)}$`],
  claim: (finding: string): Key => ({ pk: `CLAIM#${finding}`, sk: 'CLAIM' }),
} as const;

/** Of the state table. Keys and rules with keys are digests. */
export const firstSeenItems = {
  run: (key: string): Key => ({ pk: `SEEN#${key}`, sk: 'RUN' }),
  claim: (ruleAndKey: string): Key => ({ pk: `SEEN#${ruleAndKey}`, sk: 'CLAIM' }),
  recordedSince: (eventSource: string): Key => ({ pk: 'RECORDED', sk: eventSource }),
} as const;

/** Of the state table: resources that bear a tag of the policy, read together. */
export const taggedItems = {
  pk: 'TAGGED',
  prefix: 'TAG#',
  one: (digest: string): Key => ({ pk: taggedItems.pk, sk: `${taggedItems.prefix}${digest}` }),
} as const;

/** Since 1970, so that text sorts as time does; `$` comes right after the `#` that follows. */
function milliseconds(time: number): string {
  return String(Math.max(0, time)).padStart(15, '0');
}
