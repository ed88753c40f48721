import type { Logger } from '@aws-lambda-powertools/logger';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';

/**
 * Takes the records of a stream one after the other. What fails is logged as `failed` and reported by its number: a stream
 * is read in order, so it and all after it come again.
 */
export async function inOrder(
  { Records }: DynamoDBStreamEvent,
  { logger, failed }: { readonly logger: Logger; readonly failed: string },
  act: (record: DynamoDBRecord) => Promise<void>,
): Promise<DynamoDBBatchResponse> {
  for (const record of Records) {
    try {
      await act(record);
    } catch (error) {
      const name = error instanceof Error ? error.name : 'Error';
      const detail = error instanceof Error ? error.message.slice(0, 300) : '';
      logger.error(failed, { sequence: record.dynamodb?.SequenceNumber, error: name, detail });
      return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }] };
    }
  }
  return { batchItemFailures: [] };
}
