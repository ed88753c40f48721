import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe } from 'vitest';
import { accessKeys, RESOURCE_SHARDS } from '../../../shared/aws/access-items.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { assume, makePerson, makeRole, type Person, type Role } from '../support/people.ts';
import { SENSITIVE_PREFIX } from '../support/policies.ts';
import { asUser, recordOf } from '../support/record-of.ts';
import { type Stage, scenario as test } from '../support/scenario.ts';
import { operatorConfig } from '../support/stage.ts';

/** A busy emulator runs a function's invocations one after the other. */
const PATIENCE = { timeout: 100_000, interval: 500 };

describe.concurrent('the access record', () => {
  test('keeps a secret that was read, once for five deliveries, and a call about two parameters twice', async ({
    stage,
    expect,
  }) => {
    const sandra = await makePerson(stage, 'sandra');
    const table = accessTable(stage);
    const secret = `sandra/${stage.facts.suffix}`;
    const read = callOf(stage, sandra, 'secretsmanager', 'GetSecretValue', { secretId: secret });
    await Promise.all(Array.from({ length: 5 }, () => stage.publish(read)));
    const names = [`/one/${stage.facts.suffix}`, `/two/${stage.facts.suffix}`];
    await stage.publish(callOf(stage, sandra, 'ssm', 'GetParameters', { names }));
    // Not in the policy's scope.
    await stage.publish(callOf(stage, sandra, 's3', 'GetObject', { bucketName: 'pay', key: secret }));

    const secretArn = `arn:aws:secretsmanager:us-east-1:${stage.facts.account}:secret:${secret}-??????`;
    const parameterArns = names.map((name) => `arn:aws:ssm:us-east-1:${stage.facts.account}:parameter${name}`);
    await expect
      .poll(async () => (await table.byPrincipal(sandra.subject)).map(({ arn }) => arn).sort(), PATIENCE)
      .toEqual([secretArn, ...parameterArns].sort());
    // The last of the five comes after the first by as much as the function is busy: one more read shows that it is through.
    const again = callOf(stage, sandra, 'secretsmanager', 'GetSecretValue', { secretId: secret });
    await stage.publish(again);
    await expect.poll(async () => (await table.summaryOf(secretArn))?.count, PATIENCE).toBe(2);

    const accesses = await table.toResource(secretArn);
    expect(accesses.map(({ eventId }) => eventId).sort()).toEqual([read.eventID, again.eventID].sort());
    expect(accesses[0]).toMatchObject({
      who: sandra.userName,
      principal: sandra.subject,
      action: 'GetSecretValue',
      sourceIp: '198.51.100.24',
      result: 'success',
    });
    expect(await table.summaryOf(secretArn)).toMatchObject({ count: 2, who: sandra.userName });
    expect((await table.byPrincipal(sandra.subject)).filter(({ source }) => source === 's3.amazonaws.com')).toEqual([]);

    const who = await rescind(stage, 'who', secretArn, '--since', '2h', '--json');
    expect(who.map(({ eventId }) => eventId).sort()).toEqual([read.eventID, again.eventID].sort());
    const what = await rescind(stage, 'what', sandra.arn, '--json');
    expect(what).toHaveLength(4);
    expect(new Set(what.map(({ principal }) => principal))).toEqual(new Set([sandra.subject]));
    await expect(rescind(stage, 'who', 'arn:aws:s3:::nobody-touched-this')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Nothing is recorded of arn:aws:s3:::nobody-touched-this'),
    });
  });

  test('keeps who became whom, without a word in the policy, and leads from the session back to the person', async ({
    stage,
    expect,
  }) => {
    const sven = await makePerson(stage, 'sven');
    const role = await makeRole(stage, 'reporting');
    const session = await assume(stage, role, 'sven-in-the-morning');
    const { userName, userId } = sven;
    const assumed = callOf(stage, sven, 'sts', 'AssumeRole', { roleArn: role.arn, roleSessionName: 'sven' });
    // The emulator's secrets are not recorded by it. Refused, so that no rule is about it.
    const secret = `${SENSITIVE_PREFIX}sven-${stage.facts.suffix}`;
    const eventID = randomUUID();
    const read = {
      ...callOf(stage, sven, 'secretsmanager', 'GetSecretValue', { secretId: secret }),
      userIdentity: sessionIdentity(stage, role, { name: 'sven', accessKeyId: session.accessKeyId }),
      errorCode: 'AccessDenied',
      eventID,
    };
    // What was done in the session is recorded before it is known whose session it is.
    await stage.publish(read);
    const table = accessTable(stage);
    const secretArn = `arn:aws:secretsmanager:us-east-1:${stage.facts.account}:secret:${secret}-??????`;
    await expect.poll(async () => (await table.summaryOf(secretArn))?.count, PATIENCE).toBe(1);
    await stage.publish({
      ...assumed,
      responseElements: {
        credentials: { accessKeyId: session.accessKeyId },
        assumedRoleUser: {
          assumedRoleId: `${role.roleId}:sven`,
          arn: `arn:aws:sts::${stage.facts.account}:assumed-role/${role.roleName}/sven`,
        },
      },
    });
    // The session is written beside the access, in no order that anybody promises.
    await expect
      .poll(() => table.session(session.accessKeyId), PATIENCE)
      .toMatchObject({ by: `user:${userId}`, who: userName });
    await expect.poll(async () => (await table.summaryOf(role.arn))?.count, PATIENCE).toBe(1);

    const logs = mkdtempSync(join(tmpdir(), 'rescind-logs-'));
    const earlier = `${new Date(Date.now() - 3 * 24 * 3_600_000).toISOString().slice(0, 19)}Z`;
    const before = { ...read, errorCode: undefined, eventTime: earlier, eventID: randomUUID() };
    writeFileSync(join(logs, 'a.json'), JSON.stringify({ Records: [before] }));
    const policy = join(logs, 'rescind.yaml');
    writeFileSync(
      policy,
      `version: 1\nhome-region: us-east-1\nsensitive: ['${secretArn}']\nrecord: { services: [secretsmanager] }\n`,
    );
    const baseline = ['baseline', logs, '--policy', policy, '--rules', 'rules', '--json'];
    const [what, [story], map, [filled]] = await Promise.all([
      rescind(stage, 'what', sven.arn, '--json'),
      rescind(stage, 'session', session.accessKeyId, '--json'),
      rescind(stage, 'map', '--json'),
      rescind(stage, ...baseline),
      expect(rescind(stage, 'session', 'ASIANOBODYEVER')).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining('Nothing is recorded of the session ASIANOBODYEVER'),
      }),
    ]);
    expect(what.map(({ eventId }) => eventId).sort()).toEqual([assumed.eventID, eventID].sort());
    expect(story).toMatchObject({
      beginning: { kind: 'principal', key: sven.subject, who: userName },
      sessions: [{ accessKeyId: session.accessKeyId, part: 'asked', use: { count: 1, from: ['198.51.100.24'] } }],
    });
    expect(map.find(({ arn }) => arn === secretArn)).toMatchObject({ principal: `role:${role.roleId}`, count: 1 });
    // The mark of today's read becomes earlier; the logs end too early to say since when the service is known.
    expect(filled).toMatchObject({ noted: 1, marks: { written: 1, known: 0, old: 0 }, learned: [{ kind: 'gap' }] });
    expect((await rescind(stage, ...baseline))[0]).toMatchObject({ marks: { written: 0, known: 1 } });
    rmSync(logs, { recursive: true });
  });
});

