import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { EvidenceStore } from '../ports/evidence-store.ts';
import { keys } from './case-items.ts';

/** The bucket answered without the version of what it took: it is not the versioned bucket that was deployed. */
export class UnversionedBucketError extends Error {
  override readonly name = 'UnversionedBucketError';
}

/** Evidence in S3, and in the cases table where it lies. */
export function createEvidenceStore(
  clients: { readonly s3: S3Client; readonly dynamo: DynamoDBClient },
  to: { readonly bucket: string; readonly table: string },
): EvidenceStore {
  return {
    async put({ key, sha256, body }) {
      const { VersionId } = await clients.s3.send(
        new PutObjectCommand({
          Bucket: to.bucket,
          Key: key,
          Body: body,
          ContentType: key.endsWith('.html') ? 'text/html; charset=utf-8' : 'application/x-ndjson',
          // S3 refuses other bytes than these, and an object lock takes none without a checksum.
          ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
        }),
      );
      if (VersionId === undefined) throw new UnversionedBucketError(`${to.bucket} keeps no versions.`);
      return VersionId;
    },

    async note(caseId, evidence) {
      const isOver =
        evidence.kind === 'kept' ? 'evidence.#kind <> :kept OR evidence.#at < :at' : 'evidence.#kind <> :kept';
      try {
        await clients.dynamo.send(
          new UpdateItemCommand({
            TableName: to.table,
            Key: marshall(keys.evidence(caseId)),
            UpdateExpression: 'SET evidence = :evidence',
            ConditionExpression: `attribute_not_exists(evidence) OR ${isOver}`,
            ExpressionAttributeNames: { '#kind': 'kind', ...(evidence.kind === 'kept' ? { '#at': 'at' } : {}) },
            ExpressionAttributeValues: marshall({
              ':evidence': evidence,
              ':kept': 'kept',
              ...(evidence.kind === 'kept' ? { ':at': evidence.at } : {}),
            }),
          }),
        );
      } catch (error) {
        // Another one kept later evidence, or a failure came after evidence that stands: there is nothing to add.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
