import { ascii, clean, plain } from './plain-text.ts';
import { timeInZone } from './time-in-zone.ts';

/** Somebody turned the stop switch. It concerns no case, and is told by the command itself: nothing else may work. */
export type StopNotice = {
  readonly turned: 'stopped' | 'started';
  readonly hard: boolean;
  readonly account: string;
  readonly region: string;
  /** ARN of who did it. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly reason?: string;
};

type Attribute = { readonly DataType: 'String'; readonly StringValue: string };

/** The input of SNS `Publish`, as data: text for people, `rescind.stop/1` for programs. */
export type StopMessage = {
  readonly TopicArn: string;
  readonly Subject: string;
  readonly Message: string;
  readonly MessageStructure: 'json';
  readonly MessageAttributes: Readonly<Record<'severity' | 'state' | 'account' | 'dedup-id', Attribute>>;
};

const MEANS = {
  stopped:
    'NOTHING MORE IS CONTAINED, and what an attacker undoes is not put back. Alerts, releases and timed releases go on.',
  started: 'Containments are let through again. What happened meanwhile was not contained: look at the open cases.',
} as const;

export function renderStopMessage(notice: StopNotice, topicArn: string): StopMessage {
  const { turned, account, at } = notice;
  const dedupId = `STOP#${at}`;
  const text = textOf(notice);
  const json = JSON.stringify({
    schema: 'rescind.stop/1',
    dedupId,
    state: turned,
    hard: notice.hard,
    account,
    region: notice.region,
    by: clean(notice.by, 700),
    at,
    ...(notice.reason === undefined ? {} : { reason: clean(notice.reason, 400) }),
    text,
  });
  const short = turned === 'stopped' ? 'STOPPED by a person' : 'started again';
  return {
    TopicArn: topicArn,
    Subject: ascii(`[Rescind] CRITICAL ${short}, account ${account.replace(/\D/g, '') || 'unknown'}`).slice(0, 99),
    Message: JSON.stringify({
      default: text,
      email: text,
      sms: ascii(text).slice(0, 459),
      'email-json': json,
      sqs: json,
      lambda: json,
      http: json,
      https: json,
    }),
    MessageStructure: 'json',
    MessageAttributes: {
      severity: attribute('critical'),
      state: attribute(turned),
      account: attribute(account),
      'dedup-id': attribute(dedupId),
    },
  };
}

function textOf({ turned, hard, account, region, by, at, reason }: StopNotice): string {
  const word = turned === 'stopped' ? `STOPPED${hard ? ' (hard)' : ''}` : 'started again';
  return [
    `Rescind was ${word} in account ${plain(account, 12)}, region ${plain(region, 30)}.`,
    MEANS[turned],
    '',
    `By ${plain(by, 300)}, ${timeInZone(at, 'UTC')}.`,
    ...(reason === undefined ? [] : [`Reason: ${plain(reason, 300)}`]),
    '',
    'If nobody of yours did this, somebody else has the credentials to switch Rescind off.',
    '',
    'NEXT',
    '- Look: npx rescind cases',
    ...(turned === 'stopped' ? ['- Start again: npx rescind start'] : []),
  ].join('\n');
}

/** SNS refuses an attribute without text. */
function attribute(value: string): Attribute {
  return { DataType: 'String', StringValue: clean(value, 128) || 'unknown' };
}
