import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { deliverAlert } from '../../shared/alerts/deliver-alert.ts';
import { deliverTicket } from '../../shared/alerts/deliver-ticket.ts';
import { ticketOf } from '../../shared/alerts/ticket.ts';
import { noticeIn } from '../../shared/aws/notice-in-stream.ts';
import { createOutbox } from '../../shared/aws/outbox.ts';
import { createPublisher } from '../../shared/aws/publisher.ts';
import { createTicketBox } from '../../shared/aws/ticket-box.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { inOrder } from '../stream-batch.ts';
import { readDeployedPolicy, systemClock } from '../system.ts';

/** Sends each new alert and ticket of the outbox, in order. What could not be sent is reported by its number, and comes again from there. */
export const handler = lambdaFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(
  'notify',
  (logger) => {
    const environment = readEnvironment(process.env, FUNCTION_ENVIRONMENT.notify);
    const policy = readDeployedPolicy();
    const dynamo = new DynamoDBClient({});
    const sns = new SNSClient({});
    const alerts = {
      outbox: createOutbox(dynamo, environment.CASES_TABLE),
      publisher: createPublisher(sns, {
        topics: { page: environment.PAGE_TOPIC_ARN, information: environment.INFORMATION_TOPIC_ARN },
        zone: policy.alerts.zone,
      }),
      clock: systemClock,
    };
    const to = { table: environment.CASES_TABLE, topicArn: environment.TICKETS_TOPIC_ARN };
    const tickets = { box: createTicketBox({ dynamo, sns }, to), clock: systemClock };

    return (event) =>
      inOrder(event, { logger, failed: 'not sent' }, async (record) => {
        const notice = noticeIn(record);
        if (notice.kind === 'ticket') {
          const { dedupId } = notice.ticket;
          logger.info('ticket', { dedupId, delivery: await deliverTicket(tickets, notice.ticket) });
          return;
        }
        const { alert } = notice;
        const delivery = await deliverAlert(alerts, alert);
        logger.info('alert', { dedupId: alert.dedupId, state: alert.state, delivery });
        // After the alert, which must not wait for it.
        const ticket = ticketOf(alert, policy);
        if (ticket !== undefined) await tickets.box.file(ticket);
      });
  },
  ({ Records }) => ({ records: Records.length }),
);
