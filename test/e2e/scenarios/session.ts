import { randomUUID } from 'node:crypto';
import { StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetRoleCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleDescriptionCommand,
} from '@aws-sdk/client-iam';
import { describe, expect } from 'vitest';
import { createSessionReader } from '../../../shared/aws/session-reader.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { WEB_LOGIN } from '../../support/login-records.ts';
import { type IamState, roleState } from '../support/iam-state.ts';
import type { OpenStage } from '../support/open-stage.ts';
import { give } from '../support/orders.ts';
import { assume, makePerson, makeRole, makeTrail, type Role, thiefWith } from '../support/people.ts';
import { scenario as test } from '../support/scenario.ts';
import { operatorConfig } from '../support/stage.ts';

/** What was added, its documents as objects. Throws when anything else is different. */
function addedPolicies(before: IamState, after: IamState): Readonly<Record<string, unknown>> {
  const added = Object.entries(after).filter(([fact]) => !(fact in before));
  expect(Object.fromEntries(Object.entries(after).filter(([fact]) => fact in before))).toEqual(before);
  return Object.fromEntries(added.map(([fact, value]) => [fact, JSON.parse(decodeURIComponent(value))]));
}

const WHOLE_SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

describe.concurrent('a role session that stops the trail', () => {
  test('is ended alone; a release takes the deny away and leaves the role as it was, byte for byte', async ({
    stage,
  }) => {
    const role = await makeRole(stage, 'nightly-build');
    const trail = await makeTrail(stage, 'nightly-trail');
    const [nightly] = await Promise.all([assume(stage, role, 'nightly'), assume(stage, role, 'morning')]);
    const before = await roleState(stage.iam, role.roleName);
    const thief = await thiefWith(stage, nightly);
    await thief.cloudTrail.send(new StopLoggingCommand({ Name: trail }));

    const { caseId } = await stage.openCaseOf(`session:${role.roleId}:nightly`);
    await stage.until(caseId, 'contained', ({ state }) => state === 'contained');

    const added = addedPolicies(before, await roleState(stage.iam, role.roleName));
    expect(Object.keys(added)).toHaveLength(1);
    expect(Object.keys(added)[0]).toMatch(/^inline Rescind-RevokeSession-/);
    expect(Object.values(added)).toEqual([
      {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'RescindRevokeSession',
            Effect: 'Deny',
            Action: '*',
            Resource: '*',
            Condition: {
              StringEquals: { 'aws:userid': `${role.roleId}:nightly` },
              DateLessThan: { 'aws:TokenIssueTime': expect.stringMatching(WHOLE_SECONDS) },
            },
          },
        ],
      },
    ]);
    expect(await stage.casesOf(`session:${role.roleId}:morning`)).toEqual([]);
    expect(await stage.casesOf(`role:${role.roleId}`)).toEqual([]);

    expect(await give(stage, { kind: 'release', caseId, all: false })).toMatchObject({ status: 200 });
    const released = await stage.until(caseId, 'released', ({ state }) => state === 'released');
    expect(released.release).toMatchObject({ withheld: [], conflicts: [], failed: [] });
    expect(await roleState(stage.iam, role.roleName)).toEqual(before);
  });

  test('and then does what ends all sessions: the plan of its case widens, and both denies stand', async ({
    stage,
  }) => {
    const role = await makeRole(stage, 'widening');
    const trail = await makeTrail(stage, 'widening-trail');
    const before = await roleState(stage.iam, role.roleName);
    const thief = await thiefWith(stage, await assume(stage, role, 'wide'));
    await thief.cloudTrail.send(new StopLoggingCommand({ Name: trail }));
    const { caseId } = await stage.openCaseOf(`session:${role.roleId}:wide`);
    const first = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    expect(first).toMatchObject({ planVersion: 1, actions: ['revoke-session', 'deny-login', 'deny-chaining'] });

    await thief.iam.send(new UpdateRoleDescriptionCommand({ RoleName: role.roleName, Description: 'mine' }));
    // Containing, contained, and both once more.
    const second = await stage.until(caseId, 'contained once more', ({ version }) => version === 4);
    expect(second).toMatchObject({ state: 'contained', planVersion: 2 });

    expect(second.actions).toEqual(['revoke-session', 'revoke-sessions', 'deny-login', 'deny-chaining']);
    expect(await stage.store.detections(caseId)).toHaveLength(2);
    const added = addedPolicies({ ...before, description: 'mine' }, await roleState(stage.iam, role.roleName));
    expect(Object.values(added)).toMatchObject([
      {
        Statement: [
          { Effect: 'Deny', Action: '*', Condition: { StringEquals: { 'aws:userid': `${role.roleId}:wide` } } },
        ],
      },
      { Statement: [{ Sid: 'RescindRevokeSessions', Effect: 'Deny', Action: '*', Resource: '*' }] },
    ]);
    expect(await stage.untilEnded(caseId)).toEqual({ 'plan-1': 'SUCCEEDED', 'plan-2': 'SUCCEEDED' });
    expect(await stage.casesOf(second.subject.key)).toHaveLength(1);
  });

  test('that a login opened, and that opened another: the login is denied by name, and the other session gets a case of its own', async ({
    stage,
    expect,
  }) => {
    const { facts } = stage;
    const provider = `arn:aws:iam::${facts.account}:oidc-provider/ci.example.com`;
    const [role, next] = await Promise.all([makeRole(stage, 'ci-deploy'), makeRole(stage, 'ci-next')]);
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${facts.account}:root` }, Action: 'sts:AssumeRole' },
        { Effect: 'Allow', Principal: { Federated: provider }, Action: 'sts:AssumeRoleWithWebIdentity' },
      ],
    });
    await stage.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: role.roleName, PolicyDocument: trust }));
    const trail = await makeTrail(stage, 'ci-trail');
    const [run, later] = await Promise.all([assume(stage, role, 'ci-run'), assume(stage, next, 'ci-later')]);
    const before = await roleState(stage.iam, role.roleName);
    const opened = { ...role, session: 'ci-run', accessKeyId: run.accessKeyId };
    const login = { type: 'WebIdentityUser', userName: 'repo:example/shop', identityProvider: provider };
    await stage.publish(opening(stage, { ...login, principalId: `${provider}:repo:example/shop` }, opened));
    const further = { ...next, session: 'ci-later', accessKeyId: later.accessKeyId };
    await stage.publish(opening(stage, identityOf(stage, opened), further));
    const dynamo = new DynamoDBClient(operatorConfig(facts));
    const sessions = createSessionReader(dynamo, facts.outputs.AccessTable ?? '');
    for (const { accessKeyId } of [run, later]) {
      await expect.poll(() => sessions.factsOf(accessKeyId), { timeout: 100_000, interval: 500 }).not.toEqual([]);
    }

    const thief = await thiefWith(stage, run);
    await thief.cloudTrail.send(new StopLoggingCommand({ Name: trail }));
    const { caseId } = await stage.openCaseOf(`session:${role.roleId}:ci-run`);
    const found = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    const { caseId: chainedCase } = await stage.openCaseOf(`session:${next.roleId}:ci-later`);
    await stage.until(chainedCase, 'contained', ({ state }) => state === 'contained');

    const { AssumeRolePolicyDocument = '' } =
      (await stage.iam.send(new GetRoleCommand({ RoleName: role.roleName }))).Role ?? {};
    expect(JSON.parse(decodeURIComponent(AssumeRolePolicyDocument)).Statement.slice(2)).toEqual([
      {
        Sid: expect.stringMatching(/^RescindDenyLogin/),
        Effect: 'Deny',
        Principal: '*',
        Action: 'sts:AssumeRole*',
        Condition: { StringEquals: { 'ci.example.com:sub': 'repo:example/shop' } },
      },
    ]);
    expect(JSON.stringify(found.outcome)).toContain(`${next.roleName}/ci-later`);
    expect(await stage.casesOf(`role:${role.roleId}`)).toEqual([]);

    for (const one of [caseId, chainedCase]) {
      expect(await give(stage, { kind: 'release', caseId: one, all: false })).toMatchObject({ status: 200 });
      await stage.until(one, 'released', ({ state }) => state === 'released');
    }
    expect(await roleState(stage.iam, role.roleName)).toEqual(before);
  });
});

describe.concurrent('a role that is taken over', () => {
  test('loses all its sessions by the playbook that the policy names for the rule', async ({ stage }) => {
    const role = await makeRole(stage, 'taken-over');
    const rita = await makePerson(stage, 'rita');
    const thief = await thiefWith(stage, rita.keys[0]);
    await thief.iam.send(
      new TagRoleCommand({ RoleName: role.roleName, Tags: [{ Key: 'taken-over', Value: 'by rita' }] }),
    );
    const before = await roleState(stage.iam, role.roleName);
    const { caseId } = await stage.openCaseOf(`role:${role.roleId}`);
    const found = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');

    expect(found.playbooks).toEqual(['revoke-sessions']);
    const { 'tag taken-over': tag, ...untagged } = before;
    expect(tag).toBe('by rita');
    const added = addedPolicies(
      { ...untagged, 'tag taken-over': 'by rita' },
      await roleState(stage.iam, role.roleName),
    );
    expect(added).toEqual({
      'inline Rescind-RevokeSessions': {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'RescindRevokeSessions',
            Effect: 'Deny',
            Action: '*',
            Resource: '*',
            Condition: { DateLessThan: { 'aws:TokenIssueTime': expect.stringMatching(WHOLE_SECONDS) } },
          },
        ],
      },
    });
    expect(await stage.casesOf(rita.subject)).toEqual([]);
  });
});

type Opened = Role & { readonly session: string; readonly accessKeyId: string };

function identityOf({ facts }: OpenStage, { roleId, roleName, arn, session, accessKeyId }: Opened): JsonObject {
  return {
    type: 'AssumedRole',
    principalId: `${roleId}:${session}`,
    arn: `arn:aws:sts::${facts.account}:assumed-role/${roleName}/${session}`,
    accountId: facts.account,
    accessKeyId,
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId: roleId, arn, accountId: facts.account, userName: roleName },
      attributes: { creationDate: `${new Date().toISOString().slice(0, 19)}Z`, mfaAuthenticated: 'false' },
    },
  };
}

/** The call that opened a session, as CloudTrail records it: the emulator records none of STS. */
function opening({ facts }: OpenStage, by: JsonObject, { roleId, roleName, arn, session, accessKeyId }: Opened) {
  const sub = typeof by.userName === 'string' ? { subjectFromWebIdentityToken: by.userName } : {};
  return {
    ...WEB_LOGIN,
    userIdentity: by,
    eventName: 'subjectFromWebIdentityToken' in sub ? 'AssumeRoleWithWebIdentity' : 'AssumeRole',
    eventTime: `${new Date().toISOString().slice(0, 19)}Z`,
    eventID: randomUUID(),
    recipientAccountId: facts.account,
    requestParameters: { roleArn: arn, roleSessionName: session },
    responseElements: {
      ...sub,
      credentials: { accessKeyId, expiration: new Date(Date.now() + 3_600_000).toISOString() },
      assumedRoleUser: {
        assumedRoleId: `${roleId}:${session}`,
        arn: `arn:aws:sts::${facts.account}:assumed-role/${roleName}/${session}`,
      },
    },
  };
}
