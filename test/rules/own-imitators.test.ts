import { describe, expect, test } from 'vitest';
import { readRuleFolders } from '../../cli/rules/read-rule-folders.ts';
import { evaluateRecord } from '../../shared/cases/evaluate-record.ts';
import { decodeRecord } from '../../shared/cloudtrail/decode-record.ts';
import type { JsonObject } from '../../shared/json.ts';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import { createEvaluator } from '../../shared/rules/evaluate/create-evaluator.ts';
import { createCaseWorld } from '../support/case-world.ts';

const { rules } = compileRuleFiles(readRuleFolders(['rules']));
const { evaluate } = createEvaluator(rules, {});
const HERE = '111122223333';
const ELSEWHERE = '444455556666';
const OURS = 'AROARESCINDITSELF';
const ANOTHER = 'AROASOMEBODYELSE';

function session(roleId: string, roleName: string, sessionName = roleName, account = HERE): JsonObject {
  return {
    type: 'AssumedRole',
    principalId: `${roleId}:${sessionName}`,
    arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`,
    accountId: account,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: roleId,
        arn: `arn:aws:iam::${account}:role/${roleName}`,
        accountId: account,
        userName: roleName,
      },
    },
  };
}

const user = (userName: string): JsonObject => ({
  type: 'IAMUser',
  principalId: 'AIDAIMITATOR',
  arn: `arn:aws:iam::${HERE}:user/${userName}`,
  accountId: HERE,
  userName,
});

const calls: readonly (readonly [string, JsonObject])[] = [
  ['DetachUserPolicy', { userName: 'ci', policyArn: `arn:aws:iam::${HERE}:policy/Rescind-Quarantine` }],
  ['PutRolePolicy', { roleName: 'Rescind-plan', policyName: 'x', policyDocument: '{"Statement":[]}' }],
  ['DeletePolicy', { policyArn: `arn:aws:iam::${HERE}:policy/Rescind-Quarantine` }],
];

/** Titles of the rules that made a case of the call, and of those that held it for Rescind's own. */
async function judge(userIdentity: JsonObject, [eventName, requestParameters]: readonly [string, JsonObject]) {
  const decoded = decodeRecord({
    eventVersion: '1.10',
    userIdentity,
    eventTime: '2026-11-21T02:00:00Z',
    eventSource: 'iam.amazonaws.com',
    eventName,
    awsRegion: 'us-east-1',
    requestParameters,
    eventID: '6a1f3c52-9f0e-4d8f-8d65-000000000001',
    eventType: 'AwsApiCall',
    recipientAccountId: HERE,
  });
  if (decoded.kind === 'undecodable') throw new Error(decoded.reason);
  const world = createCaseWorld({ answers: {} });
  const { results } = await evaluateRecord(
    {
      ...world.evaluateDeps,
      rulesThatHold: evaluate,
      ownRoleIds: new Set([OURS]),
      answerFor: () => ({ playbook: 'alert', mode: 'observe' as const }),
    },
    decoded.event,
  );
  const titled = (kind: string) => {
    const ids = results.flatMap((result) => (result.kind === kind ? [result.ruleId] : []));
    return rules.flatMap(({ header }) => (ids.includes(header.id) ? [header.title] : []));
  };
  return { detected: titled('detected'), own: titled('own'), cases: await world.store.list() };
}

const SAFETY = ['Quarantine policy taken off a user', 'Rescind itself changed'];

describe.each(calls)("%s on what is Rescind's", (...call) => {
  test('by Rescind itself is told to nobody', async () => {
    const { detected, own, cases } = await judge(session(OURS, 'Rescind-restore'), call);
    expect([detected, cases]).toEqual([[], []]);
    expect(own).toHaveLength(1);
    expect(SAFETY).toContain(own[0]);
  });

  test.each([
    ['a role of the same name in another account', session(ANOTHER, 'Rescind-restore', 'Rescind-restore', ELSEWHERE)],
    ['a role made anew under the same name', session(ANOTHER, 'Rescind-restore')],
    ['a session that bears the name', session(ANOTHER, 'deployer', 'Rescind-restore')],
    ['a session that bears the unique id', session(ANOTHER, 'deployer', OURS)],
    ['a user who bears the name', user('Rescind-restore')],
    ['a user who bears the unique id', user(OURS)],
  ])('by %s makes a case', async (_, identity) => {
    const { detected, own, cases } = await judge(identity, call);
    expect(own).toEqual([]);
    expect(detected.filter((title) => SAFETY.includes(title))).toHaveLength(1);
    expect(cases).toHaveLength(1);
  });
});
