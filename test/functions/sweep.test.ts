import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ScriptedAws, startScriptedAws } from '../support/scripted-aws.ts';

vi.mock('../../functions/system.ts', async (original) => ({
  ...(await original<object>()),
  readDeployedPolicy: () => ({
    timing: { holdUserSeconds: 1, holdSessionSeconds: 1 },
    sensitiveTags: ['data=finance'],
    record: { tags: ['data=finance', 'team'] },
  }),
}));

const context = { awsRequestId: 'request-1' } as Context;
const REFUSED = { status: 400, body: '{"__type":"AccessDeniedException","message":"no"}' };
let refused = (_operation: string, _body: string) => false;
let aws: ScriptedAws;
let handler: (event: unknown, context: Context) => Promise<unknown>;

beforeAll(async () => {
  aws = await startScriptedAws(({ operation, body }) => {
    if (refused(operation, body)) return REFUSED;
    const found = { ResourceTagMappingList: [{ ResourceARN: 'arn:aws:s3:::payroll' }] };
    const answer = { Query: { Items: [], Count: 0 }, GetResources: found }[operation] ?? {};
    return { status: 200, body: JSON.stringify(answer) };
  });
  const environment = {
    CASES_TABLE: 'cases',
    STATE_TABLE: 'state',
    STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:111122223333:stateMachine:remediate',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  ({ handler } = (await import('../../functions/sweep/handler.ts')) as unknown as { handler: typeof handler });
});
afterAll(() => aws.stop());
beforeEach(() => {
  refused = () => false;
  aws.requests.length = 0;
  aws.lines.length = 0;
});

const asked = () =>
  aws.requests.flatMap(({ operation, body }) => (operation === 'GetResources' ? [JSON.parse(body).TagFilters] : []));
const kept = () =>
  aws.requests.flatMap(({ operation, body }) => (operation === 'PutItem' ? [JSON.parse(body).Item] : []));
const isOfCases = (_: string, body: string) => body.includes('"cases"');

describe('sweep', () => {
  it('asks for each tag of the policy once, and keeps what bears it', async () => {
    await handler({}, context);
    expect(asked()).toEqual([[{ Key: 'data', Values: ['finance'] }], [{ Key: 'team' }]]);
    expect(kept().map(({ pk, tag, arn }) => [pk.S, tag.S, arn.S])).toEqual([
      ['TAGGED', 'data=finance', 'arn:aws:s3:::payroll'],
      ['TAGGED', 'team', 'arn:aws:s3:::payroll'],
    ]);
    expect(aws.lines.join('')).toContain('"added":2');
  });

  it('looks for tags also where a case cannot be looked after, which it fails with', async () => {
    refused = isOfCases;
    await expect(handler({}, context)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(kept()).toHaveLength(2);
  });

  it('looks after the cases also where it may not ask for tags, which it fails with', async () => {
    refused = (operation) => operation === 'GetResources';
    await expect(handler({}, context)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(aws.requests.some(({ operation, body }) => operation === 'Query' && isOfCases(operation, body))).toBe(true);
    expect(kept()).toEqual([]);
  });
});
