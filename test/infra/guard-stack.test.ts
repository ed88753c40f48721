import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildGuard } from '../../infra/build-guard.ts';
import { evaluatePolicy, type PolicyStatement } from '../../infra/checks/evaluate-policy.ts';
import { SCP_CHARACTERS } from '../../infra/stacks/guard-stack.ts';
import { folder, POLICY, RULE } from './synthesised.ts';

const FILES = { 'rescind.yaml': POLICY, 'rules/attached.yml': RULE };

type Of = {
  readonly policy?: string;
  readonly targets?: readonly string[];
  readonly deployers?: readonly string[];
};

function build(of: Of, remove = onTestFinished) {
  const path = folder({ ...FILES, 'rescind.yaml': of.policy ?? POLICY }, remove);
  const { targets = [], deployers } = of;
  return buildGuard({
    policyFile: join(path, 'rescind.yaml'),
    outputFolder: join(path, 'out'),
    guard: { targets, ...(deployers === undefined ? {} : { deployers }) },
  });
}

function built(of: Of = {}, remove = onTestFinished) {
  const building = build(of, remove);
  if (building.kind === 'problems') throw new Error(building.lines.join('\n'));
  return building;
}

const person = (kind: 'user' | 'role', name: string) => `arn:aws:iam::111122223333:${kind}/${name}`;
const ADMINISTRATOR = person('role', 'Administrator');
const MALLORY = person('user', 'mallory');
const QUARANTINE = person('user', 'x').replace('user/x', 'policy/Rescind-Quarantine');
const regional = (service: string, rest: string) => `arn:aws:${service}:us-east-1:111122223333:${rest}`;

type Call = {
  readonly by: string;
  readonly action: string;
  readonly on: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
};

const held = { 'aws:ResourceTag/rescind:held': ['C-1'] };
const detach = { action: 'iam:DetachUserPolicy', on: MALLORY, context: { 'iam:PolicyARN': [QUARANTINE] } };
const keyOfOurs = { 'kms:ResourceAliases': ['alias/rescind-ledger'] };

