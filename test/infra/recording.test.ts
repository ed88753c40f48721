import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../../infra/build-app.ts';
import { permissionsOf } from '../../infra/checks/role-permissions.ts';
import { DEPLOYMENT, folder, POLICY } from './synthesised.ts';

let template = Template.fromJSON({ Resources: {} });

beforeAll(async () => {
  const scope =
    'sensitive: [{ tag: data=finance }]\nrecord:\n  services: [secretsmanager]\n  actions: [s3:GetObject]\n';
  const files = folder({ ...DEPLOYMENT, 'rescind.yaml': `${POLICY}${scope}` }, afterAll);
  const building = await buildApp({
    policyFile: join(files, 'rescind.yaml'),
    functionsFolder: join(files, 'functions'),
    outputFolder: join(files, 'out'),
    local: true,
  });
  if (building.kind === 'problems') throw new Error(building.lines.join('\n'));
  template = Template.fromStack(building.stack);
});

const recordRules = () =>
  Object.values(template.findResources('AWS::Events::Rule')).filter(({ Properties }) =>
    Properties.Name.startsWith('Rescind-record-'),
  );

describe('what bears a tag of the policy', () => {
  const allowed = (role: string) => permissionsOf(template.toJSON(), role).filter(({ Effect }) => Effect === 'Allow');

  test('is asked of the account by sweep alone, which can read tags and change none', () => {
    const roles = Object.values(template.findResources('AWS::IAM::Role')).map(({ Properties }) => Properties.RoleName);
    const about = roles.flatMap((role) =>
      allowed(role).flatMap(({ Action = [] }) =>
        Action.filter((action) => action.startsWith('tag:')).map((action) => [role, action]),
      ),
    );
    expect(about).toEqual([['Rescind-sweep', 'tag:GetResources']]);
  });

  test.each(['record', 'reconcile'])('is read by %s, which can query nothing else of that table', (job) => {
    const queries = allowed(`Rescind-${job}`).filter(
      ({ Action = [], Condition }) => Action.includes('dynamodb:Query') && Condition !== undefined,
    );
    expect(queries).toMatchObject([
      {
        Action: ['dynamodb:Query'],
        Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['TAGGED'] } },
      },
    ]);
  });
});

describe('the record lane', () => {
  test('has a rule for whole services, for actions, and for sessions, which also deliver reads', () => {
    const details = recordRules().map(({ Properties }) => [Properties.Name, Properties.EventPattern.detail]);
    expect(Object.fromEntries(details)).toMatchObject({
      'Rescind-record-services-1': { eventSource: ['secretsmanager.amazonaws.com', 'signin.amazonaws.com'] },
      'Rescind-record-sts-1': {
        eventSource: ['sts.amazonaws.com'],
        eventName: [
          { prefix: { 'equals-ignore-case': 'assumerole' } },
          { 'equals-ignore-case': 'getfederationtoken' },
          { 'equals-ignore-case': 'getsessiontoken' },
        ],
      },
      'Rescind-record-sso-1': { eventSource: ['sso.amazonaws.com'] },
      'Rescind-record-s3-1': { eventSource: ['s3.amazonaws.com'], eventName: [{ 'equals-ignore-case': 'getobject' }] },
    });
    expect(details).toHaveLength(4);
    for (const { Properties } of recordRules()) {
      expect(Properties.State).toBe('ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
      expect(Properties.EventPattern.source).toEqual([{ prefix: 'aws.' }]);
      expect(Properties.Targets).toHaveLength(1);
      expect(Properties.Targets[0]).toMatchObject({
        Id: 'record',
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400 },
        DeadLetterConfig: { Arn: expect.anything() },
      });
    }
  });

  test('goes through a queue that gives up after five times and then keeps what failed under an alarm', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 360,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: Match.anyValue() },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 100,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties.AlarmName,
    );
    expect(alarms).toEqual(
      expect.arrayContaining([
        'Rescind-record-dead-letters',
        'Rescind-record-parked-dead-letters',
        'Rescind-record-events-dead-letters',
        'Rescind-record-errors',
      ]),
    );
  });

  test('takes messages from EventBridge alone, and only from its own rules', () => {
    const policies = Object.values(template.findResources('AWS::SQS::QueuePolicy')).map(({ Properties }) =>
      JSON.stringify(Properties.PolicyDocument),
    );
    const open = policies.filter((policy) => policy.includes('OurRulesMaySend'));
    expect(open).toHaveLength(2);
    for (const policy of open) {
      expect(policy).toContain('events.amazonaws.com');
      expect(policy).toContain('rule/Rescind-record-*');
    }
  });

  test('is done by a role that adds to the access table and neither deletes, queries nor scans it, and writes no other', () => {
    const documents = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
      JSON.stringify(Properties.Roles).includes('RecordingRecordRole'),
    );
    const actions = documents.flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.flatMap(
        ({ Action }: { readonly Action: string | readonly string[] }) => Action,
      ),
    );
    expect([...new Set(actions)].sort()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      // Of what bears a tag, and nothing else: see above.
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });
});
