import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Case, Detection } from '../cases/case.ts';
import type { EvidenceCase } from '../evidence/keep-evidence.ts';
import { keys } from './case-items.ts';
import { fromItem, queryItems } from './items.ts';
import { imageIn } from './stream-image.ts';

/** The case whose insert the table's stream delivers. Throws when the record is not one. */
export function openedCaseIn(record: DynamoDBRecord): EvidenceCase {
  const { caseId, openedAt, severity, subject } = imageIn<Case>(record);
  if (caseId === undefined || openedAt === undefined || severity === undefined || subject === undefined) {
    throw new TypeError('The stream record is not a case.');
  }
  return { caseId, openedAt, severity, subject };
}

/** Keys that the calls behind a case were made with, the newest detection's first. */
export async function accessKeysOf(client: DynamoDBClient, table: string, caseId: string): Promise<readonly string[]> {
  const items = await queryItems(client, table, keys.case(caseId).pk, 'DETECTION#');
  return items
    .map((item) => fromItem<Detection>(item))
    .sort((a, b) => b.eventTime.localeCompare(a.eventTime))
    .flatMap(({ accessKeyId }) => accessKeyId ?? []);
}
