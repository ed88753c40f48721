import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Alert } from '../alerts/alert.ts';
import type { OutboxItem } from '../ports/case-store.ts';
import { fromItem } from './items.ts';

/** The alert of an outbox item as the table's stream delivers it. Throws when the record is not one. */
export function alertIn({ dynamodb }: DynamoDBRecord): Alert {
  const image = dynamodb?.NewImage;
  if (image === undefined) throw new TypeError('The stream record carries no new image.');
  // The stream's type and the client's describe the same JSON; only their authors differ.
  const { alert } = fromItem<OutboxItem>(image as Record<string, AttributeValue>);
  if (alert?.schema !== 'rescind.alert/1') throw new TypeError('The stream record is not an item of the outbox.');
  return alert;
}
