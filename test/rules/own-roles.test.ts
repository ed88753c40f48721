import { describe, expect, test } from 'vitest';
import { readRuleFolders } from '../../cli/rules/read-rule-folders.ts';
import { channelOf } from '../../shared/alerts/channel.ts';
import { evaluateRecord } from '../../shared/cases/evaluate-record.ts';
import { decodeRecord } from '../../shared/cloudtrail/decode-record.ts';
import type { JsonObject } from '../../shared/json.ts';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import { createEvaluator } from '../../shared/rules/evaluate/create-evaluator.ts';
import { planned } from '../shared/alerts/alerts.ts';
import { createCaseWorld } from '../support/case-world.ts';

const { rules } = compileRuleFiles(readRuleFolders(['rules']));
const { evaluate } = createEvaluator(rules, {});
const ROLE_ID = 'AROARESCINDITSELF';

/** What the pack makes of a call that one of Rescind's own roles made, by its unique id. */
async function judge(roleName: string, eventName: string, requestParameters: JsonObject, service = 'iam') {
  const decoded = decodeRecord({
    eventVersion: '1.10',
    userIdentity: {
      type: 'AssumedRole',
      principalId: `${ROLE_ID}:${roleName}`,
      arn: `arn:aws:sts::111122223333:assumed-role/${roleName}/${roleName}`,
      accountId: '111122223333',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: ROLE_ID,
          arn: `arn:aws:iam::111122223333:role/${roleName}`,
          accountId: '111122223333',
          userName: roleName,
        },
      },
    },
    eventTime: '2026-11-21T02:00:00Z',
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: 'us-east-1',
    requestParameters,
    eventID: '6a1f3c52-9f0e-4d8f-8d65-000000000001',
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
  });
  if (decoded.kind === 'undecodable') throw new Error(decoded.reason);
  const world = createCaseWorld({ answers: {} });
  const deps = {
    ...world.evaluateDeps,
    rulesThatHold: evaluate,
    ownRoleIds: new Set([ROLE_ID]),
    answerFor: () => ({ playbook: 'alert', mode: 'enforce' as const }),
  };
  const { results } = await evaluateRecord(deps, decoded.event);
  return { results, cases: await world.store.list(), started: world.flow.started };
}

const ALLOW = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
/** As contain writes it: the role's own statements, and ours. */
const BLOCKED =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"},{"Sid":"RescindBlockTrust0123456789abcdef","Effect":"Deny","Principal":"*","Action":"sts:AssumeRole*"}]}';
/** As revert writes it. */
const CLOSED =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole"},{"Sid":"RescindRevertTrust0123456789abcdef","Effect":"Deny","Principal":"*","Action":"sts:AssumeRole*","Condition":{"StringEquals":{"aws:PrincipalAccount":["444455556666"]}}}]}';
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';
const QUARANTINE = 'arn:aws:iam::111122223333:policy/Rescind-Quarantine';

