import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** SQS takes 1 MiB a message; an EventBridge event is at most that, so what is longer is cut and says so. */
const LONGEST_BODY = 200_000;

/** Where a record goes that cannot be judged: kept with its reason, under an alarm, for a person to look at. */
export function createParking(client: SQSClient, queueUrl: string) {
  return {
    async park(event: unknown, reason: string): Promise<void> {
      const text = JSON.stringify(event) ?? 'undefined';
      const body = { reason, cut: text.length > LONGEST_BODY, event: text.slice(0, LONGEST_BODY) };
      const message = JSON.stringify(body).replace(/[\uFFFE\uFFFF]/g, escaped);
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: message }));
    },
  };
}

/**
 * SQS refuses a message with one of these two, which would keep a hostile record from being parked.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16)}`;
}
