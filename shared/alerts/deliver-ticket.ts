import type { Clock } from '../ports/clock.ts';
import type { TicketBox } from '../ports/ticket-box.ts';
import type { Delivery } from './deliver-alert.ts';
import type { Ticket } from './ticket.ts';

/** Settled only after it was taken: a crash in between sends a second copy with the same dedup id rather than none. */
export async function deliverTicket(
  { box, clock }: { readonly box: TicketBox; readonly clock: Pick<Clock, 'now'> },
  ticket: Ticket,
): Promise<Delivery> {
  if (await box.isDelivered(ticket.caseId)) return 'delivered before';
  await box.publish(ticket);
  await box.settle(ticket.caseId, clock.now().toISOString());
  return 'published';
}
