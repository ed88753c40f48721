import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Evidence } from '../evidence/evidence.ts';
import { keys } from './case-items.ts';
import { fromItem, getItem } from './items.ts';

/** What a case keeps of its evidence; nothing, where nothing was tried yet. */
export async function readEvidence(
  client: DynamoDBClient,
  table: string,
  caseId: string,
): Promise<Evidence | undefined> {
  const item = await getItem(client, table, keys.evidence(caseId));
  return item === undefined ? undefined : fromItem<{ readonly evidence: Evidence }>(item).evidence;
}
