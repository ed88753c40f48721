import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { deliverAlert } from '../../shared/alerts/deliver-alert.ts';
import { alertIn } from '../../shared/aws/alert-in-stream.ts';
import { createOutbox } from '../../shared/aws/outbox.ts';
import { createPublisher } from '../../shared/aws/publisher.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { inOrder } from '../stream-batch.ts';
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

    return (event) =>
      inOrder(event, { logger, failed: 'alert not sent' }, async (record) => {
        const alert = alertIn(record);
        const delivery = await deliverAlert(deps, alert);
        logger.info('alert', { dedupId: alert.dedupId, state: alert.state, delivery });
      });
  },
  ({ Records }) => ({ records: Records.length }),
);
