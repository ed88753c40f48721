import type { Alert } from './alert.ts';
import { clean, identifier } from './plain-text.ts';
import { type Detail, renderJson } from './render-json.ts';
import { renderSubject } from './render-subject.ts';
import { renderSms, renderText } from './render-text.ts';

type Attribute = { readonly DataType: 'String' | 'String.Array'; readonly StringValue: string };

/** The input of SNS `Publish`, as data. */
export type AlertMessage = {
  readonly TopicArn: string;
  readonly Subject: string;
  readonly Message: string;
  readonly MessageStructure: 'json';
  readonly MessageAttributes: {
    readonly severity: Attribute;
    readonly state: Attribute;
    readonly account: Attribute;
    readonly case: Attribute;
    readonly rules: Attribute;
    readonly 'dedup-id': Attribute;
  };
};

/**
 * SNS takes 256 KB, attributes included, and refuses more; the rest is room for what it counts besides.
 * https://docs.aws.amazon.com/general/latest/gr/sns.html
 */
const MOST_BYTES = 250_000;

/** From all that is useful down to what fits whatever its letters are. */
const DETAILS: readonly Detail[] = [
  { detections: 50, steps: 60, items: 30 },
  { detections: 10, steps: 30, items: 10 },
  { detections: 3, steps: 10, items: 3 },
  { detections: 1, steps: 3, items: 1 },
];
const LEAST: Detail = { detections: 0, steps: 0, items: 0 };

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** SNS refuses an attribute without text. */
function attribute(value: string): Attribute {
  return { DataType: 'String', StringValue: clean(value, 128) || 'unknown' };
}

function rulesOf({ detections }: Alert): Attribute {
  const ids = [...new Set(detections.map(({ ruleId }) => identifier(ruleId, 64)))].slice(0, 50);
  return { DataType: 'String.Array', StringValue: JSON.stringify(ids) };
}

function bodyOf(alert: Alert, zone: string, detail: Detail): string {
  const text = renderText(alert, zone);
  const json = renderJson(alert, zone, detail);
  return JSON.stringify({
    default: text,
    email: text,
    sms: renderSms(alert, zone),
    'email-json': json,
    sqs: json,
    lambda: json,
    http: json,
    https: json,
  });
}

function fittingBody(alert: Alert, zone: string, room: number): string {
  for (const detail of DETAILS) {
    const body = bodyOf(alert, zone, detail);
    if (bytes(body) <= room) return body;
  }
  return bodyOf(alert, zone, LEAST);
}

/** One alert as one message for every kind of subscriber: text for people, `rescind.alert/1` for programs. */
export function renderMessage(alert: Alert, to: { readonly topicArn: string; readonly zone: string }): AlertMessage {
  const attributes = {
    severity: attribute(alert.severity),
    state: attribute(alert.state),
    account: attribute(alert.account),
    case: attribute(alert.caseId),
    rules: rulesOf(alert),
    'dedup-id': attribute(alert.dedupId),
  };
  return {
    TopicArn: to.topicArn,
    Subject: renderSubject(alert),
    Message: fittingBody(alert, to.zone, MOST_BYTES - bytes(JSON.stringify(attributes))),
    MessageStructure: 'json',
    MessageAttributes: attributes,
  };
}
