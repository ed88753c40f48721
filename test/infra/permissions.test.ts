import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../../infra/build-app.ts';
import { allowedActions, permissionsOf, type Statement } from '../../infra/checks/role-permissions.ts';
import { partOf } from '../../shared/containment/action.ts';
import { ACTIONS } from '../../shared/containment/registry.ts';
import { DEPLOYMENT, folder } from './synthesised.ts';

let template: object = {};

beforeAll(async () => {
  const files = folder(DEPLOYMENT, afterAll);
  const building = await buildApp({
    policyFile: join(files, 'rescind.yaml'),
    functionsFolder: join(files, 'functions'),
    outputFolder: join(files, 'out'),
    local: true,
  });
  if (building.kind === 'problems') throw new Error(building.lines.join('\n'));
  template = Template.fromStack(building.stack).toJSON();
}, 60_000);

const ROLES = [
  'Rescind-evaluate',
  'Rescind-plan',
  'Rescind-contain',
  'Rescind-revert',
  'Rescind-verify',
  'Rescind-restore',
  'Rescind-notify',
  'Rescind-operate',
  'Rescind-record',
  'Rescind-sweep',
  'Rescind-evidence',
  'Rescind-reconcile',
  'Rescind-remediate',
];
const USERS = 'arn:<AWS::Partition>:iam::<AWS::AccountId>:user/*';
const ROLES_OF_THE_ACCOUNT = 'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/*';

const isIamWrite = (action: string) => action.startsWith('iam:') && !/^iam:(Get|List)[A-Z]\w*$/.test(action);
const iamWritesOf = (role: string) => allowedActions(permissionsOf(template, role)).filter(isIamWrite);

function denyOf(role: string, sid: string): Statement {
  const found = permissionsOf(template, role).find((statement) => statement.Sid === sid && statement.Effect === 'Deny');
  if (found === undefined) throw new Error(`${role} has no deny ${sid}`);
  return found;
}

