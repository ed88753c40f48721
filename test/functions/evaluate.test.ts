import { createHash } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ScriptedAws, startScriptedAws } from '../support/scripted-aws.ts';

vi.mock('../../functions/system.ts', async (original) => ({
  ...(await original<object>()),
  readCompiledPolicy: () => ({ version: 'test', policy: { mode: 'observe', responses: [] }, rules: [] }),
}));

const context = { awsRequestId: 'request-1' } as Context;
const record = {
  eventID: 'e-1',
  eventTime: '2026-11-21T02:00:00Z',
  eventSource: 'iam.amazonaws.com',
  eventName: 'ListUsers',
  awsRegion: 'us-east-1',
  recipientAccountId: '111122223333',
};
const envelope = {
  source: 'aws.iam',
  'detail-type': 'AWS API Call via CloudTrail',
  account: '111122223333',
  detail: record,
};

let aws: ScriptedAws;
let handler: (event: unknown, context: Context) => Promise<unknown>;

beforeAll(async () => {
  aws = await startScriptedAws(({ body }) => {
    // The client checks that the queue got what it sent.
    const MD5OfMessageBody = createHash('md5')
      .update(JSON.parse(body).MessageBody ?? '')
      .digest('hex');
    return { status: 200, body: JSON.stringify({ MD5OfMessageBody, MessageId: 'm' }) };
  });
  const environment = {
    CASES_TABLE: 'cases',
    STATE_TABLE: 'state',
    STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:111122223333:stateMachine:remediate',
    PARKING_QUEUE_URL: `${process.env.AWS_ENDPOINT_URL}/111122223333/parked`,
    ACCOUNT_ID: '111122223333',
    OWN_ROLE_IDS: 'AROARESCINDEVALUATE,AROARESCINDCONTAIN',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  ({ handler } = (await import('../../functions/evaluate/handler.ts')) as unknown as { handler: typeof handler });
});
afterAll(() => aws.stop());
beforeEach(() => {
  aws.requests.length = 0;
  aws.lines.length = 0;
});

function parked(): { readonly reason: string; readonly cut: boolean; readonly event: string } {
  const [request] = aws.requests;
  return JSON.parse(JSON.parse(request?.body ?? '{}').MessageBody);
}

describe('evaluate', () => {
  it.each([
    ['was made up by somebody', { ...envelope, source: 'my.app' }, 'the source does not begin with aws.'],
    [
      'is no record of CloudTrail',
      { ...envelope, 'detail-type': 'EC2 Spot' },
      'the detail-type is not one of CloudTrail',
    ],
    ['comes from another account', { ...envelope, account: '999988887777' }, 'an account not expected here'],
    [
      'names another account than its envelope',
      { ...envelope, detail: { ...record, recipientAccountId: '999988887777' } },
      'another account than its envelope',
    ],
    ['has no id', { ...envelope, detail: { ...record, eventID: 7 } }, 'the record has no eventID'],
    ['is no object', 'text', 'the event is not an object'],
    ['is nothing', null, 'the event is not an object'],
  ])('parks an event that %s, with the reason, and touches nothing else', async (_, event, reason) => {
    await handler(event, context);
    expect(aws.operations()).toEqual(['SendMessage']);
    expect(parked().reason).toContain(reason);
  });

  it('parks what is too long cut, and says so', async () => {
    await handler({ ...envelope, source: 'my.app', padding: 'x'.repeat(900_000) }, context);
    expect(parked()).toMatchObject({ cut: true });
    expect(parked().event).toHaveLength(200_000);
  });

  it('parks letters that SQS would refuse', async () => {
    await handler({ ...envelope, source: 'my.app', padding: '\uFFFE \uFFFF \uD800' }, context);
    expect(JSON.parse(aws.requests[0]?.body ?? '{}').MessageBody).not.toMatch(/[\uFFFE\uFFFF]/);
    expect(JSON.parse(parked().event).padding).toBe('\uFFFE \uFFFF \uD800');
  });

  it('parks nothing and asks nothing when no rule is met', async () => {
    expect(await handler(envelope, context)).toEqual([]);
    expect(aws.requests).toEqual([]);
  });

  it('writes no text of a record into its log', async () => {
    const hostile = 'level":"ERROR"\n{"message":"all is well"}';
    await handler({ ...envelope, detail: { ...record, userAgent: hostile, eventID: undefined } }, context);
    expect(aws.lines.join('')).not.toContain('all is well');
  });
});
