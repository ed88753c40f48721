import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe } from 'vitest';
import { createAccessReader } from '../../../shared/aws/access-reader.ts';
import { readEvidence } from '../../../shared/aws/read-evidence.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { roleState, userState } from '../support/iam-state.ts';
import { given, makePerson, makeRole } from '../support/people.ts';
import { REVOKED_SECONDS, RULES, SENSITIVE_PREFIX } from '../support/policies.ts';
import { asSession, asUser, recordOf } from '../support/record-of.ts';
import { type Stage, scenario as test } from '../support/scenario.ts';
import { operatorConfig } from '../support/stage.ts';

/** In Zurich, where the business hours are: 02:30, and 03:30 in the announced release. */
const NIGHT = '2026-11-20T01:30:00Z';
const RELEASE = '2026-11-20T02:30:00Z';

/** A busy emulator runs a function's invocations one after the other. */
const PATIENCE = { timeout: 100_000, interval: 500 };

describe.concurrent('the worked examples', () => {
  test(`the finance secret read at night: told, denied to its reader for ${REVOKED_SECONDS} s, back by itself, partial all the while`, async ({
    stage,
    expect,
  }) => {
    const reader = await makePerson(stage, 'finance-reader');
    const before = await userState(stage.iam, reader.userName);
    const secret = `${SENSITIVE_PREFIX}ledger-db`;
    await stage.publish(readOf(stage, asUser(reader), secret, NIGHT));

    const { caseId } = await stage.openCaseOf(reader.subject);
    const found = await stage.until(caseId, 'taken', ({ outcome }) => outcome?.kind === 'partial');
    const { outcome } = found;
    expect(outcome).toMatchObject({
      missing: [
        { item: expect.stringContaining(`:secret:${secret}-`), reason: expect.stringContaining('still valid') },
      ],
    });
    const taken = await userState(stage.iam, reader.userName);
    const [[fact, document] = ['', ''], ...others] = Object.entries(taken).filter(([each]) => !(each in before));
    expect(others).toEqual([]);
    expect(fact).toMatch(/^inline Rescind-DenyResource-/);
    const { account } = stage.facts;
    expect(JSON.parse(decodeURIComponent(document)).Statement.map(({ Resource }: JsonObject) => Resource)).toEqual([
      [`arn:aws:secretsmanager:us-east-1:${account}:secret:${secret}-??????`],
      [`arn:aws:rds-db:us-east-1:${account}:dbuser:*/*`],
    ]);

    await stage.until(caseId, 'released', ({ state }) => state === 'released');
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(given(found.until)));
    expect(await userState(stage.iam, reader.userName)).toEqual(before);
    const told = await stage.alertsOf(caseId);
    const tellsOf = (state: string) => told.find(({ attributes }) => attributes.state === state)?.message;
    expect(tellsOf('needs-human')).toContain('still valid');
    expect(tellsOf('released')).toContain(caseId);
  });

  test('an administrator at night: that session is ended, the role is assumed with MFA only, what it did is kept', async ({
    stage,
    expect,
  }) => {
    const role = await makeRole(stage, 'administrator');
    const before = await roleState(stage.iam, role.roleName);
    const session = asSession(stage, role, 'anna', '2026-11-20T01:00:00Z');
    await stage.publish(madeBy(stage, session, NIGHT));

    const { caseId } = await stage.openCaseOf(`session:${role.roleId}:anna`);
    const found = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    expect(found).toMatchObject({ ruleIds: [RULES.administratorAtNight], playbooks: ['require-mfa'] });
    const { trust, ...rest } = await roleState(stage.iam, role.roleName);
    const added = Object.entries(rest).filter(([each]) => !(each in before));
    expect(added.map(([fact]) => fact)).toEqual([expect.stringMatching(/^inline Rescind-RevokeSession-/)]);
    expect(JSON.parse(decodeURIComponent(added[0]?.[1] ?? '{}')).Statement).toMatchObject([
      { Effect: 'Deny', Action: '*', Condition: { StringEquals: { 'aws:userid': `${role.roleId}:anna` } } },
    ]);
    const statementsOf = (text = '') => JSON.parse(decodeURIComponent(text)).Statement;
    expect(statementsOf(trust)).toEqual([
      ...statementsOf(before.trust),
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sts:AssumeRole',
        Condition: expect.objectContaining({ NumericGreaterThanIfExists: { 'aws:MultiFactorAuthAge': '3600' } }),
      }),
    ]);
    const dynamo = new DynamoDBClient(operatorConfig(stage.facts));
    await expect
      .poll(async () => (await readEvidence(dynamo, stage.output('CasesTable'), caseId))?.kind, PATIENCE)
      .toBe('kept');
  });

  test('both in an announced change: no case, nobody told, the log says by what, and all is on record', async ({
    stage,
    expect,
  }) => {
    const reader = await makePerson(stage, 'release-reader');
    const role = await makeRole(stage, 'release-administrator');
    const read = readOf(stage, asUser(reader), `${SENSITIVE_PREFIX}ledger-db`, RELEASE);
    const session = asSession(stage, role, 'anna', '2026-11-20T02:00:00Z');
    const made = madeBy(stage, session, RELEASE);
    for (const record of [read, made]) await stage.publish(record);

    const lines = async () => [
      ...(await stage.logged('evaluate', String(read.eventID))),
      ...(await stage.logged('evaluate', String(made.eventID))),
    ];
    const by = 'change window release 42 (CHG-1234)';
    await expect
      .poll(async () => (await lines()).map(suppression).filter((each) => each?.by === by), PATIENCE)
      .toEqual([
        { ruleId: RULES.sensitiveSecretAtNight, by },
        { ruleId: RULES.administratorAtNight, by },
      ]);
    const accesses = createAccessReader(new DynamoDBClient(operatorConfig(stage.facts)), stage.output('AccessTable'));
    const day = { day: RELEASE.slice(0, 10), since: `${RELEASE.slice(0, 10)}T00:00:00.000Z`, limit: 10 };
    const recorded = async (key: string) => (await accesses.accessesBy(key, day)).map(({ eventId }) => eventId);
    await expect.poll(() => recorded(reader.subject), PATIENCE).toEqual([read.eventID]);
    await expect.poll(() => recorded(`role:${role.roleId}`), PATIENCE).toEqual([made.eventID]);
    expect(await stage.casesOf(reader.subject)).toEqual([]);
    expect(await stage.casesOf(`session:${role.roleId}:anna`)).toEqual([]);
  });
});

function readOf(stage: Stage, who: JsonObject, secretId: string, at: string): JsonObject {
  const call = { service: 'secretsmanager', eventName: 'GetSecretValue', requestParameters: { secretId }, at };
  return recordOf(stage, who, call);
}

function madeBy(stage: Stage, who: JsonObject, at: string): JsonObject {
  const requestParameters = { userName: 'support-7' };
  return recordOf(stage, who, { service: 'iam', eventName: 'CreateUser', requestParameters, at });
}

/** Which rule a line of evaluate's log says was left out, and by what. */
function suppression(line: string): { readonly ruleId: unknown; readonly by: unknown } {
  const { ruleId, by } = JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>;
  return { ruleId, by };
}
