import { createHash } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { aRecord } from '../shared/access/an-event.ts';
import { type ScriptedAws, startScriptedAws } from '../support/scripted-aws.ts';

vi.mock('../../functions/system.ts', async (original) => ({
  ...(await original<object>()),
  readCompiledPolicy: () => ({
    version: 'test',
    policy: {
      sensitiveTags: [],
      record: { services: ['secretsmanager.amazonaws.com'], actions: [], resources: [], tags: [], learningSeconds: 0 },
    },
    rules: [],
  }),
}));

const context = { awsRequestId: 'request-1' } as Context;
let aws: ScriptedAws;
let history: readonly object[] = [];
let refusal: string | undefined;
let handler: (event: unknown, context: Context) => Promise<void>;

beforeAll(async () => {
  // CloudTrail as its API reference tells it: the embedded AWS's own history names nobody.
  aws = await startScriptedAws(({ operation, body: request }) => {
    if (operation === 'LookupEvents' && refusal !== undefined) return { status: 400, body: refusal };
    const Events = history.map((record) => ({ CloudTrailEvent: JSON.stringify(record) }));
    const body =
      {
        LookupEvents: { Events },
        Query: { Count: 0 },
        SendMessage: { MessageId: 'm', MD5OfMessageBody: md5(request) },
      }[operation] ?? {};
    return { status: 200, body: JSON.stringify(body) };
  });
  const environment = {
    ACCESS_TABLE: 'access',
    STATE_TABLE: 'state',
    EVALUATE_FUNCTION: 'Rescind-evaluate',
    RECORD_QUEUE_URL: `${process.env.AWS_ENDPOINT_URL}/111122223333/record`,
    ACCOUNT_ID: '111122223333',
    OWN_ROLE_IDS: 'AROAOWN1,AROAOWN2',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  ({ handler } = (await import('../../functions/reconcile/handler.ts')) as unknown as { handler: typeof handler });
});
afterAll(() => aws.stop());
beforeEach(() => {
  history = [];
  refusal = undefined;
  aws.requests.length = 0;
  aws.lines.length = 0;
});
const md5 = (request: string) =>
  createHash('md5')
    .update(String(JSON.parse(request).MessageBody))
    .digest('hex');
const logged = () => JSON.parse(aws.lines.find((line) => line.includes('"reconciled"')) ?? '{}');

describe('reconcile', () => {
  it('sends an access that is not on record into the queue of record, and tells the metric in its log line', async () => {
    const lost = aRecord({ eventID: 'lost', eventTime: new Date().toISOString() });
    history = [lost];
    await handler({}, context);
    expect(aws.operations()).toEqual(['LookupEvents', 'Query', 'SendMessage']);
    const sent = JSON.parse(JSON.parse(aws.requests.at(-1)?.body ?? '').MessageBody);
    expect(sent).toEqual({
      source: 'aws.secretsmanager',
      'detail-type': 'AWS API Call via CloudTrail',
      account: '111122223333',
      detail: lost,
    });
    expect(logged()).toMatchObject({ looked: 1, unrecorded: 1, LostRecords: 1, ReconcileBacklog: 0 });
    const [directive] = logged()._aws.CloudWatchMetrics;
    expect(directive).toEqual({
      Namespace: 'Rescind',
      Dimensions: [[]],
      Metrics: [
        { Name: 'LostRecords', Unit: 'Count' },
        { Name: 'ReconcileBacklog', Unit: 'Count' },
      ],
    });
  });

  it('leaves calls of our own roles alone, as record does', async () => {
    const identity = {
      type: 'AssumedRole',
      principalId: 'AROAOWN2:Rescind-evaluate',
      arn: 'arn:aws:sts::111122223333:assumed-role/Rescind-evaluate/Rescind-evaluate',
      accountId: '111122223333',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAOWN2',
          userName: 'Rescind-evaluate',
          accountId: '111122223333',
        },
      },
    };
    history = [aRecord({ eventID: 'own', eventTime: new Date().toISOString(), userIdentity: identity })];
    await handler({}, context);
    expect(aws.operations()).toEqual(['LookupEvents']);
    expect(logged()).toMatchObject({ looked: 1, LostRecords: 0 });
  });

  it('fails when the history refuses, after it has told the backlog', async () => {
    refusal = '{"__type":"AccessDeniedException","message":"no"}';
    await expect(handler({}, context)).rejects.toThrow('1 records could not be settled');
    expect(logged()).toMatchObject({ LostRecords: 0, ReconcileBacklog: 4 });
  });
});
