import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { type IamState, userState } from '../support/iam-state.ts';
import { given, makePerson, type Person } from '../support/people.ts';
import { REVOKED_SECONDS } from '../support/policies.ts';
import { asUser, recordOf } from '../support/record-of.ts';
import { type Stage, scenario as test } from '../support/scenario.ts';
import { operatorConfig } from '../support/stage.ts';

describe.concurrent('access to a secret', () => {
  test(`that was asked for in vain is taken for ${REVOKED_SECONDS} s, and comes back by itself as it was`, async ({
    stage,
  }) => {
    const person = await makePerson(stage, 'orders-reader');
    const before = await userState(stage.iam, person.userName);
    await stage.publish(asked(stage, person, 'orders-db', { errorCode: 'AccessDenied' }));

    const { caseId } = await stage.openCaseOf(person.subject);
    const found = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    const until = Date.parse(given(found.until));
    expect(until - Date.parse(given((await stage.store.holds(person.subject))[0]?.startedAt))).toBe(
      REVOKED_SECONDS * 1000,
    );
    const { account } = stage.facts;
    expect(added(before, await userState(stage.iam, person.userName))).toEqual({
      'inline Rescind-DenyResource-*': [
        {
          Sid: 'RescindDenySecret',
          Effect: 'Deny',
          Action: 'secretsmanager:*',
          Resource: [`arn:aws:secretsmanager:us-east-1:${account}:secret:orders-db-??????`],
        },
        {
          Sid: 'RescindDenyDatabaseLogin',
          Effect: 'Deny',
          Action: 'rds-db:connect',
          Resource: [`arn:aws:rds-db:us-east-1:${account}:dbuser:*/*`],
        },
      ],
    });

    await stage.until(caseId, 'released', ({ state }) => state === 'released');
    expect(Date.now()).toBeGreaterThanOrEqual(until);
    expect(await userState(stage.iam, person.userName)).toEqual(before);
    // Where the sweep of another scenario was first to find the time over, it is a release of its own that gives back.
    const ended = await stage.untilEnded(caseId);
    expect(ended).toHaveProperty('plan-1');
    expect(new Set(Object.values(ended))).toEqual(new Set(['SUCCEEDED']));
  });

  test('whose value was handed out is rotated twice, and contained once the value bears no label any more', async ({
    stage,
  }) => {
    const person = await makePerson(stage, 'secret-copier');
    const secrets = new SecretsManagerClient(operatorConfig(stage.facts));
    const name = `copied-${randomUUID().slice(0, 8)}`;
    const { ARN, VersionId } = await secrets.send(new CreateSecretCommand({ Name: name, SecretString: 'known' }));
    // As somebody set it up before; there is no such function, and the embedded AWS invokes none.
    const SecretId = given(ARN);
    const RotationLambdaARN = `arn:aws:lambda:us-east-1:${stage.facts.account}:function:SecretsManagerOrders`;
    const setUp = await secrets.send(new RotateSecretCommand({ SecretId, RotationLambdaARN }));
    const handedOut = given(setUp.VersionId);
    expect(handedOut).not.toBe(VersionId);

    await stage.publish(asked(stage, person, name));
    const { caseId } = await stage.openCaseOf(person.subject);
    const found = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    expect(found.outcome).toMatchObject({ kind: 'contained' });
    const ledger = (await stage.store.ledger(caseId)).filter(({ actionId }) => actionId === 'rotate-secret');
    expect(ledger.map(({ call, state, prior }) => [call.operation, state, prior])).toEqual([
      ['RotateSecret', 'done', { current: handedOut, wasRead: true }],
      ['RotateSecret', 'done', { current: ledger[0]?.call.input.ClientRequestToken, wasRead: false }],
    ]);
    const { VersionIdsToStages, RotationLambdaARN: still } = await secrets.send(
      new DescribeSecretCommand({ SecretId }),
    );
    expect(VersionIdsToStages).toMatchObject({ [String(ledger[1]?.call.input.ClientRequestToken)]: ['AWSCURRENT'] });
    expect(Object.keys(VersionIdsToStages ?? {})).not.toContain(handedOut);
    expect(still).toBe(RotationLambdaARN);
  });

  test('whose value was handed out, and that nothing rotates, is taken, and the outcome says that the value is still valid', async ({
    stage,
  }) => {
    const person = await makePerson(stage, 'orders-thief');
    await stage.publish(asked(stage, person, 'orders-api'));
    const { caseId } = await stage.openCaseOf(person.subject);
    const { outcome } = await stage.until(caseId, 'partial', ({ outcome }) => outcome?.kind === 'partial');
    expect(outcome).toMatchObject({
      missing: [
        { item: expect.stringContaining(':secret:orders-api-'), reason: expect.stringContaining('still valid') },
      ],
    });
  });
});

/** What is there that was not. Throws when something else is different. */
function added(before: IamState, after: IamState): Readonly<Record<string, unknown>> {
  const known = Object.entries(after).filter(([fact]) => fact in before);
  expect(Object.fromEntries(known)).toEqual(before);
  return Object.fromEntries(
    Object.entries(after)
      .filter(([fact]) => !(fact in before))
      .map(([fact, value]) => [fact.replace(/[0-9a-f]{16}$/, '*'), JSON.parse(decodeURIComponent(value)).Statement]),
  );
}

function asked(stage: Stage, person: Person, secretId: string, rest: JsonObject = {}): JsonObject {
  const call = { service: 'secretsmanager', eventName: 'GetSecretValue', requestParameters: { secretId } };
  return { ...recordOf(stage, asUser(person), call), ...rest };
}
