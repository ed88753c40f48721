import type { Alert } from './alert.ts';
import { ascii, identifier } from './plain-text.ts';
import { situationOf } from './situation.ts';

/** SNS refuses a subject of 100 letters or more, or with a line break: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const LONGEST_SUBJECT = 99;

/**
 * Subject of a mail: severity, state, case and account, all of them ours. Nothing that came with an event stands here,
 * because a mail program shows it before anybody decided to trust it.
 */
export function renderSubject(alert: Alert): string {
  const account = alert.account.replace(/\D/g, '').slice(0, 12) || 'unknown';
  const { short } = situationOf(alert);
  const subject = `[Rescind] ${alert.severity.toUpperCase()} ${short}, account ${account}, ${identifier(alert.caseId, 32)}`;
  return ascii(subject).slice(0, LONGEST_SUBJECT);
}
