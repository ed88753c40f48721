import type { Decoded } from '../access/access-event.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { decodePrincipal } from './decode-principal.ts';
import { isReadEventName } from './read-event-name.ts';
import { textAt } from './text-at.ts';

/**
 * Reads one CloudTrail record. Pure and total: a record that lacks what a case is built on (an id, a time, a call, an
 * account) is `undecodable` with every missing part named; a missing identity is not, it is an unknown principal.
 * Source: "CloudTrail record contents", AWS CloudTrail user guide.
 */
export function decodeRecord(json: unknown): Decoded {
  if (!isJsonObject(json)) return { kind: 'undecodable', reason: `a record is an object, this is ${nameOf(json)}` };
  const record: JsonObject = json;
  const eventId = textAt(record, 'eventID') ?? idOfOldRecord(record);
  const eventTime = textAt(record, 'eventTime');
  const eventSource = textAt(record, 'eventSource');
  const eventName = textAt(record, 'eventName');
  const region = textAt(record, 'awsRegion');
  const account = textAt(record, 'recipientAccountId') ?? accountOfOldRecord(record);
  if (
    eventId === undefined ||
    eventTime === undefined ||
    eventSource === undefined ||
    eventName === undefined ||
    region === undefined ||
    account === undefined
  ) {
    const parts = {
      eventID: eventId,
      eventTime,
      eventSource,
      eventName,
      awsRegion: region,
      recipientAccountId: account,
    };
    const missing = Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [name] : []));
    return { kind: 'undecodable', reason: `the record has no ${missing.join(', ')}` };
  }
  if (!isUtcInstant(eventTime)) {
    return { kind: 'undecodable', reason: 'eventTime is not an ISO 8601 instant in UTC' };
  }
  const errorCode = textAt(record, 'errorCode');
  const sourceIp = textAt(record, 'sourceIPAddress');
  const userAgent = textAt(record, 'userAgent');
  return {
    kind: 'decoded',
    event: {
      eventId,
      eventTime,
      eventSource,
      eventName,
      region,
      account,
      principal: decodePrincipal(
        Object.hasOwn(record, 'userIdentity') ? record.userIdentity : undefined,
        textAt(record, 'eventType') === 'AwsServiceEvent' ? { serviceEventOf: eventSource } : undefined,
      ),
      readOnly: readOnly(record, eventName),
      ...(errorCode === undefined ? {} : { errorCode }),
      ...(sourceIp === undefined ? {} : { sourceIp }),
      ...(userAgent === undefined ? {} : { userAgent }),
      record,
    },
  };
}

/**
 * Ids came with version 1.01. What an older record says of when, what and from where stands for one: two calls alike in
 * all of it, within a second, are taken for one.
 */
function idOfOldRecord(record: JsonObject): string | undefined {
  if (textAt(record, 'eventVersion') !== '1.0') return undefined;
  const parts = ['eventTime', 'eventSource', 'eventName', 'sourceIPAddress'].map((name) => textAt(record, name) ?? '');
  return ['1.0', ...parts].join('/');
}

/** `recipientAccountId` came with version 1.02. Before it, a record was delivered to the caller's account only. */
function accountOfOldRecord(record: JsonObject): string | undefined {
  const version = textAt(record, 'eventVersion');
  if (version !== '1.0' && version !== '1.01') return undefined;
  return isJsonObject(record.userIdentity) ? textAt(record.userIdentity, 'accountId') : undefined;
}

/** As CloudTrail writes times. Nothing else is one: JavaScript alone would read `1` as a year. */
export function isUtcInstant(text: string): boolean {
  return isPlainInstant(text) || (UTC_INSTANT.test(text) && !Number.isNaN(Date.parse(text)));
}

const UTC_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/**
 * A time to the second on a day that every month has: nearly all are, and these need no calendar to see that they are
 * times, and that there is no other way to write them.
 */
export function isPlainInstant(text: string): boolean {
  return PLAIN_INSTANT.test(text);
}

const PLAIN_INSTANT = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** Records before event version 1.05 carry no `readOnly`; the name decides for them. */
function readOnly(record: JsonObject, eventName: string): boolean {
  const stated = Object.hasOwn(record, 'readOnly') ? record.readOnly : undefined;
  return typeof stated === 'boolean' ? stated : isReadEventName(eventName);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
