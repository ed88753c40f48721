import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../../infra/build-app.ts';
import { DEPLOYMENT, folder } from './synthesised.ts';

let template = Template.fromJSON({});
let manifest = '';

beforeAll(async () => {
  const files = folder(DEPLOYMENT, afterAll);
  const building = await buildApp({
    policyFile: join(files, 'rescind.yaml'),
    functionsFolder: join(files, 'functions'),
    outputFolder: join(files, 'out'),
    local: true,
  });
  if (building.kind === 'problems') throw new Error(building.lines.join('\n'));
  template = Template.fromStack(building.stack);
  manifest = readFileSync(join(files, 'out', 'manifest.json'), 'utf8');
});

const propertiesOf = (type: string) => Object.values(template.findResources(type)).map(({ Properties }) => Properties);
const detectionRules = () =>
  propertiesOf('AWS::Events::Rule').filter(
    ({ Name, EventPattern }) => EventPattern !== undefined && !Name.startsWith('Rescind-record-'),
  );
const alarms = () => propertiesOf('AWS::CloudWatch::Alarm');
const JOBS = [
  'contain',
  'evaluate',
  'evidence',
  'notify',
  'operate',
  'plan',
  'reconcile',
  'record',
  'restore',
  'revert',
  'sweep',
  'verify',
];

describe('functions', () => {
  test('there is one for each job, alike: Node 24 on arm64, traced, with a role and a log of their own', () => {
    const functions = propertiesOf('AWS::Lambda::Function');
    expect(functions.map(({ FunctionName }) => FunctionName).sort()).toEqual(JOBS.map((job) => `Rescind-${job}`));
    for (const properties of functions) {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        Handler: 'handler.handler',
      });
    }
    const own = (field: (properties: Record<string, unknown>) => unknown) =>
      new Set(functions.map((properties) => JSON.stringify(field(properties)))).size;
    expect(own(({ Role }) => Role)).toBe(JOBS.length);
    expect(own(({ LoggingConfig }) => LoggingConfig)).toBe(JOBS.length);
  });

  test("evaluate knows every role of ours by its unique id, which a role made anew under the name doesn't have", () => {
    const roles = template.findResources('AWS::IAM::Role');
    const ids = Object.keys(roles).map((logicalId) => ({ 'Fn::GetAtt': [logicalId, 'RoleId'] }));
    const [evaluate] = propertiesOf('AWS::Lambda::Function').filter(
      ({ FunctionName }) => FunctionName === 'Rescind-evaluate',
    );
    const told: readonly unknown[] = evaluate?.Environment.Variables.OWN_ROLE_IDS['Fn::Join'][1];
    // And the role of the machine.
    expect(ids.length).toBe(JOBS.length + 1);
    expect(told.filter((part) => part !== ',')).toHaveLength(JOBS.length + 1);
    expect(told).toEqual(expect.arrayContaining(ids));
  });

  test('no log is kept for ever', () => {
    const logs = propertiesOf('AWS::Logs::LogGroup');
    expect(logs).toHaveLength(JOBS.length + 1);
    for (const { RetentionInDays } of logs) expect(RetentionInDays).toBe(365);
  });

  test('containing, verifying and restoring keep places that a flood of events cannot take', () => {
    const reserved = propertiesOf('AWS::Lambda::Function')
      .filter(({ ReservedConcurrentExecutions }) => ReservedConcurrentExecutions > 0)
      .map(({ FunctionName }) => FunctionName);
    expect(reserved.sort()).toEqual([
      'Rescind-contain',
      'Rescind-evaluate',
      'Rescind-restore',
      'Rescind-revert',
      'Rescind-verify',
    ]);
  });
});

