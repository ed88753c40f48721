import { randomUUID } from 'node:crypto';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { AttachUserPolicyCommand, CreateLoginProfileCommand, DeleteLoginProfileCommand } from '@aws-sdk/client-iam';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect } from 'vitest';
import { openCaseOf } from '../../../shared/cases/open-case.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { userState } from '../support/iam-state.ts';
import { give } from '../support/orders.ts';
import { ADMINISTRATOR_ACCESS, makePerson, type Person, thiefWith } from '../support/people.ts';
import { type Stage, scenario as test } from '../support/scenario.ts';

describe.concurrent('a rule in mode observe', () => {
  test('plans and tells, and changes nothing at all', async ({ stage }) => {
    const otto = await makePerson(stage, 'otto', 2);
    const paula = await makePerson(stage, 'paula');
    await stage.iam.send(new DeleteLoginProfileCommand({ UserName: paula.userName }));
    const thief = await thiefWith(stage, otto.keys[0]);
    const [ottoBefore] = [await userState(stage.iam, otto.userName)];
    await thief.iam.send(new CreateLoginProfileCommand({ UserName: paula.userName, Password: 'Mine-now-1' }));
    const paulaBefore = await userState(stage.iam, paula.userName);

    const { caseId } = await stage.openCaseOf(otto.subject);
    const found = await stage.until(caseId, 'planned', ({ outcome }) => outcome !== undefined);

    expect(found).toMatchObject({ state: 'open', mode: 'observe', planVersion: 1, outcome: { kind: 'planned' } });
    const plan = await stage.store.plan(caseId, 1);
    expect(plan?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(plan?.steps.map(({ call }) => call.operation)).toEqual([
      'AttachUserPolicy',
      'UpdateAccessKey',
      'UpdateAccessKey',
    ]);
    expect(await stage.store.ledger(caseId)).toEqual([]);
    expect(await stage.untilEnded(caseId)).toEqual({ 'plan-1': 'SUCCEEDED' });
    const alerts = await stage.alertsOf(caseId);
    expect(alerts.map(({ attributes }) => attributes.state)).toEqual(['open']);
    expect(JSON.parse(alerts[0]?.message ?? '{}')).toMatchObject({ mode: 'observe', outcome: { kind: 'planned' } });

    expect(await userState(stage.iam, otto.userName)).toEqual(ottoBefore);
    expect(await userState(stage.iam, paula.userName)).toEqual(paulaBefore);
    if (stage.facts.countsIamCalls) {
      expect(await stage.changesOf(otto.userName)).toEqual([]);
      expect(await stage.changesOf(paula.userName)).toEqual([]);
    }
  });
});

describe.concurrent('the same event', () => {
  test('twenty times at once, and again after the release, is one case, one plan, one detection, one alert a state', async ({
    stage,
  }) => {
    const tina = await makePerson(stage, 'tina');
    const thief = await thiefWith(stage, tina.keys[0]);
    await thief.iam.send(new AttachUserPolicyCommand({ UserName: tina.userName, PolicyArn: ADMINISTRATOR_ACCESS }));
    const [record = {}] = thief.records;
    await Promise.all(Array.from({ length: 19 }, () => stage.publish(record)));

    const { caseId } = await stage.openCaseOf(tina.subject);
    await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    await judged(stage, record, 20);
    const onlyOnce = async (states: readonly string[]): Promise<void> => {
      expect((await stage.casesOf(tina.subject)).map((each) => each.caseId)).toEqual([caseId]);
      expect(await stage.store.detections(caseId)).toHaveLength(1);
      expect(await stage.store.plan(caseId, 1)).toBeDefined();
      expect(await stage.store.plan(caseId, 2)).toBeUndefined();
      expect((await stage.alertsOf(caseId)).map(({ attributes }) => attributes.state)).toEqual(states);
    };
    await onlyOnce(['containing', 'contained']);
    expect(await stage.untilEnded(caseId)).toEqual({ 'plan-1': 'SUCCEEDED' });

    await give(stage, { kind: 'release', caseId, all: false });
    await stage.until(caseId, 'released', ({ state }) => state === 'released');
    const released = await userState(stage.iam, tina.userName);
    await Promise.all(Array.from({ length: 3 }, () => stage.publish(record)));
    await judged(stage, record, 23);

    await onlyOnce(['containing', 'contained', 'releasing', 'released']);
    expect(await openCaseOf(stage.store, tina.subject)).toBeUndefined();
    expect(await userState(stage.iam, tina.userName)).toEqual(released);
  });

  /** Until evaluate has judged a record so often, for a test that waits for nothing to happen. */
  async function judged(stage: Stage, record: JsonObject, times: number): Promise<void> {
    await stage.waitFor(
      `${times} looks at ${record.eventID}`,
      async () => ((await stage.logged('evaluate', String(record.eventID))).length >= times ? true : undefined),
      async () => (await stage.logged('evaluate', String(record.eventID))).join('\n'),
    );
  }
});

describe.concurrent('an event that cannot be believed', () => {
  test('is parked with its reason, or reaches nobody, and opens no case', async ({ stage }) => {
    const fred = await makePerson(stage, 'fred');
    const before = await userState(stage.iam, fred.userName);
    const record = recordOf(stage, fred);
    const { eventTime: _, eventID: __, ...incomplete } = record;
    const foreign = { ...record, recipientAccountId: '999988887777' };
    const put = (Source: string, detail: object, DetailType = 'AWS API Call via CloudTrail') =>
      stage.bus.send(new PutEventsCommand({ Entries: [{ Source, DetailType, Detail: JSON.stringify(detail) }] }));
    await put('my.app', { ...record, eventID: 'forged-source' });
    await put('aws.iam', { ...record, eventID: 'forged-type' }, 'Something else');
    await put('aws.iam', { ...foreign, eventID: 'forged-account' });
    await put('aws.iam', { ...incomplete, requestID: 'malformed' });
    // Past the patterns, as if somebody had edited them.
    await invokeEvaluate(stage, { source: 'my.app', detail: { ...record, eventID: 'past-the-patterns' } });

    const parked = await stage.waitFor(
      'three parked events',
      async () => {
        const found = await readParked(stage, fred);
        return found.size >= 3 ? found : undefined;
      },
      async () => JSON.stringify([...(await readParked(stage, fred))]),
    );
    const reasons = {
      'forged-account': 'the record names another account than its envelope',
      malformed: 'the record has no eventID, eventTime',
      'past-the-patterns': 'the source does not begin with aws.',
    };
    expect(Object.fromEntries(parked)).toEqual(reasons);
    expect(await stage.casesOf(fred.subject)).toEqual([]);
    expect(await userState(stage.iam, fred.userName)).toEqual(before);

    // Believed, it is a detection: it was not for the record itself that nothing happened.
    await put('aws.iam', { ...record, eventID: 'genuine' });
    const { caseId } = await stage.openCaseOf(fred.subject);
    expect((await stage.store.detections(caseId)).map(({ eventId }) => eventId)).toEqual(['genuine']);
    expect(Object.fromEntries(await readParked(stage, fred))).toEqual(reasons);
  });

  /** By event id, or request id where that is missing: why it was parked. */
  async function readParked(stage: Stage, person: Person): Promise<ReadonlyMap<string, string>> {
    const { Environment } = await stage.settingsOf('evaluate');
    const seen = new Map<string, string>();
    const QueueUrl = Environment?.Variables?.PARKING_QUEUE_URL;
    const { Messages = [] } = await stage.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    for (const { Body = '{}' } of Messages) {
      const { reason, event } = JSON.parse(Body) as { reason: string; event: string };
      if (!event.includes(person.userId)) continue;
      const { detail } = JSON.parse(event) as { detail: Record<string, string> };
      seen.set(String(detail.eventID ?? detail.requestID), reason);
    }
    return seen;
  }

  async function invokeEvaluate(stage: Stage, event: JsonObject): Promise<void> {
    const { FunctionError } = await stage.lambda.send(
      new InvokeCommand({
        FunctionName: 'Rescind-evaluate',
        Payload: new TextEncoder().encode(
          JSON.stringify({ 'detail-type': 'AWS API Call via CloudTrail', account: stage.facts.account, ...event }),
        ),
      }),
    );
    expect(FunctionError).toBeUndefined();
  }

  function recordOf({ facts }: Stage, { userId, userName, arn, keys }: Person): JsonObject {
    return {
      eventVersion: '1.11',
      userIdentity: {
        type: 'IAMUser',
        principalId: userId,
        arn,
        accountId: facts.account,
        accessKeyId: keys[0].accessKeyId,
        userName,
      },
      eventTime: '2026-11-21T02:00:00Z',
      eventSource: 'iam.amazonaws.com',
      eventName: 'AttachUserPolicy',
      awsRegion: 'us-east-1',
      sourceIPAddress: '203.0.113.66',
      userAgent: 'aws-cli/2.31.0',
      requestParameters: { userName, policyArn: ADMINISTRATOR_ACCESS },
      responseElements: null,
      requestID: randomUUID(),
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: facts.account,
      eventCategory: 'Management',
    };
  }
});
