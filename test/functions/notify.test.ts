import { marshall } from '@aws-sdk/util-dynamodb';
import type { Context, DynamoDBBatchResponse } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ticketOf } from '../../shared/alerts/ticket.ts';
import { alertOf } from '../../shared/cases/move-case.ts';
import type { Level } from '../../shared/rules/rule.ts';
import { detection, newCase } from '../support/case-scene.ts';
import { type ScriptedAws, startScriptedAws } from '../support/scripted-aws.ts';

vi.mock('../../functions/system.ts', async (original) => ({
  ...(await original<object>()),
  readDeployedPolicy: () => ({ alerts: { zone: 'UTC' }, tickets: { level: 'critical', topic: [] } }),
}));

const context = { awsRequestId: 'request-1' } as Context;
let refused: string | undefined;
let aws: ScriptedAws;
let handler: (event: unknown, context: Context) => Promise<DynamoDBBatchResponse>;

beforeAll(async () => {
  aws = await startScriptedAws(({ operation, body }) => {
    if (operation !== 'Publish') return { status: 200, body: '{}' };
    if (refused !== undefined && new URLSearchParams(body).toString().includes(encodeURIComponent(refused))) {
      return { status: 400, body: '<ErrorResponse><Error><Code>Throttled</Code></Error></ErrorResponse>' };
    }
    return {
      status: 200,
      body: '<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>',
    };
  });
  const environment = {
    CASES_TABLE: 'cases',
    PAGE_TOPIC_ARN: 'arn:aws:sns:us-east-1:111122223333:page',
    INFORMATION_TOPIC_ARN: 'arn:aws:sns:us-east-1:111122223333:information',
    TICKETS_TOPIC_ARN: 'arn:aws:sns:us-east-1:111122223333:tickets',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  ({ handler } = (await import('../../functions/notify/handler.ts')) as unknown as { handler: typeof handler });
});
afterAll(() => aws.stop());
beforeEach(() => {
  refused = undefined;
  aws.requests.length = 0;
  aws.lines.length = 0;
});

function inserted(caseId: string, sequence: string, severity: Level = 'high') {
  const alert = alertOf(newCase({ caseId, severity, state: 'contained', version: 1 }), [detection()], []);
  return {
    eventName: 'INSERT',
    dynamodb: { SequenceNumber: sequence, NewImage: marshall({ pk: 'x', sk: 'y', alert }) },
  };
}
function filed(caseId: string, sequence: string) {
  const alert = alertOf(newCase({ caseId, state: 'contained', version: 1 }), [detection()], []);
  const policy = {
    alerts: { zone: 'UTC', page: [], information: [] },
    tickets: { level: 'low', topic: [] },
  } as const;
  const NewImage = marshall(
    { pk: 'x', sk: 'TICKET', ticket: ticketOf(alert, policy) },
    { removeUndefinedValues: true },
  );
  return { eventName: 'INSERT', dynamodb: { SequenceNumber: sequence, NewImage } };
}
/** Dedup ids of what SNS was sent, in order. */
function sent(): readonly string[] {
  return aws.requests.flatMap(({ operation, body }) =>
    operation === 'Publish' ? [/C-[A-Z]+#1/.exec(decodeURIComponent(body))?.[0] ?? 'no id'] : [],
  );
}

describe('notify', () => {
  it('sends each alert of a batch in order', async () => {
    const Records = [inserted('C-A', '1'), inserted('C-B', '2'), inserted('C-C', '3')];
    expect(await handler({ Records }, context)).toEqual({ batchItemFailures: [] });
    expect(sent()).toEqual(['C-A#1', 'C-B#1', 'C-C#1']);
    expect(aws.operations().slice(0, 4)).toEqual(['GetItem', 'UpdateItem', 'Publish', 'UpdateItem']);
  });

  it('reports the one that was refused and sends none after it, for the stream brings them again', async () => {
    refused = 'C-B#1';
    const Records = [inserted('C-A', '1'), inserted('C-B', '2'), inserted('C-C', '3')];
    expect(await handler({ Records }, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(sent()).toEqual(['C-A#1', 'C-B#1']);
  });

  it('files a ticket for a case that is grave enough, after its alert, and none for others', async () => {
    await handler({ Records: [inserted('C-A', '1'), inserted('C-B', '2', 'critical')] }, context);
    const operations = aws.requests.map(({ operation, body }) =>
      operation === 'PutItem' ? `PutItem ${JSON.parse(body).Item.sk.S}` : operation,
    );
    const ofOne = ['GetItem', 'UpdateItem', 'Publish', 'UpdateItem'];
    expect(operations).toEqual([...ofOne, ...ofOne, 'PutItem TICKET']);
    const put = JSON.parse(aws.requests.at(-1)?.body ?? '');
    expect(put.ConditionExpression).toBe('attribute_not_exists(pk)');
    expect(put.Item.ticket.M.dedupId.S).toBe('C-B#ticket');
  });

  it('sends a ticket to the topic of tickets, as JSON', async () => {
    const Records = [filed('C-T', '1')];
    expect(await handler({ Records }, context)).toEqual({ batchItemFailures: [] });
    expect(aws.operations()).toEqual(['GetItem', 'Publish', 'UpdateItem']);
    const sentAway = new URLSearchParams(aws.requests[1]?.body);
    expect(sentAway.get('TopicArn')).toBe('arn:aws:sns:us-east-1:111122223333:tickets');
    expect(JSON.parse(sentAway.get('Message') ?? '')).toMatchObject({ schema: 'rescind.ticket/1', caseId: 'C-T' });
  });

  it('sends the alerts after a ticket that is refused all the same: nothing else than they wakes somebody', async () => {
    refused = 'C-T#ticket';
    const Records = [inserted('C-A', '1'), filed('C-T', '2'), inserted('C-B', '3'), filed('C-U', '4')];
    expect(await handler({ Records }, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(sent()).toEqual(['C-A#1', 'C-B#1', 'no id']);
  });

  it('reports the alert and the ticket where both are refused, for the stream goes back to the first of them', async () => {
    refused = 'arn:aws:sns';
    const Records = [filed('C-T', '1'), inserted('C-A', '2')];
    expect(await handler({ Records }, context)).toEqual({
      batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '1' }],
    });
  });

  it('reports an item that is no alert', async () => {
    const Records = [{ eventName: 'INSERT', dynamodb: { SequenceNumber: '7', NewImage: marshall({ pk: 'x' }) } }];
    expect(await handler({ Records }, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] });
    expect(aws.requests).toEqual([]);
  });

  it('logs ids and states, and no text of a record', async () => {
    await handler({ Records: [inserted('C-A', '1')] }, context);
    const log = aws.lines.join('');
    expect(log).toContain('"dedupId":"C-A#1"');
    expect(log).not.toContain('mallory');
  });
});