describe('tables', () => {
  test('all three are on demand, recoverable to a point in time, and drop what has expired', () => {
    const tables = propertiesOf('AWS::DynamoDB::Table');
    expect(tables).toHaveLength(3);
    for (const properties of tables) {
      expect(properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      });
    }
  });

  test('the cases outlive the stack, cannot be deleted, and stream what is new', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { DeletionProtectionEnabled: true, StreamSpecification: { StreamViewType: 'NEW_IMAGE' } },
    });
  });
});

describe('detection', () => {
  test('each rule hands events to evaluate with retries and a queue for what cannot be delivered', () => {
    const rules = detectionRules();
    expect(rules).toHaveLength(2);
    for (const { Targets, EventPattern } of rules) {
      expect(EventPattern.source).toEqual([{ prefix: 'aws.' }]);
      expect(Targets).toHaveLength(1);
      expect(Targets[0]).toMatchObject({
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86400 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^DetectionUndelivered/), 'Arn'] } },
      });
    }
  });

  test('only a rule about reading calls asks for all management events', () => {
    const states = detectionRules().map(({ EventPattern, State }) => [
      JSON.stringify(EventPattern.detail.eventSource),
      State,
    ]);
    expect(Object.fromEntries(states)).toEqual({
      '[{"equals-ignore-case":"iam.amazonaws.com"}]': 'ENABLED',
      '[{"equals-ignore-case":"s3.amazonaws.com"}]': 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
    });
  });

  test('a record that evaluate fails on is tried twice more and then kept', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });
});

describe('alerting', () => {
  test('the outbox is sent from the stream: inserts only, bounded retries, halved batches, a queue for the rest', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FilterCriteria: {
        Filters: [
          { Pattern: '{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"OUTBOX#"},"TICKET"]}}}}' },
        ],
      },
      MaximumRetryAttempts: 8,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  test('subscribers are those of the policy, each with a queue for what it does not take', () => {
    const subscriptions = propertiesOf('AWS::SNS::Subscription');
    expect(subscriptions.map(({ Protocol, Endpoint }) => [Protocol, Endpoint])).toEqual([
      ['https', 'https://events.example.com/rescind'],
      ['sms', '+41791234567'],
      ['email', 'security@example.com'],
      ['https', 'https://bridge.example.com/'],
    ]);
    for (const { RedrivePolicy } of subscriptions) expect(RedrivePolicy).toHaveProperty('deadLetterTargetArn');
  });

  test('topics are encrypted under a key that alarms may use', () => {
    for (const { KmsMasterKeyId } of propertiesOf('AWS::SNS::Topic')) expect(KmsMasterKeyId).toBeDefined();
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          }),
        ]),
      },
    });
    // Not that of tickets, to which no alarm goes.
    const alarmed = propertiesOf('AWS::SNS::TopicPolicy').flatMap(({ Topics, PolicyDocument }) =>
      JSON.stringify(PolicyDocument).includes('cloudwatch.amazonaws.com') ? [Topics[0].Ref] : [],
    );
    expect(alarmed).toEqual([expect.stringMatching(/^AlertsPage/), expect.stringMatching(/^AlertsInformation/)]);
  });
});

describe('what comes by on a schedule', () => {
  test('is sweep every five minutes and reconcile every fifteen, which the embedded AWS goes without', () => {
    const schedules = propertiesOf('AWS::Events::Rule').filter(({ ScheduleExpression }) => ScheduleExpression);
    const shown = schedules.map(({ Name, ScheduleExpression, State }) => [Name, ScheduleExpression, State]);
    expect(shown.sort()).toEqual([
      ['Rescind-reconcile', 'rate(15 minutes)', 'DISABLED'],
      ['Rescind-sweep', 'rate(5 minutes)', 'ENABLED'],
    ]);
    const called = schedules.flatMap(({ Targets }) => Targets.map(({ Arn }: { Arn: object }) => Arn));
    expect(called).toEqual(
      expect.arrayContaining([
        { 'Fn::GetAtt': [expect.stringMatching(/^ReconcilingReconcileFunction/), 'Arn'] },
        { 'Fn::GetAtt': [expect.stringMatching(/^SweepingSweepFunction/), 'Arn'] },
      ]),
    );
  });
});