const DENIED: Readonly<Record<string, Call>> = {
  'an administrator takes the quarantine off': { by: ADMINISTRATOR, ...detach },
  'the root user of the account takes the quarantine off': { by: 'arn:aws:iam::111122223333:root', ...detach },
  'whoever is contained takes the quarantine off': { by: MALLORY, ...detach },
  'a role with a name like one of ours takes it off': { by: person('role', 'Rescind-restore-2'), ...detach },
  'a role of the same name under a path takes it off': { by: person('role', 'team/Rescind-restore'), ...detach },
  'a user of the name of a role of ours takes it off': { by: person('user', 'Rescind-restore'), ...detach },
  'a role with a name like the deployment’s takes it off': {
    by: person('role', 'cdk-hnb659fds-cfn-exec-role-evil-us-east-1'),
    ...detach,
  },
  'the quarantine is emptied': { by: ADMINISTRATOR, action: 'iam:CreatePolicyVersion', on: QUARANTINE },
  'the quarantine is deleted': { by: ADMINISTRATOR, action: 'iam:DeletePolicy', on: QUARANTINE },
  'an inline deny of a held user is deleted': {
    by: ADMINISTRATOR,
    action: 'iam:DeleteUserPolicy',
    on: MALLORY,
    context: held,
  },
  'the boundary of a held user is taken off': {
    by: ADMINISTRATOR,
    action: 'iam:DeleteUserPermissionsBoundary',
    on: MALLORY,
    context: { ...held, 'iam:PermissionsBoundary': [QUARANTINE] },
  },
  'a held user gets another boundary': {
    by: ADMINISTRATOR,
    action: 'iam:PutUserPermissionsBoundary',
    on: MALLORY,
    context: { ...held, 'iam:PermissionsBoundary': ['arn:aws:iam::aws:policy/AdministratorAccess'] },
  },
  'a held user gets a key': { by: ADMINISTRATOR, action: 'iam:CreateAccessKey', on: MALLORY, context: held },
  'a key of a held user is switched on': {
    by: ADMINISTRATOR,
    action: 'iam:UpdateAccessKey',
    on: MALLORY,
    context: held,
  },
  'a held user gets another name': { by: ADMINISTRATOR, action: 'iam:UpdateUser', on: MALLORY, context: held },
  'a held role is trusted anew': {
    by: ADMINISTRATOR,
    action: 'iam:UpdateAssumeRolePolicy',
    on: person('role', 'build'),
    context: held,
  },
  'the tag is taken off': {
    by: ADMINISTRATOR,
    action: 'iam:UntagUser',
    on: MALLORY,
    context: { ...held, 'aws:TagKeys': ['rescind:held'] },
  },
  'the tag is put on somebody': {
    by: ADMINISTRATOR,
    action: 'iam:TagUser',
    on: person('user', 'admin'),
    context: { 'aws:TagKeys': ['Rescind:Held'] },
  },
  'somebody makes a break-glass role of their own': {
    by: ADMINISTRATOR,
    action: 'iam:CreateRole',
    on: person('role', 'BreakGlass-2'),
  },
  'somebody opens the trust of break-glass': {
    by: ADMINISTRATOR,
    action: 'iam:UpdateAssumeRolePolicy',
    on: person('role', 'BreakGlass'),
  },
  'somebody opens the trust of the deployment': {
    by: ADMINISTRATOR,
    action: 'iam:UpdateAssumeRolePolicy',
    on: person('role', 'cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1'),
  },
  'somebody makes a role of our name': {
    by: ADMINISTRATOR,
    action: 'iam:CreateRole',
    on: person('role', 'Rescind-contain'),
  },
  'somebody passes a role of ours to a function': {
    by: ADMINISTRATOR,
    action: 'iam:PassRole',
    on: person('role', 'Rescind-restore'),
  },
  'somebody assumes a role of ours': {
    by: ADMINISTRATOR,
    action: 'sts:AssumeRole',
    on: person('role', 'Rescind-contain'),
  },
  'a function gets other code': {
    by: ADMINISTRATOR,
    action: 'lambda:UpdateFunctionCode',
    on: regional('lambda', 'function:Rescind-contain'),
  },
  'a function gets no concurrency': {
    by: ADMINISTRATOR,
    action: 'lambda:PutFunctionConcurrency',
    on: regional('lambda', 'function:Rescind-contain'),
  },
  'a function is called directly': {
    by: ADMINISTRATOR,
    action: 'lambda:InvokeFunction',
    on: regional('lambda', 'function:Rescind-restore'),
  },
  'a mapping is deleted': {
    by: ADMINISTRATOR,
    action: 'lambda:DeleteEventSourceMapping',
    on: regional('lambda', 'event-source-mapping:1-2-3'),
    context: { 'lambda:FunctionArn': [regional('lambda', 'function:Rescind-notify')] },
  },
  'a ledger entry is written by hand': {
    by: ADMINISTRATOR,
    action: 'dynamodb:PutItem',
    on: regional('dynamodb', 'table/Rescind-TablesCases-1'),
  },
  'a table is deleted': {
    by: ADMINISTRATOR,
    action: 'dynamodb:DeleteTable',
    on: regional('dynamodb', 'table/Rescind-TablesCases-1'),
  },
  'the machine is started by hand': {
    by: ADMINISTRATOR,
    action: 'states:StartExecution',
    on: regional('states', 'stateMachine:Rescind-remediate'),
  },
  'an execution is stopped': {
    by: ADMINISTRATOR,
    action: 'states:StopExecution',
    on: regional('states', 'execution:Rescind-remediate:C-1-plan-1'),
  },
  'a rule is disabled': { by: ADMINISTRATOR, action: 'events:DisableRule', on: regional('events', 'rule/Rescind-iam') },
  'an alarm is silenced': {
    by: ADMINISTRATOR,
    action: 'cloudwatch:DisableAlarmActions',
    on: regional('cloudwatch', 'alarm:Rescind-contain-errors'),
  },
  'a topic loses a subscriber': {
    by: ADMINISTRATOR,
    action: 'sns:Unsubscribe',
    on: regional('sns', 'Rescind-AlertsPage-1'),
  },
  'the stop switch is thrown by an attacker': {
    by: ADMINISTRATOR,
    action: 'ssm:PutParameter',
    on: regional('ssm', 'parameter/rescind/stop'),
  },
  'the key of the ledger is deleted': {
    by: ADMINISTRATOR,
    action: 'kms:ScheduleKeyDeletion',
    on: regional('kms', 'key/1-2'),
    context: keyOfOurs,
  },
  'the key of the ledger is opened': {
    by: ADMINISTRATOR,
    action: 'kms:PutKeyPolicy',
    on: regional('kms', 'key/1-2'),
    context: keyOfOurs,
  },
  'the alias of a key is taken away first': {
    by: ADMINISTRATOR,
    action: 'kms:DeleteAlias',
    on: regional('kms', 'alias/rescind-ledger'),
  },
  'the stack is deleted': {
    by: ADMINISTRATOR,
    action: 'cloudformation:DeleteStack',
    on: regional('cloudformation', 'stack/Rescind/1-2'),
  },
};

