import type { DynamoDBRecord } from 'aws-lambda';
import type { Alert } from '../alerts/alert.ts';
import type { Ticket } from '../alerts/ticket.ts';
import type { OutboxItem } from '../ports/case-store.ts';
import type { TicketItem } from './case-items.ts';
import { imageIn } from './stream-image.ts';

/** What the outbox wants sent. */
export type Notice =
  | { readonly kind: 'alert'; readonly alert: Alert }
  | { readonly kind: 'ticket'; readonly ticket: Ticket };

/** Of an item of the outbox, whether it is a ticket. */
export function isTicket({ dynamodb }: DynamoDBRecord): boolean {
  return dynamodb?.NewImage?.ticket !== undefined;
}

/** The item of the outbox as the table's stream delivers it. Throws when the record is none. */
export function noticeIn(record: DynamoDBRecord): Notice {
  const { alert, ticket } = imageIn<OutboxItem & TicketItem>(record);
  if (alert?.schema === 'rescind.alert/1') return { kind: 'alert', alert };
  if (ticket?.schema === 'rescind.ticket/1') return { kind: 'ticket', ticket };
  throw new TypeError('The stream record is not an item of the outbox.');
}