describe('permissions', () => {
  test('there is one role for each function and one for the machine, and no other', () => {
    const names = Object.values(Template.fromJSON(template).findResources('AWS::IAM::Role')).map(
      ({ Properties }) => Properties.RoleName,
    );
    expect(names.sort()).toEqual([...ROLES].sort());
  });

  test.each([
    'evaluate',
    'plan',
    'verify',
    'notify',
    'operate',
    'record',
    'sweep',
    'evidence',
    'reconcile',
    'remediate',
  ])('%s can write nothing in IAM', (job) => {
    expect(iamWritesOf(`Rescind-${job}`)).toEqual([]);
  });

  test('nobody asks the account for tags while the policy names none', () => {
    expect(ROLES.filter((role) => JSON.stringify(permissionsOf(template, role)).includes('"tag:'))).toEqual([]);
  });

  test('no role may set a console password, which the registry knows as the caller’s own work', () => {
    const sets = /^(\*$|iam:(?!Get|List).*(LoginProfile|\*))/;
    const setting = ROLES.filter((role) =>
      allowedActions(permissionsOf(template, role)).some((action) => sets.test(action)),
    );
    expect(setting).toEqual([]);
    expect(partOf(ACTIONS['reset-console'])).toBe('caller');
  });

  test('contain can attach, put, deactivate and detach, and give nothing back', () => {
    expect(iamWritesOf('Rescind-contain').sort()).toEqual([
      'iam:AttachRolePolicy',
      'iam:AttachUserPolicy',
      'iam:DetachUserPolicy',
      'iam:PutRolePermissionsBoundary',
      'iam:PutRolePolicy',
      'iam:PutUserPermissionsBoundary',
      'iam:PutUserPolicy',
      'iam:UpdateAccessKey',
      'iam:UpdateAssumeRolePolicy',
      'iam:UpdateSSHPublicKey',
      'iam:UpdateServiceSpecificCredential',
      'iam:UpdateSigningCertificate',
    ]);
  });

  test('what is not IAM is changed by revert, which only closes, and by restore, which gives that back', () => {
    const writesOf = (role: string) =>
      permissionsOf(template, role)
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Action = [], resources }) => Action.map((action) => `${action} ${resources.join()}`))
        .filter((line) => /^(cloudtrail|ec2|s3):(?!Get|Describe|Lookup)/.test(line))
        .sort();
    expect(writesOf('Rescind-revert')).toEqual([
      'cloudtrail:StartLogging *',
      'ec2:RevokeSecurityGroupIngress arn:<AWS::Partition>:ec2:*:<AWS::AccountId>:security-group*/*',
      's3:PutAccountPublicAccessBlock *',
      's3:PutBucketPublicAccessBlock *',
    ]);
    expect(writesOf('Rescind-restore')).toEqual([
      'cloudtrail:StopLogging *',
      'ec2:AuthorizeSecurityGroupIngress arn:<AWS::Partition>:ec2:*:<AWS::AccountId>:security-group*/*',
      's3:PutAccountPublicAccessBlock *',
      's3:PutBucketPublicAccessBlock *',
    ]);
    for (const role of ROLES.filter((name) => !['Rescind-revert', 'Rescind-restore'].includes(name))) {
      expect([role, writesOf(role)]).toEqual([role, []]);
    }
  });

  test('revert starts rotations as they are set up, and nobody reads a secret or sets one up', () => {
    const about = (role: string) =>
      permissionsOf(template, role).filter(
        ({ Effect, Action = [] }) =>
          Effect === 'Allow' &&
          Action.some((action) => action.startsWith('secretsmanager:') || action === 'lambda:InvokeFunction'),
      );
    const reads = {
      Action: ['secretsmanager:DescribeSecret'],
      resources: ['*'],
      Condition: { StringEquals: { 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } } },
    };
    expect(about('Rescind-revert')).toMatchObject([
      reads,
      {
        Action: ['secretsmanager:RotateSecret'],
        resources: reads.resources,
        Condition: {
          StringEquals: { 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } },
          Null: { 'secretsmanager:RotationLambdaARN': 'true', 'secretsmanager:ExternalSecretRotationRoleArn': 'true' },
          BoolIfExists: { 'secretsmanager:ModifyRotationRules': 'false' },
        },
      },
      {
        Action: ['lambda:InvokeFunction'],
        resources: ['arn:<AWS::Partition>:lambda:*:<AWS::AccountId>:function:SecretsManager*'],
        Condition: { StringEquals: { 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
    const others = ROLES.filter((role) => !['Rescind-revert', 'Rescind-reconcile', 'Rescind-remediate'].includes(role));
    for (const role of others) {
      const actions = about(role).flatMap(({ Action = [] }) => Action);
      expect([role, actions.filter((action) => action !== 'secretsmanager:DescribeSecret')]).toEqual([role, []]);
    }
  });

  test('revert can take off what a detected call gave, and nothing that Rescind attached', () => {
    expect(iamWritesOf('Rescind-revert').sort()).toEqual([
      'iam:DeleteRolePolicy',
      'iam:DeleteUserPolicy',
      'iam:DetachRolePolicy',
      'iam:DetachUserPolicy',
      'iam:UpdateAccessKey',
      'iam:UpdateAssumeRolePolicy',
    ]);
    const detaching = permissionsOf(template, 'Rescind-revert').filter(
      ({ Effect, Action = [] }) => Effect === 'Allow' && Action.some((action) => action.startsWith('iam:Detach')),
    );
    expect(detaching).toHaveLength(2);
    for (const { Condition } of detaching) expect(Condition).toHaveProperty(['ArnNotEquals', 'iam:PolicyARN']);
  });

  test('restore can undo each of these', () => {
    expect([...new Set(iamWritesOf('Rescind-restore'))].sort()).toEqual([
      'iam:AttachRolePolicy',
      'iam:AttachUserPolicy',
      'iam:DeleteRolePermissionsBoundary',
      'iam:DeleteRolePolicy',
      'iam:DeleteUserPermissionsBoundary',
      'iam:DeleteUserPolicy',
      'iam:DetachRolePolicy',
      'iam:DetachUserPolicy',
      'iam:PutRolePermissionsBoundary',
      'iam:PutRolePolicy',
      'iam:PutUserPermissionsBoundary',
      'iam:PutUserPolicy',
      'iam:TagRole',
      'iam:TagUser',
      'iam:UntagRole',
      'iam:UntagUser',
      'iam:UpdateAccessKey',
      'iam:UpdateAssumeRolePolicy',
      'iam:UpdateSSHPublicKey',
      'iam:UpdateServiceSpecificCredential',
      'iam:UpdateSigningCertificate',
    ]);
  });

  test('contain can attach nothing but the quarantine policy', () => {
    const quarantine = Object.keys(
      Template.fromJSON(template).findResources('AWS::IAM::ManagedPolicy', {
        Properties: { ManagedPolicyName: 'Rescind-Quarantine' },
      }),
    );
    const attaching = permissionsOf(template, 'Rescind-contain').filter(
      ({ Effect, Action = [] }) => Effect === 'Allow' && Action.some((action) => action.startsWith('iam:Attach')),
    );
    expect(attaching.flatMap(({ Action = [] }) => Action).sort()).toEqual([
      'iam:AttachRolePolicy',
      'iam:AttachUserPolicy',
    ]);
    for (const { Condition } of attaching) {
      expect(Condition).toEqual({ ArnEquals: { 'iam:PolicyARN': { Ref: quarantine[0] } } });
    }
  });

  test('restore can detach nothing but the quarantine policy', () => {
    const detaching = permissionsOf(template, 'Rescind-restore').filter(
      ({ Effect, Action = [] }) => Effect === 'Allow' && Action.some((action) => action.startsWith('iam:Detach')),
    );
    expect(detaching).toHaveLength(2);
    for (const { Condition } of detaching) expect(Condition).toHaveProperty(['ArnEquals', 'iam:PolicyARN']);
  });

  test('contain can make nothing a boundary but the quarantine policy, and restore takes only that one off', () => {
    const bounds = (role: string) =>
      permissionsOf(template, role)
        .filter(({ Effect, Action = [] }) => Effect === 'Allow' && Action.some((one) => one.endsWith('Boundary')))
        .map(({ Action = [], Condition }) => [Action.join(), Object.keys(Object(Condition)).join()]);
    expect(bounds('Rescind-contain').sort()).toEqual([
      ['iam:PutRolePermissionsBoundary', 'ArnEquals'],
      ['iam:PutUserPermissionsBoundary', 'ArnEquals'],
    ]);
    expect(bounds('Rescind-restore').sort()).toEqual([
      ['iam:DeleteRolePermissionsBoundary', 'ArnEquals'],
      ['iam:DeleteUserPermissionsBoundary', 'ArnEquals'],
      ['iam:PutRolePermissionsBoundary', 'ArnNotEquals'],
      ['iam:PutUserPermissionsBoundary', 'ArnNotEquals'],
    ]);
    for (const role of ['Rescind-contain', 'Rescind-restore']) {
      for (const { Action = [], Condition } of permissionsOf(template, role)) {
        if (!Action.some((one) => one.endsWith('Boundary'))) continue;
        expect(Object.values(Object(Condition))).toEqual([
          { 'iam:PermissionsBoundary': { Ref: expect.stringMatching(/^QuarantinePolicy/) } },
        ]);
      }
    }
  });

  test('contain tags nobody unless the policy names a guard, and restore takes off no other tag than ours', () => {
    expect(iamWritesOf('Rescind-contain').filter((action) => /Tag/.test(action))).toEqual([]);
    const tagging = permissionsOf(template, 'Rescind-restore').filter(({ Action = [] }) =>
      Action.some((action) => /^iam:(Tag|Untag)/.test(action)),
    );
    expect(tagging).toHaveLength(2);
    for (const { Condition } of tagging) {
      expect(Condition).toEqual({
        'ForAllValues:StringEquals': { 'aws:TagKeys': 'rescind:held' },
        Null: { 'aws:TagKeys': 'false' },
      });
    }
  });

  test('every IAM write is bound to the users or the roles of this account', () => {
    for (const role of ROLES) {
      for (const { Effect, Action = [], resources } of permissionsOf(template, role)) {
        if (Effect === 'Deny' || !Action.some(isIamWrite)) continue;
        expect(resources).toEqual([Action.some((action) => action.includes('Role')) ? ROLES_OF_THE_ACCOUNT : USERS]);
      }
    }
  });

  test('evaluate reads of IAM a user and a role, and nothing else', () => {
    const reads = allowedActions(permissionsOf(template, 'Rescind-evaluate')).filter((action) => /^iam:/.test(action));
    expect(reads.sort()).toEqual(['iam:GetRole', 'iam:GetUser']);
  });

  test('nobody is allowed a whole service, and on every resource only what has none or is held to this account', () => {
    for (const role of ROLES) {
      for (const { Effect, Action = [], resources, Condition } of permissionsOf(template, role)) {
        if (Effect === 'Deny') continue;
        if (Action.some((action) => /^(s3:\w*Bucket|secretsmanager:|cloudtrail:(?!LookupEvents))/.test(action))) {
          expect(Condition).toMatchObject({ StringEquals: { 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } } });
          continue;
        }
        expect(Action.filter((action) => action.includes('*'))).toEqual([]);
        if (resources.includes('*')) {
          expect(
            Action.every((action) =>
              /^((xray|logs):|cloudtrail:LookupEvents$|iam:GetAccountAuthorizationDetails$|iam:(Get|List)\w*Group\w*$|iam:GetPolicy(Version)?$|ec2:DescribeSecurityGroup(Rule)?s$|s3:(Get|Put)AccountPublicAccessBlock$)/.test(
                action,
              ),
            ),
          ).toBe(true);
        }
      }
    }
  });

  test('only contain, revert and plan read the stop switch', () => {
    const readers = ROLES.filter((role) => allowedActions(permissionsOf(template, role)).includes('ssm:GetParameter'));
    expect(readers).toEqual(['Rescind-plan', 'Rescind-contain', 'Rescind-revert']);
  });

  test('evaluate, operate, plan, verify and sweep start the machine, and only operate answers it', () => {
    const may = (action: string) =>
      ROLES.filter((role) => allowedActions(permissionsOf(template, role)).includes(action));
    expect(may('states:StartExecution')).toEqual([
      'Rescind-evaluate',
      'Rescind-plan',
      'Rescind-verify',
      'Rescind-operate',
      'Rescind-sweep',
    ]);
    expect(may('states:SendTaskSuccess')).toEqual(['Rescind-operate']);
  });

  test('evidence is written by evidence alone, which of the cases can change no other attribute', () => {
    const own = permissionsOf(template, 'Rescind-evidence').filter(({ Effect }) => Effect === 'Allow');
    const writes = own.filter(({ Action = [] }) =>
      Action.some((action) => /^(s3|dynamodb):(Put|Update|Delete)/.test(action)),
    );
    expect(writes).toMatchObject([
      {
        Action: ['dynamodb:UpdateItem'],
        Condition: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['CASE#*'] },
          'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'evidence'] },
        },
      },
    ]);
    for (const role of ROLES) {
      expect(
        allowedActions(permissionsOf(template, role)).filter((action) => /^s3:(?!.*PublicAccessBlock$)/.test(action)),
      ).toEqual([]);
    }
  });

  test('reconcile hands records to evaluate and to the queue of record, and writes nothing else', () => {
    const own = permissionsOf(template, 'Rescind-reconcile').filter(({ Effect }) => Effect === 'Allow');
    const acting = own.filter(({ Action = [] }) =>
      Action.some((action) => /^(lambda|sqs|dynamodb|s3|states):/.test(action)),
    );
    const shown = acting.map(({ Action = [], resources }) => [
      Action,
      resources.map((arn) => arn.replace(/[0-9A-F]{8}\b/, '')),
    ]);
    expect(shown).toEqual(
      expect.arrayContaining([
        [['lambda:InvokeFunction'], [expect.stringMatching(/^<DetectionEvaluateFunction/)]],
        [['sqs:SendMessage'], [expect.stringMatching(/^<RecordingQueue/)]],
      ]),
    );
    expect(shown.flatMap(([actions]) => actions).sort()).toEqual([
      'dynamodb:Query',
      'lambda:InvokeFunction',
      // Beside SendMessage to both: CDK's own grant for the queue of failed invocations.
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:SendMessage',
      'sqs:SendMessage',
    ]);
    const invokers = ROLES.filter((role) =>
      allowedActions(permissionsOf(template, role)).includes('lambda:InvokeFunction'),
    );
    // Revert: only rotation functions, see below.
    expect(invokers).toEqual(['Rescind-revert', 'Rescind-reconcile', 'Rescind-remediate']);
  });

  test('nobody can delete, scan or rewrite a table', () => {
    for (const role of ROLES) {
      const actions = allowedActions(permissionsOf(template, role)).filter((action) => action.startsWith('dynamodb:'));
      expect(actions.filter((action) => /Scan|DeleteTable|UpdateTable|PartiQL|BatchWrite/.test(action))).toEqual([]);
    }
  });
});

