import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { deliverAlert } from '../../shared/alerts/deliver-alert.ts';
import { deliverTicket } from '../../shared/alerts/deliver-ticket.ts';
import { ticketOf } from '../../shared/alerts/ticket.ts';
import { isTicket, noticeIn } from '../../shared/aws/notice-in-stream.ts';
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

    const send = async (record: DynamoDBRecord): Promise<void> => {
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
    };
    return async ({ Records }) => {
      const how = { logger, failed: 'not sent' };
      // A ticket that nobody takes must not keep an alert waiting, and not take it along when it is given up.
      const alertsLeft = await inOrder({ Records: Records.filter((one) => !isTicket(one)) }, how, send);
      const ticketsLeft = await inOrder({ Records: Records.filter(isTicket) }, how, send);
      // The stream goes back to the first of them, and what was sent is not sent again.
      return { batchItemFailures: [...alertsLeft.batchItemFailures, ...ticketsLeft.batchItemFailures] };
    };
  },
  ({ Records }) => ({ records: Records.length }),
);
