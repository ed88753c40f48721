import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { fromItem } from './items.ts';

/** The item of a stream's record, as its writer wrote it. Throws where the record carries none. */
export function imageIn<T>({ dynamodb }: DynamoDBRecord): Partial<T> {
  const image = dynamodb?.NewImage;
  if (image === undefined) throw new TypeError('The stream record carries no new image.');
  // The stream's type and the client's describe the same JSON; only their authors differ.
  return fromItem<Partial<T>>(image as Record<string, AttributeValue>);
}
