import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { makePerson, type Person } from '../support/people.ts';
import { RULES, SENSITIVE_PREFIX } from '../support/policies.ts';
import { type Stage, scenario as test } from '../support/scenario.ts';

describe.concurrent('a sensitive secret', () => {
  test('that is read at night opens a case, in business hours none, and in an announced change neither, which the log names', async ({
    stage,
  }) => {
    const nora = await makePerson(stage, 'nora');
    // In Zurich, where the business hours are, it is 08:30, then 02:30, then 03:30 in the release.
    const day = readAt(stage, nora, '2026-11-20T07:30:00Z', 'payroll');
    const night = readAt(stage, nora, '2026-11-20T01:30:00Z', 'ledger');
    const release = readAt(stage, nora, '2026-11-20T02:30:00Z', 'ledger');
    for (const record of [day, release, night]) await stage.publish(record);

    const { caseId } = await stage.openCaseOf(nora.subject);
    await stage.until(caseId, 'planned', ({ outcome }) => outcome !== undefined);
    // A line of its own shows that the day's record was judged: that secret was new to her, and too little is recorded to tell.
    expect(await verdicts(stage, day)).toEqual([
      { kind: 'suppressed', ruleId: RULES.sensitiveSecretFirstSeen, by: 'the learning period' },
    ]);
    expect(await verdicts(stage, release)).toContainEqual({
      kind: 'suppressed',
      ruleId: RULES.sensitiveSecretAtNight,
      by: 'change window release 42 (CHG-1234)',
    });
    expect(await stage.casesOf(nora.subject)).toHaveLength(1);
    expect((await stage.store.detections(caseId)).map(({ ruleId, eventId }) => ({ ruleId, eventId }))).toEqual([
      { ruleId: RULES.sensitiveSecretAtNight, eventId: night.eventID },
    ]);
  });

  /** What evaluate logged of a record, once it has; by rule. */
  async function verdicts(stage: Stage, { eventID }: JsonObject): Promise<readonly JsonObject[]> {
    const lines = await stage.waitFor(
      `evaluate to have judged ${eventID}`,
      async () => {
        const logged = await stage.logged('evaluate', String(eventID));
        return logged.length > 0 ? logged : undefined;
      },
      async () => 'no line of evaluate names it',
    );
    const found = new Map<string, JsonObject>();
    for (const line of lines) {
      const { kind, ruleId, by } = JSON.parse(line.slice(line.indexOf('{'))) as Record<string, string>;
      if (ruleId !== undefined) found.set(ruleId, { kind, ruleId, ...(by === undefined ? {} : { by }) });
    }
    return [...found.values()].sort((a, b) => (String(a.ruleId) < String(b.ruleId) ? -1 : 1));
  }

  function readAt(
    { facts }: Stage,
    { userId, userName, arn, keys }: Person,
    eventTime: string,
    secret: string,
  ): JsonObject {
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
      eventTime,
      eventSource: 'secretsmanager.amazonaws.com',
      eventName: 'GetSecretValue',
      awsRegion: 'us-east-1',
      sourceIPAddress: '203.0.113.66',
      userAgent: 'aws-cli/2.31.0',
      requestParameters: { secretId: `${SENSITIVE_PREFIX}${secret}` },
      responseElements: null,
      requestID: randomUUID(),
      eventID: randomUUID(),
      readOnly: true,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: facts.account,
      eventCategory: 'Management',
    };
  }
});
