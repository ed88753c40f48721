import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { deliverAlert } from '../../shared/alerts/deliver-alert.ts';
import { alertIn } from '../../shared/aws/alert-in-stream.ts';
import { createOutbox } from '../../shared/aws/outbox.ts';
import { createPublisher } from '../../shared/aws/publisher.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { readCompiledPolicy, systemClock } from '../system.ts';

/** Sends each new item of the outbox, in order. What could not be sent is reported by its number, and comes again from there. */
export const handler = lambdaFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
  'notify',
  (logger) => {
    const environment = readEnvironment(process.env, FUNCTION_ENVIRONMENT.notify);
    const { policy } = readCompiledPolicy();
    const deps = {
      outbox: createOutbox(new DynamoDBClient({}), environment.CASES_TABLE),
      publisher: createPublisher(new SNSClient({}), {
        topics: { page: environment.PAGE_TOPIC_ARN, information: environment.INFORMATION_TOPIC_ARN },
        zone: policy.alerts.zone,
      }),
      clock: systemClock,
    };

    return async ({ Records }) => {
      for (const record of Records) {
        try {
          const alert = alertIn(record);
          const delivery = await deliverAlert(deps, alert);
          logger.info('alert', { dedupId: alert.dedupId, state: alert.state, delivery });
        } catch (error) {
          const name = error instanceof Error ? error.name : 'Error';
          const detail = error instanceof Error ? error.message.slice(0, 300) : '';
          logger.error('alert not sent', { sequence: record.dynamodb?.SequenceNumber, error: name, detail });
          // A stream is read in order: this one and all after it come again.
          return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }] };
        }
      }
      return { batchItemFailures: [] };
    };
  },
  ({ Records }) => ({ records: Records.length }),
);