function sessionIdentity(
  { facts }: Stage,
  { roleId, roleName, arn }: Role,
  { name, accessKeyId }: { readonly name: string; readonly accessKeyId: string },
): JsonObject {
  return {
    type: 'AssumedRole',
    principalId: `${roleId}:${name}`,
    arn: `arn:aws:sts::${facts.account}:assumed-role/${roleName}/${name}`,
    accountId: facts.account,
    accessKeyId,
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId: roleId, arn, accountId: facts.account, userName: roleName },
      attributes: { creationDate: `${new Date().toISOString().slice(0, 19)}Z`, mfaAuthenticated: 'false' },
    },
  };
}

function callOf(
  stage: Stage,
  person: Person,
  service: string,
  eventName: string,
  requestParameters: JsonObject,
): JsonObject {
  return recordOf(stage, asUser(person), { service, eventName, requestParameters });
}

/** The command as an operator runs it; the answer is its lines of JSON. */
async function rescind({ facts }: Stage, ...args: readonly string[]): Promise<readonly Item[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['cli/rescind.mjs', ...args], {
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: facts.endpoint,
      AWS_REGION: facts.region,
      AWS_ACCESS_KEY_ID: facts.account,
      AWS_SECRET_ACCESS_KEY: 'embedded',
    },
  });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

type Item = Readonly<Record<string, unknown>>;

/** The table by its keys, as a reader would ask it. */
function accessTable({ facts }: Stage) {
  const client = new DynamoDBClient(operatorConfig(facts));
  const days = () => [
    ...new Set([Date.now(), Date.now() - 3_600_000].map((at) => new Date(at).toISOString().slice(0, 10))),
  ];
  async function query(attribute: string, value: string, index?: string): Promise<readonly Item[]> {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: facts.outputs.AccessTable,
        ...(index === undefined ? {} : { IndexName: index }),
        KeyConditionExpression: '#key = :value',
        ExpressionAttributeNames: { '#key': attribute },
        ExpressionAttributeValues: marshall({ ':value': value }),
      }),
    );
    return Items.map((item) => unmarshall(item));
  }
  return {
    byPrincipal: async (principal: string) =>
      (await Promise.all(days().map((day) => query('pk', accessKeys.ofPrincipal(principal, day))))).flat(),
    toResource: async (arn: string) => {
      const shards = Array.from({ length: RESOURCE_SHARDS }, (_, shard) => shard);
      const partitions = days().flatMap((day) => shards.map((shard) => accessKeys.ofResource(arn, day, shard)));
      return (await Promise.all(partitions.map((partition) => query('resource', partition, 'by-resource')))).flat();
    },
    summaryOf: async (arn: string): Promise<Item | undefined> =>
      (await query('pk', accessKeys.summariesOfResource(arn)))[0],
    session: async (accessKeyId: string) =>
      (await query('pk', accessKeys.ofSession(accessKeyId))).find(({ kind }) => kind === 'issued'),
  };
}
