import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { channelOf } from '../alerts/channel.ts';
import { renderMessage } from '../alerts/message.ts';
import type { Publisher } from '../ports/publisher.ts';

/** Alerts through SNS: one topic for what wakes somebody, one for what can be read in the morning. */
export function createPublisher(
  client: SNSClient,
  to: { readonly topics: { readonly page: string; readonly information: string }; readonly zone: string },
): Publisher {
  return {
    async publish(alert) {
      const message = renderMessage(alert, { topicArn: to.topics[channelOf(alert)], zone: to.zone });
      await client.send(new PublishCommand({ ...message, MessageAttributes: { ...message.MessageAttributes } }));
    },
  };
}
