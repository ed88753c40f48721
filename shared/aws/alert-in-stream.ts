import type { DynamoDBRecord } from 'aws-lambda';
import type { Alert } from '../alerts/alert.ts';
import type { OutboxItem } from '../ports/case-store.ts';
import { imageIn } from './stream-image.ts';

/** The alert of an outbox item as the table's stream delivers it. Throws when the record is not one. */
export function alertIn(record: DynamoDBRecord): Alert {
  const { alert } = imageIn<OutboxItem>(record);
  if (alert?.schema !== 'rescind.alert/1') throw new TypeError('The stream record is not an item of the outbox.');
  return alert;
}
