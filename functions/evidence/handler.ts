import { hash } from 'node:crypto';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { createAccessReader } from '../../shared/aws/access-reader.ts';
import { createEvidenceStore } from '../../shared/aws/evidence-store.ts';
import { accessKeysOf, openedCaseIn } from '../../shared/aws/opened-case.ts';
import { createTrailHistory } from '../../shared/aws/trail-history.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { trailRegions } from '../../shared/config/iam-region.ts';
import { keepEvidence } from '../../shared/evidence/keep-evidence.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { inOrder } from '../stream-batch.ts';
import { readDeployedPolicy, systemClock } from '../system.ts';

/** Keeps what the subject of a new case did. Nothing waits for it: it reads the stream of the cases, as notify does. */
export const handler = lambdaFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
  'evidence',
  (logger) => {
    const environment = readEnvironment(process.env, [...FUNCTION_ENVIRONMENT.evidence, 'AWS_REGION']);
    const dynamo = new DynamoDBClient({});
    const policy = readDeployedPolicy();
    const deps = {
      accesses: createAccessReader(dynamo, environment.ACCESS_TABLE),
      // The region that this runs in is set by Lambda itself.
      trails: trailRegions(environment.AWS_REGION, policy.regions).map((region) => ({
        region,
        // Two lookups a second are shared with everybody in the account, so being told to wait is usual.
        history: createTrailHistory(new CloudTrailClient({ region, maxAttempts: 6 }), systemClock),
      })),
      store: createEvidenceStore(
        { s3: new S3Client({}), dynamo },
        { bucket: environment.EVIDENCE_BUCKET, table: environment.CASES_TABLE },
      ),
      accessKeysOf: (caseId: string) => accessKeysOf(dynamo, environment.CASES_TABLE, caseId),
      clock: systemClock,
      sha256: (bytes: Uint8Array) => hash('sha256', bytes),
    };

    return (event) =>
      inOrder(event, { logger, failed: 'no evidence' }, async (record) => {
        const opened = openedCaseIn(record);
        const { kind } = await keepEvidence(deps, opened);
        logger.info('evidence', { caseId: opened.caseId, kind });
      });
  },
  ({ Records }) => ({ records: Records.length }),
);
