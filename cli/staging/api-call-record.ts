import type { JsonObject } from '../../shared/json.ts';
import { recordElements } from './record-elements.ts';
import { recordTime } from './record-time.ts';
import { isReadOnly, recordedService, recordsResponse } from './recorded-services.ts';
import type { Caller } from './user-identity.ts';

/** One call as the SDK made it, and how AWS answered it. */
export type ApiCall = {
  clientName: string; // IAMClient
  commandName: string; // AttachUserPolicyCommand
  region: string;
  input: object;
  answer:
    | { kind: 'succeeded'; output: object; requestId: string | undefined }
    | { kind: 'failed'; code: string; message: string; requestId: string | undefined };
};

/**
 * The CloudTrail record of a call, in the documented shape and member order.
 * Source: "CloudTrail record contents for management, data and network activity events", AWS CloudTrail user guide.
 */
export function apiCallRecord(call: ApiCall, caller: Caller, given: { at: Date; eventId: string }): JsonObject {
  const service = recordedService(call.clientName, call.region);
  const eventName = call.commandName.replace(/Command$/, '');
  const { answer } = call;
  return {
    eventVersion: '1.11',
    userIdentity: caller.userIdentity,
    eventTime: recordTime(given.at),
    eventSource: service.eventSource,
    eventName,
    awsRegion: service.awsRegion,
    sourceIPAddress: caller.sourceIPAddress,
    userAgent: caller.userAgent,
    ...(answer.kind === 'failed' ? { errorCode: answer.code, errorMessage: answer.message } : {}),
    requestParameters: recordElements(call.input),
    responseElements: answer.kind === 'succeeded' && recordsResponse(eventName) ? recordElements(answer.output) : null,
    // An answer without a request id has been seen from emulators only; the event id is at least as unique.
    requestID: answer.requestId ?? given.eventId,
    eventID: given.eventId,
    readOnly: isReadOnly(eventName),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: caller.userIdentity.accountId,
    eventCategory: 'Management',
    // As AWS writes it. The staged call itself goes over plain HTTP on the loopback.
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: service.host,
    },
  };
}
