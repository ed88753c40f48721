import { type CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { isJsonObject, type JsonObject } from '../../shared/json.ts';
import { EmbeddedAwsError } from '../embedded-aws/embedded-aws-error.ts';

/** A call as the embedded AWS itself logged it: not by whoever made it. */
export type LoggedCall = {
  readonly action: string;
  readonly parameters: JsonObject;
  readonly accessKeyId: string;
  readonly at: Date;
};

/** From now on the embedded AWS keeps a log of every call that it answers. It is off until asked for. */
export async function startCallLog(endpoint: string): Promise<void> {
  const answer = await fetch(new URL('/_ministack/config', endpoint), {
    method: 'POST',
    body: JSON.stringify({ 'cloudtrail._recording_enabled': true }),
  });
  if (answer.ok) return;
  throw new EmbeddedAwsError(
    `The AWS endpoint ${endpoint} keeps no log of its calls (it answered ${answer.status})`,
    'unset RESCIND_AWS_ENDPOINT, so that the demo starts an embedded AWS of its own',
  );
}

/** Every call since then that changes IAM, in the order in which they came in, whoever made them. */
export function changingIamCalls(client: CloudTrailClient, since: Date): Promise<readonly LoggedCall[]> {
  return changingCalls(client, since, 'iam.amazonaws.com');
}

/** The same of any service that answers one request with one call. */
export async function changingCalls(
  client: CloudTrailClient,
  since: Date,
  eventSource: string,
): Promise<readonly LoggedCall[]> {
  const byId = new Map<string, LoggedCall>();
  let until = new Date();
  for (;;) {
    // The newest come first, 50 at most and without a token for more: the next look ends where this one did.
    const { Events: events = [] } = await client.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventSource', AttributeValue: eventSource }],
        StartTime: since,
        EndTime: until,
      }),
    );
    const fresh = events.filter(({ EventId = '' }) => !byId.has(EventId));
    for (const { EventId = '', CloudTrailEvent = '{}', EventTime = new Date(0) } of fresh) {
      byId.set(EventId, { ...loggedCall(CloudTrailEvent), at: EventTime });
    }
    const oldest = events.at(-1)?.EventTime;
    if (fresh.length === 0 || oldest === undefined) break;
    // A millisecond more, because the log counts in finer parts than a Date: what is seen twice is kept once.
    until = new Date(oldest.getTime() + 1);
  }
  return [...byId.values()].filter(({ action }) => !/^(Get|List|Describe|Simulate|Generate)/.test(action)).reverse();
}

function loggedCall(text: string): Omit<LoggedCall, 'at'> {
  const event: unknown = JSON.parse(text);
  const { requestParameters, userIdentity, eventName } = isJsonObject(event) ? event : {};
  // The log has the name of a call to IAM among its parameters only, and that of others only as its name.
  const {
    Action: action = eventName,
    Version: _,
    ...parameters
  } = isJsonObject(requestParameters) ? requestParameters : {};
  // A call whose name is not known counts as one that changes something.
  const accessKeyId = isJsonObject(userIdentity) ? String(userIdentity.accessKeyId) : '';
  return { action: typeof action === 'string' ? action : 'unknown', parameters, accessKeyId };
}