describe('alarms', () => {
  test('one rings for every queue of what was not done', () => {
    // One that gives its failed messages to another is a queue of work.
    const queues = Object.entries(template.findResources('AWS::SQS::Queue')).flatMap(([id, { Properties }]) =>
      Properties.RedrivePolicy === undefined ? [id] : [],
    );
    expect(queues).toHaveLength(11);
    const watched = alarms()
      .filter(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible')
      .map(({ Dimensions }) => Dimensions[0].Value['Fn::GetAtt'][0]);
    expect(watched.sort()).toEqual(queues.sort());
  });

  test('one rings for the errors of every function, and for executions that fail, time out or are aborted', () => {
    const names = alarms().map(({ AlarmName }) => AlarmName);
    expect(names).toEqual(expect.arrayContaining(JOBS.map((job) => `Rescind-${job}-errors`)));
    expect(names).toEqual(
      expect.arrayContaining([
        'Rescind-executions-failed',
        'Rescind-executions-timed-out',
        'Rescind-executions-aborted',
      ]),
    );
  });

  test('each has a fixed name, says how severe it is, rings at the first occurrence, and pages', () => {
    // Records that were late once are no news; those that go on being lost are.
    const ofCycles: Readonly<Record<string, object>> = {
      'Rescind-records-lost': { Period: 900, EvaluationPeriods: 2, Threshold: 1, MetricName: 'LostRecords' },
      'Rescind-reconcile-backlog': { Period: 900, Threshold: 2, MetricName: 'ReconcileBacklog' },
    };
    expect(alarms().map(({ AlarmName }) => AlarmName)).toEqual(expect.arrayContaining(Object.keys(ofCycles)));
    for (const alarm of alarms()) {
      expect(alarm.AlarmName).toMatch(/^Rescind-[a-z-]+$/);
      expect(alarm.AlarmDescription).toMatch(/^(critical|high|medium): [A-Z].+\.$/);
      expect(alarm).toMatchObject({
        Threshold: 1,
        EvaluationPeriods: 1,
        Period: 60,
        ...ofCycles[alarm.AlarmName],
        TreatMissingData: 'notBreaching',
      });
      expect(JSON.stringify(alarm.AlarmActions)).toMatch(/AlertsPage/);
    }
  });
});

describe('the stack', () => {
  test('takes orders only through a URL that asks for AWS credentials', () => {
    expect(propertiesOf('AWS::Lambda::Url')).toMatchObject([{ AuthType: 'AWS_IAM' }]);
  });

  test('has the quarantine policy ready, which denies everything', () => {
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      ManagedPolicyName: 'Rescind-Quarantine',
      PolicyDocument: { Statement: [{ Effect: 'Deny', Action: '*', Resource: '*', Sid: 'RescindQuarantine' }] },
    });
  });

  test('has a stop switch that is off', () => {
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/rescind/stop', Value: 'off' });
  });

  test('runs a standard, traced, logged machine without the data of its states', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineName: 'Rescind-remediate',
      StateMachineType: 'STANDARD',
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
  });

  test('is found by its outputs', () => {
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
      'AccessTable',
      'CasesTable',
      'EventBusName',
      'EvidenceBucket',
      'InformationTopicArn',
      'OperateUrl',
      'PageTopicArn',
      'PolicyVersion',
      'QuarantinePolicyArn',
      'StateMachineArn',
      'StateTable',
      'StopParameter',
      'TicketsTopicArn',
    ]);
  });

  test('for the embedded AWS is bound to an account that is not real, in the template and for the command line', () => {
    expect(template.toJSON().Rules.OnlyOnTheEmbeddedAws.Assertions).toMatchObject([
      { Assert: { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, '111122223333'] } },
    ]);
    expect(manifest).toContain('"environment": "aws://111122223333/us-east-1"');
  });
});