const NOT_DENIED: Readonly<Record<string, Call>> = {
  'our restore takes the quarantine off': { by: person('role', 'Rescind-restore'), ...detach },
  'our contain denies a held user inline': {
    by: person('role', 'Rescind-contain'),
    action: 'iam:PutUserPolicy',
    on: MALLORY,
    context: held,
  },
  'break-glass takes the quarantine off': { by: person('role', 'BreakGlass'), ...detach },
  'a break-glass role that a star covers does': { by: person('role', 'BreakGlass-night'), ...detach },
  'a break-glass user throws the stop switch': {
    by: 'arn:aws:iam::222233334444:user/Emergency',
    action: 'ssm:PutParameter',
    on: regional('ssm', 'parameter/rescind/stop'),
  },
  'the deployment changes a function': {
    by: person('role', 'cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1'),
    action: 'lambda:UpdateFunctionCode',
    on: regional('lambda', 'function:Rescind-contain'),
  },
  'the deployment updates the stack': {
    by: person('role', 'cdk-hnb659fds-deploy-role-111122223333-us-east-1'),
    action: 'cloudformation:ExecuteChangeSet',
    on: regional('cloudformation', 'stack/Rescind/1-2'),
  },
  'another policy is detached from somebody': {
    by: ADMINISTRATOR,
    action: 'iam:DetachUserPolicy',
    on: MALLORY,
    context: { 'iam:PolicyARN': ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
  },
  'a user who is not held gets a key': { by: ADMINISTRATOR, action: 'iam:CreateAccessKey', on: MALLORY },
  'a held user is looked at': { by: ADMINISTRATOR, action: 'iam:ListAccessKeys', on: MALLORY, context: held },
  'somebody is tagged with another tag': {
    by: ADMINISTRATOR,
    action: 'iam:TagUser',
    on: MALLORY,
    context: { 'aws:TagKeys': ['team'] },
  },
  'break-glass is assumed by whom its trust allows': {
    by: ADMINISTRATOR,
    action: 'sts:AssumeRole',
    on: person('role', 'BreakGlass'),
  },
  'an operator gives an order at the door': {
    by: ADMINISTRATOR,
    action: 'lambda:InvokeFunctionUrl',
    on: regional('lambda', 'function:Rescind-operate'),
  },
  'the door asks for both permissions': {
    by: ADMINISTRATOR,
    action: 'lambda:InvokeFunction',
    on: regional('lambda', 'function:Rescind-operate'),
  },
  'cases are read': {
    by: ADMINISTRATOR,
    action: 'dynamodb:Query',
    on: regional('dynamodb', 'table/Rescind-TablesCases-1'),
  },
  'a log is read': {
    by: ADMINISTRATOR,
    action: 'logs:FilterLogEvents',
    on: regional('logs', 'log-group:Rescind-Log-1:*'),
  },
  'another function is changed': {
    by: ADMINISTRATOR,
    action: 'lambda:UpdateFunctionCode',
    on: regional('lambda', 'function:work'),
  },
  'another mapping is deleted': {
    by: ADMINISTRATOR,
    action: 'lambda:DeleteEventSourceMapping',
    on: regional('lambda', 'event-source-mapping:1-2-3'),
    context: { 'lambda:FunctionArn': [regional('lambda', 'function:work')] },
  },
  'another key is deleted': {
    by: ADMINISTRATOR,
    action: 'kms:ScheduleKeyDeletion',
    on: regional('kms', 'key/1-2'),
    context: { 'kms:ResourceAliases': ['alias/app'] },
  },
  'another parameter is written': {
    by: ADMINISTRATOR,
    action: 'ssm:PutParameter',
    on: regional('ssm', 'parameter/app/x'),
  },
  'something unrelated': { by: ADMINISTRATOR, action: 's3:DeleteBucket', on: 'arn:aws:s3:::reports' },
};

describe('the guard of the organisation', () => {
  let statements: readonly PolicyStatement[] = [];
  beforeAll(() => {
    const { files } = built({}, afterAll);
    statements = files.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')).Statement);
  });

  /** As the organisation evaluates it: everything is allowed that no policy denies. */
  const decide = ({ by, action, on, context = {} }: Call) =>
    evaluatePolicy([{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }, ...statements], {
      action,
      resource: on,
      context: { values: { 'aws:PrincipalArn': [by], ...context }, isWhole: true },
    }).kind;

  test.each(Object.entries(DENIED))('denies that %s', (_, call) => {
    expect(decide(call)).toBe('denied');
  });

  test.each(Object.entries(NOT_DENIED))('lets it be that %s', (_, call) => {
    expect(decide(call)).toBe('allowed');
  });

  test('lets break-glass do everything that it denies to others', () => {
    for (const call of Object.values(DENIED))
      expect(decide({ ...call, by: person('role', 'BreakGlass') })).toBe('allowed');
  });
});

describe('the stack of the guard', () => {
  test('holds each policy as its file does, within the quota, attached to what was said', () => {
    const { stack, files } = built({ targets: ['ou-ab12-cdefgh34', '222233334444'] });
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::Organizations::Policy'));
    expect(policies.map(({ Properties }) => Properties.Name)).toEqual([
      'Rescind-Guard-Held',
      'Rescind-Guard-Itself',
      'Rescind-Guard-Nameless',
    ]);
    for (const [index, { Properties }] of policies.entries()) {
      const text = readFileSync(files[index] ?? '', 'utf8').trim();
      expect(Properties).toMatchObject({
        Type: 'SERVICE_CONTROL_POLICY',
        TargetIds: ['ou-ab12-cdefgh34', '222233334444'],
        Content: JSON.parse(text),
      });
      expect(text.length).toBeLessThanOrEqual(5120);
    }
  });

  test('attaches to nothing when nothing was said', () => {
    for (const { Properties } of Object.values(
      Template.fromStack(built().stack).findResources('AWS::Organizations::Policy'),
    ))
      expect(Properties).not.toHaveProperty('TargetIds');
  });

  test('leaves room for break-glass, and says what to do about too much of it', () => {
    const many = (count: number) =>
      POLICY.replace(
        '  - arn:aws:iam::*:role/BreakGlass*\n',
        Array.from({ length: count }, (_, n) => `  - arn:aws:iam::111122223333:role/BreakGlass-${n}\n`).join(''),
      );
    expect(() => built({ policy: many(5) }).app.synth()).not.toThrow();
    expect(() => built({ policy: many(60) }).app.synth()).toThrow(
      new RegExp(`Rescind-Guard-Held has \\d+ characters of ${SCP_CHARACTERS}: join some entries of protected`),
    );
  });

  test('takes the roles that deploy from the command line', () => {
    const mine = 'arn:aws:iam::*:role/pipeline';
    const text = built({ deployers: [mine] })
      .files.map((file) => readFileSync(file, 'utf8'))
      .join('');
    expect(text).toContain(mine);
    expect(text).not.toContain('cdk-hnb659fds');
  });

  test.each([
    ['', 'observe'],
    // A service control policy exempts by ARN, which a user of Identity Center has none of.
    ['protected:\n  - idc:906792d3-b0e1-70f8-d7f2-5a0000000001\n', 'enforce'],
  ])('is refused without break-glass: %j', (instead, mode) => {
    const policy = POLICY.replace('mode: enforce', `mode: ${mode}`).replace(/protected:\n( {2}- .*\n)+/, instead);
    expect(build({ policy })).toEqual({
      kind: 'problems',
      lines: [expect.stringContaining('The guard needs break-glass principals under `protected`')],
    });
  });

  test('is refused with a target that is none', () => {
    expect(build({ targets: ['r-ab12', 'ou-1', 'everything'] })).toEqual({
      kind: 'problems',
      lines: [expect.stringContaining('"ou-1" is no id of a root'), expect.stringContaining('"everything" is no id')],
    });
  });

  test('speaks the partition of its region', () => {
    const policy = POLICY.replace('us-east-1', 'us-gov-west-1').replace(/arn:aws:/g, 'arn:*:');
    const text = built({ policy })
      .files.map((file) => readFileSync(file, 'utf8'))
      .join('');
    expect(text).toContain('arn:aws-us-gov:iam::*:role/Rescind-contain');
    expect(text).not.toContain('arn:aws:');
  });
});
