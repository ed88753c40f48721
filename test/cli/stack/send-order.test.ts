import { createServer } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sendOrder } from '../../../cli/stack/send-order.ts';

/** An operate URL that gives one answer to everything. */
async function operateUrl(status: number, body: object): Promise<Parameters<typeof sendOrder>[0]> {
  const server = createServer((_, response) => response.writeHead(status).end(JSON.stringify(body)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  vi.stubEnv('AWS_ACCESS_KEY_ID', '111122223333');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'embedded');
  onTestFinished(() => void vi.unstubAllEnvs());
  return {
    config: { endpoint: `http://127.0.0.1:${address.port}`, region: 'us-east-1' },
    account: '111122223333',
    caller: 'arn:aws:iam::111122223333:user/oncall',
    region: 'us-east-1',
    output: () => 'https://operate.lambda-url.us-east-1.on.aws/',
    where: 'here',
    get store(): never {
      throw new Error('an order reads no table');
    },
  };
}

const release = { kind: 'release', caseId: 'C-1', all: false } as const;

test('an order that cannot be read is told in its own words, as wrong use', async () => {
  const connection = await operateUrl(400, { error: 'An order names its case in "caseId".' });
  await expect(sendOrder(connection, release)).rejects.toMatchObject({
    message: 'An order names its case in "caseId".',
    exitCode: 2,
  });
});

test('what the function could not do is told with its status', async () => {
  const connection = await operateUrl(502, { errorMessage: 'Requested resource not found' });
  await expect(sendOrder(connection, release)).rejects.toMatchObject({
    message: expect.stringContaining('The operate URL answered 502'),
    exitCode: 1,
  });
});
