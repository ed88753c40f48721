import type { Ticket } from '../alerts/ticket.ts';

/** Tickets that are due: one a case, for good. */
export type TicketBox = {
  /** Once a case: whatever is filed for it later changes nothing. */
  file(ticket: Ticket): Promise<void>;
  isDelivered(caseId: string): Promise<boolean>;
  settle(caseId: string, deliveredAt: string): Promise<void>;
  publish(ticket: Ticket): Promise<void>;
};
