import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { recordBatch } from '../../shared/access/record-batch.ts';
import { isRecorded } from '../../shared/access/record-scope.ts';
import { createAccessStore } from '../../shared/aws/access-store.ts';
import { createParking } from '../../shared/aws/parking.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { readCompiledPolicy } from '../system.ts';

/** Keeps who accessed what, and when. A message that could not be kept is reported, and comes again alone. */
export const handler = lambdaFunction<SQSEvent, SQSBatchResponse>(
  'record',
  (logger) => {
    const environment = readEnvironment(process.env, FUNCTION_ENVIRONMENT.record);
    const { policy } = readCompiledPolicy();
    const dynamo = new DynamoDBClient({});
    const ownRoleIds = new Set(environment.OWN_ROLE_IDS.split(','));
    const deps = {
      account: environment.ACCOUNT_ID,
      isRecorded: (event: Parameters<typeof isRecorded>[1]) => isRecorded(policy.record, event),
      isOwn: ({ principal }: Parameters<typeof isRecorded>[1]) =>
        principal.kind === 'role-session' && ownRoleIds.has(principal.roleId),
      store: createAccessStore(dynamo, environment.ACCESS_TABLE),
      park: createParking(new SQSClient({}), environment.PARKING_QUEUE_URL).park,
    };

    return async ({ Records }) => {
      const messages = Records.map(({ messageId, body }) => ({ id: messageId, body }));
      const { failed, ...counts } = await recordBatch(deps, messages);
      for (const { id, error } of failed) {
        const name = error instanceof Error ? error.name : 'Error';
        const detail = error instanceof Error ? error.message.slice(0, 300) : '';
        logger.error('not recorded', { messageId: id, error: name, detail });
      }
      logger.info('recorded', { messages: messages.length, failed: failed.length, ...counts });
      return { batchItemFailures: failed.map(({ id }) => ({ itemIdentifier: id })) };
    };
  },
  ({ Records }) => ({ messages: Records.length }),
);
