import { isJsonObject, type JsonObject } from '../../shared/json.ts';

export type LogEntry =
  | { readonly kind: 'record'; readonly record: JsonObject }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * The records in one JSON value, in whichever of the forms that CloudTrail records travel in: a log file (`Records`),
 * a list, the answer of LookupEvents (`Events`, each with its record as a text), an EventBridge event, a record itself.
 */
export function unwrapRecords(json: unknown): LogEntry[] {
  if (Array.isArray(json)) return json.map(unwrapOne);
  if (isJsonObject(json)) {
    if (Array.isArray(json.Records)) return json.Records.map(unwrapOne);
    if (Array.isArray(json.Events)) return json.Events.map(unwrapOne);
    // A digest proves that log files are unchanged; it holds no records.
    if (typeof json.digestS3Bucket === 'string') return [];
  }
  return [unwrapOne(json)];
}

export function unwrapOne(json: unknown): LogEntry {
  if (!isJsonObject(json)) {
    const what = json === null ? 'null' : Array.isArray(json) ? 'a list' : `a ${typeof json}`;
    return unreadable(`a record is an object, this is ${what}`);
  }
  if (isRecord(json)) return { kind: 'record', record: json };
  if (typeof json.CloudTrailEvent === 'string') return parsed(json.CloudTrailEvent);
  const record = typeof json['detail-type'] === 'string' && isJsonObject(json.detail) ? json.detail : json;
  return isRecord(record)
    ? { kind: 'record', record }
    : unreadable('not a CloudTrail record: it has no eventSource and eventName');
}

function isRecord({ eventSource, eventName }: JsonObject): boolean {
  return typeof eventSource === 'string' && typeof eventName === 'string';
}

function parsed(text: string): LogEntry {
  try {
    const json: unknown = JSON.parse(text);
    return isJsonObject(json) && typeof json.CloudTrailEvent === 'string'
      ? unreadable('a CloudTrailEvent within a CloudTrailEvent')
      : unwrapOne(json);
  } catch (error) {
    return unreadable(`CloudTrailEvent: ${parseReason(error)}`);
  }
}

/** V8 quotes the text that it could not parse; that text is the sender's and does not belong in a message. */
export function parseReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const position = /position (\d+)/.exec(message)?.[1];
  if (/end of JSON input|Unterminated/i.test(message)) return 'the JSON is cut off';
  return position === undefined ? 'not valid JSON' : `not valid JSON at character ${position}`;
}

export function unreadable(reason: string): LogEntry {
  return { kind: 'unreadable', reason };
}
