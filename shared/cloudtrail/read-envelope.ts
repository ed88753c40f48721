import { isJsonObject, type JsonObject } from '../json.ts';
import { textAt } from './text-at.ts';

/** The detail-types under which EventBridge delivers CloudTrail records. */
export const CLOUDTRAIL_DETAIL_TYPES = [
  'AWS API Call via CloudTrail',
  'AWS Console Sign In via CloudTrail',
  'AWS Service Event via CloudTrail',
  'AWS Console Action via CloudTrail',
] as const;

export type Envelope =
  | { readonly kind: 'believed'; readonly record: JsonObject }
  | { readonly kind: 'parked'; readonly reason: string };

/**
 * Takes the CloudTrail record out of an EventBridge event, if the event can be believed (invariant 14): AWS refuses a
 * source that begins with `aws.` in PutEvents, so only AWS itself can have sent it, and the account in the envelope is set
 * by EventBridge, so a record that names another account is forged or misrouted. The patterns pin the same; this
 * checks again, because a pattern can be edited in the console.
 */
export function readEnvelope(event: unknown, expected: { readonly account: string }): Envelope {
  if (!isJsonObject(event)) return parked('the event is not an object');
  const source = textAt(event, 'source');
  if (source === undefined || !source.startsWith('aws.')) return parked('the source does not begin with aws.');
  const detailType = textAt(event, 'detail-type');
  if (!CLOUDTRAIL_DETAIL_TYPES.some((known) => known === detailType)) {
    return parked('the detail-type is not one of CloudTrail');
  }
  const record = Object.hasOwn(event, 'detail') ? event.detail : undefined;
  if (!isJsonObject(record)) return parked('the detail is not a record');
  if (textAt(event, 'account') !== expected.account) return parked('the event comes from an account not expected here');
  if (textAt(record, 'recipientAccountId') !== expected.account) {
    return parked('the record names another account than its envelope');
  }
  return { kind: 'believed', record };
}

function parked(reason: string): Envelope {
  return { kind: 'parked', reason };
}
