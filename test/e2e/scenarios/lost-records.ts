import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, UpdateFunctionConfigurationCommand, waitUntilFunctionUpdatedV2 } from '@aws-sdk/client-lambda';
import { describe } from 'vitest';
import { createAccessReader } from '../../../shared/aws/access-reader.ts';
import { isJsonObject, type JsonObject } from '../../../shared/json.ts';
import { makePerson } from '../support/people.ts';
import { RULES } from '../support/policies.ts';
import { asUser, recordOf } from '../support/record-of.ts';
import { type Stage, scenario as test } from '../support/scenario.ts';
import { operatorConfig } from '../support/stage.ts';
import { startTrailDouble } from '../support/trail-double.ts';

const FUNCTION = 'Rescind-reconcile';
/** A busy emulator runs a function's invocations one after the other. */
const PATIENCE = { timeout: 100_000, interval: 500 };

describe.concurrent('records that were never delivered', () => {
  test('are found in the history of CloudTrail, judged and recorded, and counted once', async ({ stage, expect }) => {
    const person = await makePerson(stage, 'unheard');
    const at = new Date(Date.now() - 10 * 60_000).toISOString();
    const call = (service: string, eventName: string, requestParameters: JsonObject) =>
      recordOf(stage, asUser(person), { service, eventName, requestParameters, at });
    // In mode observe here; nobody wants it recorded.
    const judged = call('iam', 'UpdateLoginProfile', { userName: 'somebody-else' });
    const kept = call('ssm', 'GetParameter', { name: `/unheard/${stage.facts.suffix}` });
    const benign = Array.from({ length: 50 }, () => call('monitoring', 'GetMetricData', {}));
    const trail = await startTrailDouble([...benign, kept, judged]);
    try {
      const first = await cycle(stage, trail.url);
      expect(first).toMatchObject({ looked: 52, missed: 1, unrecorded: 1, LostRecords: 2, ReconcileBacklog: 0 });
      expect(trail.asked.map(({ MaxResults, NextToken }) => [MaxResults, NextToken])).toEqual([
        [50, undefined],
        [50, '50'],
      ]);
      const accesses = createAccessReader(new DynamoDBClient(operatorConfig(stage.facts)), stage.output('AccessTable'));
      const asked = { day: at.slice(0, 10), since: `${at.slice(0, 10)}T00:00:00.000Z`, limit: 10 };
      const recorded = async () => (await accesses.accessesBy(person.subject, asked)).map(({ eventId }) => eventId);
      await expect.poll(recorded, PATIENCE).toEqual([kept.eventID]);

      // One that has forgotten the first, as the next cycle's may have.
      const second = await cycle(stage, `${trail.url}/again`);
      expect(second).toMatchObject({ looked: 52, missed: 0, unrecorded: 0, LostRecords: 0, ReconcileBacklog: 0 });
    } finally {
      await trail.stop();
    }
    const cases = await stage.casesOf(person.subject);
    expect(cases.map(({ ruleIds }) => ruleIds)).toEqual([[RULES.passwordForSomebodyElse]]);
    const detections = await stage.store.detections(String(cases[0]?.caseId));
    expect(detections.map(({ eventId }) => eventId)).toEqual([judged.eventID]);
  });
});

/** Runs the deployed function once, with CloudTrail at this address, and what it wrote to its log about it. */
async function cycle({ lambda, logged, settingsOf, waitFor }: Stage, trailUrl: string): Promise<JsonObject> {
  const { Environment } = await settingsOf('reconcile');
  const Variables = { ...Environment?.Variables, AWS_ENDPOINT_URL_CLOUDTRAIL: trailUrl };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: FUNCTION, Environment: { Variables } }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName: FUNCTION });
  const before = (await logged('reconcile', '"reconciled"')).length;
  const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: FUNCTION, Payload: '{}' }));
  if (FunctionError !== undefined) throw new Error(new TextDecoder().decode(Payload));
  return waitFor(
    'the log line of reconcile',
    async () => {
      const line = (await logged('reconcile', '"reconciled"'))[before];
      const entry: unknown = line === undefined ? undefined : JSON.parse(line.slice(line.indexOf('{')));
      return isJsonObject(entry) ? entry : undefined;
    },
    async () => 'It was invoked, and answered without an error.',
  );
}
