import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { describe, expect } from 'vitest';
import { createAccessReader } from '../../../shared/aws/access-reader.ts';
import { keys } from '../../../shared/aws/case-items.ts';
import { getItem } from '../../../shared/aws/items.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { makePerson, type Person } from '../support/people.ts';
import { RULES, SENSITIVE_PREFIX, SENSITIVE_TAG } from '../support/policies.ts';
import { asUser, recordOf } from '../support/record-of.ts';
import { rescind } from '../support/run-command.ts';
import { type Stage, scenario as test } from '../support/scenario.ts';
import { operatorConfig } from '../support/stage.ts';

/** A busy emulator runs a function's invocations one after the other. */
const PATIENCE = { timeout: 100_000, interval: 500 };

describe.concurrent('a sensitive resource', () => {
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
    await stage.until(caseId, 'at an end', ({ outcome }) => outcome !== undefined);
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

  test('has a ticket sent, and what its reader did kept as evidence, that a command fetches and checks and a link shows', async ({
    stage,
    onTestFinished,
    // Of this test: the other one, which runs beside it, takes the common one with it when it ends.
    expect,
  }) => {
    const edith = await makePerson(stage, 'edith');
    const day = readAt(stage, edith, '2026-11-20T07:30:00Z', 'payroll');
    await stage.publish(day);
    const accesses = createAccessReader(
      new DynamoDBClient(operatorConfig(stage.facts)),
      stage.facts.outputs.AccessTable ?? '',
    );
    const asked = { day: '2026-11-20', since: '2026-11-20T00:00:00.000Z', limit: 10 };
    await expect
      .poll(async () => (await accesses.accessesBy(edith.subject, asked)).map(({ eventId }) => eventId), PATIENCE)
      .toEqual([day.eventID]);

    await stage.publish(readAt(stage, edith, '2026-11-20T01:30:00Z', 'ledger'));
    const { caseId } = await stage.openCaseOf(edith.subject);
    const shown = async () => JSON.parse((await rescind(stage, 'case', 'show', caseId, '--json')).stdout);
    await expect.poll(async () => (await shown()).evidence?.kind, PATIENCE).toBe('kept');

    const ticket = async () =>
      getItem(
        new DynamoDBClient(operatorConfig(stage.facts)),
        stage.facts.outputs.CasesTable ?? '',
        keys.ticket(caseId),
      );
    await expect.poll(async () => (await ticket())?.deliveredAt?.S, PATIENCE).toMatch(/^20\d\d-/);

    const folder = await mkdtemp(join(tmpdir(), 'rescind-evidence-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const checked = await rescind(stage, 'case', 'evidence', caseId, '--output', folder, '--json');
    expect(checked).toMatchObject({ code: 0 });
    expect(JSON.parse(checked.stdout)).toMatchObject({ caseId, isSound: true });
    const [header = '', ...events] = (await readFile(join(folder, 'activity.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(header)).toMatchObject({ schema: 'rescind.evidence/1', caseId, subject: { key: edith.subject } });
    expect(events.map((line) => JSON.parse(line).eventId)).toContain(day.eventID);

    const { links } = await shown();
    const page = await fetch(links.page);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain(`Activity of user ${edith.userName}`);
    const read = await rescind(stage, 'case', 'show', caseId);
    expect(read.stdout).toMatch(/Evidence {2}[1-9].*\n(.*\n)* {2}SHA-256 {3}[0-9a-f]{64} {2}activity.jsonl/);
    expect(read.stdout).toContain('X-Amz-Signature=');
  });

  test('is also a table that bears a sensitive tag, from a look of sweep at the account on', async ({
    stage,
    expect,
  }) => {
    const tara = await makePerson(stage, 'tara');
    const dynamo = new DynamoDBClient(operatorConfig(stage.facts));
    const tableName = `orders-${stage.facts.suffix}`;
    await dynamo.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        Tags: [SENSITIVE_TAG],
      }),
    );
    const { FunctionError } = await stage.lambda.send(
      new InvokeCommand({ FunctionName: 'Rescind-sweep', Payload: '{}' }),
    );
    expect(FunctionError).toBeUndefined();

    // Evaluate may have read what bears the tag less than a minute ago: whoever reads on is seen then.
    const read = async () => {
      const call = {
        service: 'dynamodb',
        eventName: 'Scan',
        requestParameters: { tableName },
        at: '2026-11-20T01:30:00Z',
      };
      await stage.publish(recordOf(stage, asUser(tara), call));
      return (await stage.casesOf(tara.subject)).map(({ ruleIds }) => ruleIds);
    };
    await expect.poll(read, { timeout: 100_000, interval: 3_000 }).toEqual([[RULES.sensitiveDataAtNight]]);
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

  function readAt(stage: Stage, person: Person, at: string, secret: string): JsonObject {
    const requestParameters = { secretId: `${SENSITIVE_PREFIX}${secret}` };
    const call = { service: 'secretsmanager', eventName: 'GetSecretValue', requestParameters, at };
    return recordOf(stage, asUser(person), call);
  }
});
