import { createServer, type IncomingMessage } from 'node:http';
import { isJsonObject } from '../../shared/json.ts';

/** An SNS message as it arrived at the subscriber. */
export type ReceivedAlert = {
  readonly at: Date;
  readonly subject: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
};

export type AlertReceiver = {
  /** `http://127.0.0.1:…/`, to be subscribed to a topic. */
  readonly url: string;
  readonly received: readonly ReceivedAlert[];
  /** The first alert, arrived or yet to arrive, that fits. */
  waitFor(fits: (alert: ReceivedAlert) => boolean, withinMs: number): Promise<ReceivedAlert>;
  stop(): Promise<void>;
};

/** A subscriber on the loopback: confirms its subscriptions as SNS asks, and keeps what it gets. */
export async function startAlertReceiver(onAlert: (alert: ReceivedAlert) => void = () => {}): Promise<AlertReceiver> {
  const received: ReceivedAlert[] = [];
  const waiting = new Set<(alert: ReceivedAlert) => void>();

  const take = async (request: IncomingMessage): Promise<void> => {
    const message: unknown = JSON.parse(await textOf(request));
    if (!isJsonObject(message)) return;
    if (message.Type === 'SubscriptionConfirmation' && typeof message.SubscribeURL === 'string') {
      await fetch(message.SubscribeURL);
      return;
    }
    if (message.Type !== 'Notification') return;
    const alert: ReceivedAlert = {
      at: new Date(),
      subject: String(message.Subject ?? ''),
      message: String(message.Message ?? ''),
      attributes: attributesOf(message.MessageAttributes),
    };
    received.push(alert);
    onAlert(alert);
    for (const tell of waiting) tell(alert);
  };

  const server = createServer((request, response) => {
    take(request).then(
      () => response.writeHead(200).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The receiver of alerts got no port.');

  return {
    url: `http://127.0.0.1:${address.port}/`,
    received,
    waitFor(fits, withinMs) {
      const arrived = received.find(fits);
      if (arrived !== undefined) return Promise.resolve(arrived);
      return new Promise((resolve, reject) => {
        const tell = (alert: ReceivedAlert): void => {
          if (!fits(alert)) return;
          clearTimeout(timer);
          waiting.delete(tell);
          resolve(alert);
        };
        const timer = setTimeout(() => {
          waiting.delete(tell);
          reject(new Error(`No such alert arrived within ${withinMs / 1000} s; ${received.length} others did.`));
        }, withinMs);
        waiting.add(tell);
      });
    },
    stop: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function attributesOf(attributes: unknown): Record<string, string> {
  if (!isJsonObject(attributes)) return {};
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, String(isJsonObject(value) ? value.Value : value)]),
  );
}
