import { once } from 'node:events';
import { createServer } from 'node:http';
import { ConfirmSubscriptionCommand, type SNSClient } from '@aws-sdk/client-sns';
import { onTestFinished } from 'vitest';

type Message = { Type: string; TopicArn: string; Token?: string; Message: string };

/** An HTTP endpoint on the loopback that confirms every SNS subscription made for it and hands out what it receives. */
export async function loopbackSubscriber(sns: SNSClient) {
  const notifications: string[] = [];
  const waiting: ((message: string) => void)[] = [];
  let sayConfirmed: () => void;
  const confirmed = new Promise<void>((resolve) => {
    sayConfirmed = resolve;
  });
  const receive = async (message: Message) => {
    if (message.Type === 'SubscriptionConfirmation') {
      await sns.send(new ConfirmSubscriptionCommand({ TopicArn: message.TopicArn, Token: message.Token }));
      sayConfirmed();
      return;
    }
    const first = waiting.shift();
    if (first === undefined) notifications.push(message.Message);
    else first(message.Message);
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', () => {
      response.end();
      void receive(JSON.parse(body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}/`,
    confirmed,
    /** The next notification that was not handed out yet. */
    next: (): Promise<string> => {
      const kept = notifications.shift();
      return kept === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(kept);
    },
  };
}
