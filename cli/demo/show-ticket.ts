import { isJsonObject } from '../../shared/json.ts';
import { printable } from '../../shared/page/printable.ts';
import type { Stage } from './stage.ts';

const WITHIN_MS = 60_000;

/** The ticket of a case as it came to the team's bridge. */
export async function showTicket({ screen, bridge }: Stage, caseId: string): Promise<void> {
  const what = `the ticket of ${caseId}`;
  const { message } = await screen.during(
    `waiting for ${what}`,
    bridge.waitFor(({ message: text }) => caseOf(text) === caseId, WITHIN_MS),
  );
  const ticket: unknown = JSON.parse(message);
  if (!isJsonObject(ticket)) return;
  screen.line();
  screen.line("  What the team's bridge got, to open a ticket with:");
  for (const key of ['dedupId', 'title', 'subject', 'command']) {
    screen.paragraph(`${key.padEnd(8)} ${printable(String(ticket[key]), 200)}`, '  | ', '  |          ');
  }
}

/** The cases of all tickets that came. */
export function ticketedCases({ bridge }: Stage): readonly string[] {
  return bridge.received.map(({ message }) => caseOf(message));
}

function caseOf(message: string): string {
  const ticket: unknown = JSON.parse(message);
  return isJsonObject(ticket) ? String(ticket.caseId) : '';
}
