import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { createEvaluateDoor } from '../../../shared/aws/evaluate-door.ts';
import { decodeRecord } from '../../../shared/cloudtrail/decode-record.ts';
import { readEnvelope } from '../../../shared/cloudtrail/read-envelope.ts';
import { wrapRecord } from '../../../shared/cloudtrail/wrap-record.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { aRecord } from '../access/an-event.ts';

const record = aRecord() as JsonObject;

/** evaluate as Lambda would answer for it. */
function door(answer: { readonly results?: unknown; readonly FunctionError?: string }) {
  const client = new LambdaClient({ region: 'us-east-1', credentials: { accessKeyId: 'A', secretAccessKey: 'x' } });
  const sent: JsonObject[] = [];
  client.middlewareStack.add(
    () => (args) => {
      sent.push(JSON.parse(String((args.input as { Payload?: unknown }).Payload)));
      const Payload = new TextEncoder().encode(JSON.stringify(answer.results ?? null));
      return Promise.resolve({ output: { $metadata: {}, Payload, ...answer }, response: {} });
    },
    { step: 'initialize' },
  );
  return { sent, evaluate: createEvaluateDoor(client, 'Rescind-evaluate', '111122223333') };
}

describe("evaluate's door", () => {
  test.each([
    ['detected', 'missed'],
    ['counted', 'missed'],
    ['duplicate', 'seen'],
    ['suppressed', 'seen'],
    ['own', 'seen'],
  ])('a record that is %s was %s', async (kind, expected) => {
    expect(await door({ results: [{ kind, ruleId: 'r' }] }).evaluate(record)).toBe(expected);
  });

  test('a record that no rule held for was seen, and so was one that evaluate parked', async () => {
    expect(await door({ results: [] }).evaluate(record)).toBe('seen');
    expect(await door({}).evaluate(record)).toBe('seen');
  });

  test('a record that evaluate failed on was neither', async () => {
    await expect(door({ results: { errorMessage: 'x' }, FunctionError: 'Unhandled' }).evaluate(record)).rejects.toThrow(
      'errorMessage',
    );
  });

  test('is given an event that it believes, with where it comes from', async () => {
    const { evaluate, sent } = door({ results: [] });
    await evaluate(record);
    expect(sent[0]?.reconciled).toBe(true);
    expect(readEnvelope(sent[0], { account: '111122223333' })).toEqual({ kind: 'believed', record });
  });
});

test.each([
  ['AwsApiCall', 'AWS API Call via CloudTrail'],
  ['AwsConsoleSignIn', 'AWS Console Sign In via CloudTrail'],
  ['AwsServiceEvent', 'AWS Service Event via CloudTrail'],
])('a record of type %s is wrapped as %s, and decodes to what it was', (eventType, detailType) => {
  const wrapped = wrapRecord({ ...record, eventType }, '111122223333');
  expect(wrapped['detail-type']).toBe(detailType);
  const envelope = readEnvelope(wrapped, { account: '111122223333' });
  expect(envelope.kind === 'believed' && decodeRecord(envelope.record).kind).toBe('decoded');
});