describe("Rescind's own roles under the rules of the pack", () => {
  test.each([
    ['Rescind-contain', 'PutUserPolicy', { userName: 'ci', policyName: 'x', policyDocument: ALLOW }],
    ['Rescind-contain', 'UpdateAccessKey', { userName: 'ci', accessKeyId: 'AKIAONE', status: 'Active' }],
    ['Rescind-contain', 'AttachUserPolicy', { userName: 'ci', policyArn: ADMINISTRATOR }],
    ['Rescind-contain', 'UpdateAssumeRolePolicy', { roleName: 'ci', policyDocument: ALLOW }],
    ['Rescind-contain', 'PutUserPermissionsBoundary', { userName: 'ci', permissionsBoundary: ADMINISTRATOR }],
    ['Rescind-contain', 'DeleteRolePermissionsBoundary', { roleName: 'ci' }],
    ['Rescind-revert', 'PutRolePermissionsBoundary', { roleName: 'ci', permissionsBoundary: QUARANTINE }],
    ['Rescind-revert', 'UpdateAssumeRolePolicy', { roleName: 'ci', policyDocument: BLOCKED }],
    ['Rescind-revert', 'PutUserPolicy', { userName: 'ci', policyName: 'x', policyDocument: ALLOW }],
    ['Rescind-revert', 'UpdateAccessKey', { userName: 'ci', accessKeyId: 'AKIAONE', status: 'Active' }],
    ['Rescind-revert', 'AttachUserPolicy', { userName: 'ci', policyArn: ADMINISTRATOR }],
    ['Rescind-restore', 'PutRolePolicy', { roleName: 'ci', policyName: 'x', policyDocument: ALLOW }],
  ])('a write that Rescind never makes is told to people, though it is its own', async (role, eventName, request) => {
    const { results, cases, started } = await judge(role, eventName, request);
    expect(results.filter(({ kind }) => kind === 'detected')).toHaveLength(1);
    expect(cases).toMatchObject([{ severity: 'critical', actions: [] }]);
    expect(started).toHaveLength(1);
  });

  test.each([
    ['cloudtrail', 'StopLogging', { name: 'main' }],
    ['ec2', 'AuthorizeSecurityGroupIngress', { groupId: 'sg-0123456789abcdef0' }],
    ['s3', 'DeleteBucketPublicAccessBlock', { bucketName: 'reports' }],
  ])('%s %s by revert is told to people, and by restore, which only a release does', async (service, name, request) => {
    expect((await judge('Rescind-revert', name, request, service)).cases).toMatchObject([{ severity: 'critical' }]);
    expect((await judge('Rescind-restore', name, request, service)).cases).toMatchObject([{ severity: 'medium' }]);
  });

  test('a policy that a release gives back is told to people', async () => {
    const { cases } = await judge('Rescind-restore', 'AttachUserPolicy', { userName: 'ci', policyArn: ADMINISTRATOR });
    expect(cases).toMatchObject([{ severity: 'medium', actions: [] }]);
    const boundary = { userName: 'ci', permissionsBoundary: ADMINISTRATOR };
    const bound = await judge('Rescind-restore', 'PutUserPermissionsBoundary', boundary);
    expect(bound.cases).toMatchObject([{ severity: 'medium', actions: [] }]);
  });

  test('its everyday work is told to nobody', async () => {
    const deny = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';
    for (const [role, eventName, request] of [
      ['Rescind-contain', 'PutUserPolicy', { userName: 'ci', policyName: 'Rescind-Quarantine', policyDocument: deny }],
      ['Rescind-contain', 'UpdateAccessKey', { userName: 'ci', accessKeyId: 'AKIAONE', status: 'Inactive' }],
      ['Rescind-contain', 'DetachUserPolicy', { userName: 'ci', policyArn: ADMINISTRATOR }],
      ['Rescind-contain', 'UpdateAssumeRolePolicy', { roleName: 'ci', policyDocument: BLOCKED }],
      ['Rescind-revert', 'DetachUserPolicy', { userName: 'ci', policyArn: ADMINISTRATOR }],
      ['Rescind-revert', 'UpdateAssumeRolePolicy', { roleName: 'ci', policyDocument: CLOSED }],
      ['Rescind-restore', 'UpdateAccessKey', { userName: 'ci', accessKeyId: 'AKIAONE', status: 'Active' }],
      ['Rescind-restore', 'DetachUserPolicy', { userName: 'ci', policyArn: QUARANTINE }],
      ['Rescind-contain', 'PutUserPermissionsBoundary', { userName: 'ci', permissionsBoundary: QUARANTINE }],
      ['Rescind-restore', 'DeleteUserPermissionsBoundary', { userName: 'ci' }],
    ] as const) {
      expect((await judge(role, eventName, request)).cases).toEqual([]);
    }
  });

  test('no other rule opens a case about them: a loop on our own changes would never end', async () => {
    const { results } = await judge('Rescind-restore', 'AttachUserPolicy', {
      userName: 'ci',
      policyArn: ADMINISTRATOR,
    });
    const titles = new Map(rules.map(({ header }) => [header.id, header.title]));
    expect(results.map(({ kind, ruleId }) => [kind, titles.get(ruleId)]).sort()).toEqual([
      ['detected', 'Access given back by a release'],
      ['own', 'Administrator policy attached to a user, role or group'],
    ]);
  });
});

test('both rules page somebody', () => {
  const own = rules.filter(({ header }) => header.tags.includes('rescind.own-roles'));
  expect(own.map(({ header }) => header.level).sort()).toEqual(['critical', 'medium']);
  for (const { header } of own) expect(channelOf({ ...planned, severity: header.level })).toBe('page');
});
