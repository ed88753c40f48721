import type { Policy } from '../config/policy.ts';
import { LEVELS, type Level } from '../rules/rule.ts';
import { type Alert, BREAKER_CASE } from './alert.ts';
import { ARN, NAME } from './clean-facts.ts';
import { clean, identifier } from './plain-text.ts';
import { renderText } from './render-text.ts';

/**
 * What a bridge of the team's own makes a ticket of: one a case, whatever becomes of the case. The JSON Schema in
 * `schemas/` says the same. Values are as they are in AWS, on one line and cut in length; show them escaped.
 */
export type Ticket = {
  readonly schema: 'rescind.ticket/1';
  /** `<case id>#ticket`: the same on every delivery, so that a second copy opens no second ticket. */
  readonly dedupId: string;
  readonly caseId: string;
  readonly severity: Level;
  readonly account: string;
  readonly region: string;
  readonly subject: string;
  readonly subjectArn: string;
  /** ASCII, under 100 letters; nothing of it comes from an event. */
  readonly title: string;
  /** What people are told, with line breaks: the alert that the ticket was opened with. */
  readonly text: string;
  /** What shows the case as it is now. */
  readonly command: string;
  /** As `tickets: link:` in rescind.yaml makes it of the case id; absent without it. */
  readonly link?: string;
  readonly at: string;
};

/** Stands in `tickets: link:` for the id of the case. */
export const CASE_IN_LINK = '{case}';

/** The ticket of an alert's case; none where the policy wants none, or not yet for a case so minor. */
export function ticketOf(alert: Alert, { tickets, alerts }: Pick<Policy, 'tickets' | 'alerts'>): Ticket | undefined {
  if (tickets === undefined || alert.caseId === BREAKER_CASE) return undefined;
  const { severity } = alert;
  if (LEVELS.indexOf(severity) < LEVELS.indexOf(tickets.level)) return undefined;
  const caseId = identifier(alert.caseId, 40);
  const account = alert.account.replace(/\D/g, '').slice(0, 12) || 'unknown';
  return {
    schema: 'rescind.ticket/1',
    dedupId: `${caseId}#ticket`,
    caseId,
    severity,
    account,
    region: clean(alert.region, 40),
    subject: clean(alert.subject, NAME),
    subjectArn: clean(alert.subjectArn, ARN),
    title: `[Rescind] ${severity.toUpperCase()} case ${caseId} in account ${account}`,
    text: renderText(alert, alerts.zone),
    command: `npx rescind case show ${caseId}`,
    ...(tickets.link === undefined ? {} : { link: tickets.link.replaceAll(CASE_IN_LINK, caseId) }),
    at: clean(alert.at, 40),
  };
}
