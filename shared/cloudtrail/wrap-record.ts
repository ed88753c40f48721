import type { JsonObject } from '../json.ts';
import { CLOUDTRAIL_DETAIL_TYPES } from './read-envelope.ts';
import { textAt } from './text-at.ts';

/** A record as EventBridge would have delivered it to this account: what `readEnvelope` takes. */
export function wrapRecord(record: JsonObject, account: string): JsonObject {
  const [apiCall, signIn, serviceEvent] = CLOUDTRAIL_DETAIL_TYPES;
  const type = textAt(record, 'eventType');
  const detailType = type === 'AwsConsoleSignIn' ? signIn : type === 'AwsServiceEvent' ? serviceEvent : apiCall;
  const service = (textAt(record, 'eventSource') ?? 'unknown').split('.')[0];
  return { source: `aws.${service}`, 'detail-type': detailType, account, detail: record };
}
