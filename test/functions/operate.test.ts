import { marshall } from '@aws-sdk/util-dynamodb';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newCase } from '../support/case-scene.ts';
import { type ScriptedAws, startScriptedAws } from '../support/scripted-aws.ts';

const context = { awsRequestId: 'request-1' } as Context;
const ONCALL = 'arn:aws:iam::111122223333:user/oncall';
const TOKEN = 'AQCEAAAAKgAAAAMAAAAAAAAAAsecretTaskToken';
const items: Record<string, object> = {};

let aws: ScriptedAws;
let handler: (request: unknown, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

beforeAll(async () => {
  aws = await startScriptedAws(({ operation, body }) => {
    if (operation !== 'GetItem') return { status: 200, body: '{}' };
    const item = items[JSON.parse(body).Key.sk.S];
    return { status: 200, body: item === undefined ? '{}' : JSON.stringify({ Item: marshall(item) }) };
  });
  const environment = {
    CASES_TABLE: 'cases',
    STATE_TABLE: 'state',
    STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:111122223333:stateMachine:remediate',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  ({ handler } = (await import('../../functions/operate/handler.ts')) as unknown as { handler: typeof handler });
});
afterAll(() => aws.stop());
beforeEach(() => {
  for (const key of Object.keys(items)) delete items[key];
  aws.requests.length = 0;
  aws.lines.length = 0;
});

const request = (of: { method?: string; by?: string | undefined; body?: string; base64?: boolean }) => ({
  body: of.body,
  isBase64Encoded: of.base64 === true,
  requestContext: {
    http: { method: of.method ?? 'POST' },
    ...('by' in of && of.by === undefined ? {} : { authorizer: { iam: { userArn: of.by ?? ONCALL } } }),
  },
});
const approve = JSON.stringify({ kind: 'approve', caseId: 'C-1' });
const statusOf = async (of: Parameters<typeof request>[0]) => (await handler(request(of), context)).statusCode;

describe('operate', () => {
  it.each(['GET', 'HEAD', 'PUT', 'OPTIONS'])('refuses %s, and reads nothing', async (method) => {
    expect(await statusOf({ method, body: approve })).toBe(405);
    expect(aws.requests).toEqual([]);
  });

  it('refuses an order that nobody signed, and reads nothing', async () => {
    expect(await statusOf({ by: undefined, body: approve })).toBe(403);
    expect(await statusOf({ by: '', body: approve })).toBe(403);
    expect(aws.requests).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['no JSON', 'approve'],
    ['a case that is no id', '{"kind":"approve","caseId":"../C-1"}'],
    ['broken base64', '%%%'],
  ])('refuses %s with a sentence, and reads nothing', async (_, body) => {
    const of = { ...(body === undefined ? {} : { body }), base64: body === '%%%' };
    const answer = await handler(request(of), context);
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body ?? '{}').error).toMatch(/.{15,}/);
    expect(aws.requests).toEqual([]);
  });

  it('reads a body in base64', async () => {
    expect(await statusOf({ body: Buffer.from(approve).toString('base64'), base64: true })).toBe(409);
    expect(aws.operations()).toContain('GetItem');
  });

  it('answers 409 with the reason when the domain refuses', async () => {
    const answer = await handler(request({ body: approve }), context);
    expect(answer.statusCode).toBe(409);
    expect(JSON.parse(answer.body ?? '{}')).toEqual({
      kind: 'refused',
      why: 'There is no case C-1. "npx rescind cases" lists them.',
    });
  });

  it('carries an approval to the execution that waits, and logs who gave it but never the token', async () => {
    items.META = newCase({ state: 'awaiting-approval', mode: 'approve' });
    items['APPROVAL#000001'] = { planVersion: 1, planHash: 'h', taskToken: TOKEN, askedAt: '2026-11-21T02:00:03.000Z' };
    expect(await statusOf({ body: approve })).toBe(200);
    const sent = aws.requests.find(({ operation }) => operation === 'SendTaskSuccess');
    expect(JSON.parse(sent?.body ?? '{}')).toEqual({ taskToken: TOKEN, output: '{"approved":true}' });
    const log = aws.lines.join('');
    expect(log).toContain(`"by":"${ONCALL}"`);
    expect(log).not.toContain('secretTaskToken');
  });
});
