import { createHash } from 'node:crypto';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { aRecord, SESSION } from '../shared/access/an-event.ts';
import { type ScriptedAws, startScriptedAws } from '../support/scripted-aws.ts';

vi.mock('../../functions/system.ts', async (original) => ({
  ...(await original<object>()),
  readCompiledPolicy: () => ({
    version: 'test',
    policy: {
      record: { services: ['secretsmanager.amazonaws.com'], actions: [], resources: [], tags: [], learningSeconds: 0 },
      sensitive: ['arn:aws:secretsmanager:*:*:secret:pay*'],
      sensitiveTags: [],
    },
    rules: [],
  }),
}));

const context = { awsRequestId: 'request-1' } as Context;
let refused = 'nothing';
let aws: ScriptedAws;
let handler: (event: unknown, context: Context) => Promise<SQSBatchResponse>;

beforeAll(async () => {
  aws = await startScriptedAws(({ operation, body }) => {
    if (body.includes(refused)) {
      return { status: 400, body: '{"__type":"com.amazonaws.dynamodb#ThrottlingException","message":"slow down"}' };
    }
    if (operation !== 'SendMessage') return { status: 200, body: '{}' };
    const MD5OfMessageBody = createHash('md5').update(JSON.parse(body).MessageBody).digest('hex');
    return { status: 200, body: JSON.stringify({ MD5OfMessageBody, MessageId: 'm' }) };
  });
  const environment = {
    ACCESS_TABLE: 'access',
    STATE_TABLE: 'state',
    PARKING_QUEUE_URL: `${process.env.AWS_ENDPOINT_URL}/111122223333/parked`,
    ACCOUNT_ID: '111122223333',
    OWN_ROLE_IDS: 'AROAOWN1,AROAOWN2',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  ({ handler } = (await import('../../functions/record/handler.ts')) as unknown as { handler: typeof handler });
});
afterAll(() => aws.stop());
beforeEach(() => {
  refused = 'nothing';
  aws.requests.length = 0;
  aws.lines.length = 0;
});

const message = (messageId: string, record: object, fields: object = {}) => ({
  messageId,
  body: JSON.stringify({
    source: 'aws.secretsmanager',
    'detail-type': 'AWS API Call via CloudTrail',
    account: '111122223333',
    detail: record,
    ...fields,
  }),
});
const writes = () => aws.requests.filter(({ operation }) => operation === 'TransactWriteItems');

describe('record', () => {
  it('keeps the accesses of a batch, and says once from when on the service is recorded', async () => {
    const Records = [
      message('m1', aRecord()),
      message('m2', aRecord({ eventID: 'e-2', requestParameters: { secretId: 'b' } })),
    ];
    expect(await handler({ Records }, context)).toEqual({ batchItemFailures: [] });
    expect(writes()).toHaveLength(2);
    const said = aws.requests.filter(({ operation, body }) => operation === 'PutItem' && body.includes('RECORDED'));
    expect(said.map(({ body }) => JSON.parse(body).TableName)).toEqual(['state']);
    await handler({ Records: [] }, context);
    expect(aws.requests.filter(({ body }) => body.includes('RECORDED')).length).toBe(2);
  });

  it('reports a message that could not be kept, by its id alone', async () => {
    refused = 'e-broken';
    const Records = [
      message('good', aRecord()),
      message('bad', aRecord({ eventID: 'e-broken', requestParameters: { secretId: 'b' } })),
    ];
    expect(await handler({ Records }, context)).toEqual({ batchItemFailures: [{ itemIdentifier: 'bad' }] });
    expect(aws.lines.join('')).toContain('ThrottlingException');
  });

  it('parks an event of another account', async () => {
    const Records = [message('m1', aRecord(), { account: '999999999999' })];
    expect(await handler({ Records }, context)).toEqual({ batchItemFailures: [] });
    expect(writes()).toEqual([]);
    const [parked] = aws.requests.filter(({ operation }) => operation === 'SendMessage');
    expect(parked?.body).toContain('the event comes from an account not expected here');
  });

  it("leaves what the policy does not want and Rescind's own calls", async () => {
    const own = { ...SESSION, principalId: 'AROAOWN2:record' };
    const Records = [
      message('m1', aRecord({ eventSource: 's3.amazonaws.com' })),
      message('m2', aRecord({ userIdentity: own })),
    ];
    expect(await handler({ Records }, context)).toEqual({ batchItemFailures: [] });
    expect(writes()).toEqual([]);
  });

  it('logs counts, and no text of a record', async () => {
    await handler({ Records: [message('m1', aRecord({ userAgent: 'attacker text' }))] }, context);
    const line = aws.lines.find((text) => text.includes('"recorded"')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      message: 'recorded',
      messages: 1,
      failed: 0,
      added: 1,
      left: 0,
      parked: 0,
    });
    expect(aws.lines.join('')).not.toContain('attacker text');
  });
});