describe.each(ROLES)('%s', (role) => {
  test('is denied to become somebody', () => {
    const { Action, resources } = denyOf(role, 'NeverBecomeSomebody');
    expect(Action).toEqual(expect.arrayContaining(['sts:AssumeRole*', 'iam:PassRole']));
    expect(resources).toEqual(['*']);
  });

  test('is denied to make somebody, or to give a console password', () => {
    const { Action, resources } = denyOf(role, 'NeverMakeSomebody');
    expect(Action).toEqual(expect.arrayContaining(['iam:Create*', 'iam:UpdateLoginProfile', 'iam:DeleteLoginProfile']));
    expect(resources).toEqual(['*']);
  });

  test('is denied all but reading of every role of ours, and of our policies', () => {
    const { NotAction, resources } = denyOf(role, 'NeverChangeOurselves');
    expect(NotAction).toEqual(['iam:Get*', 'iam:List*']);
    const own = resources.filter((arn) => arn.startsWith('arn:<AWS::Partition>:iam::<AWS::AccountId>:role/'));
    expect(own.map((arn) => arn.split('/').at(-1)).sort()).toEqual([...ROLES].sort());
    expect(resources).toContain('arn:<AWS::Partition>:iam::<AWS::AccountId>:policy/Rescind-Guard');
    expect(resources.some((arn) => /^<QuarantinePolicy/.test(arn))).toBe(true);
  });

  test('is denied all but reading of the protected', () => {
    const { NotAction, resources } = denyOf(role, 'NeverTouchTheProtected');
    expect(NotAction).toEqual(['iam:Get*', 'iam:List*']);
    expect(resources).toEqual([
      'arn:aws:iam::*:role/BreakGlass*',
      'arn:<AWS::Partition>:iam::222233334444:user/Emergency',
    ]);
  });
});
