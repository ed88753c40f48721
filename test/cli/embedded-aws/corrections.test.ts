import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type RuleState,
} from '@aws-sdk/client-eventbridge';
import {
  GetAccountAuthorizationDetailsCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { loopbackSubscriber } from './loopback-subscriber.ts';

let aws: EmbeddedAws;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
afterAll(() => aws.stop());

/** Which of these calls reach a rule, by its state; the last of each list is a mutating one, which always does. */
const states: readonly { state: RuleState; calls: readonly string[]; reach: readonly string[] }[] = [
  {
    state: 'ENABLED',
    calls: ['ListUsers', 'GetUser', 'DescribeTrails', 'AttachUserPolicy'],
    reach: ['AttachUserPolicy'],
  },
  { state: 'ENABLED', calls: ['GetSessionToken', 'AttachUserPolicy'], reach: ['GetSessionToken', 'AttachUserPolicy'] },
  {
    state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
    calls: ['ListUsers', 'DescribeTrails', 'AttachUserPolicy'],
    reach: ['ListUsers', 'DescribeTrails', 'AttachUserPolicy'],
  },
];

describe('as on AWS, and unlike MiniStack alone', () => {
  it('the document of a managed policy that a template made can be read', async () => {
    const document = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] };
    const Policy = {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { ManagedPolicyName: 'made-by-a-template', PolicyDocument: document },
    };
    await new CloudFormationClient(connection()).send(
      new CreateStackCommand({ StackName: 'policy', TemplateBody: JSON.stringify({ Resources: { Policy } }) }),
    );
    const PolicyArn = `arn:aws:iam::${aws.account}:policy/made-by-a-template`;
    const iam = new IAMClient(connection());
    await vi.waitFor(() => iam.send(new GetPolicyCommand({ PolicyArn })), { timeout: 10_000 });
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ''))).toEqual(document);
  });

  it('a role that a template made, with policies of its own, is told with the whole account', async () => {
    const statement = (Action: string) => ({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
    });
    const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    const Resources = {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'of-a-template',
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
          ManagedPolicyArns: [readOnly],
        },
      },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'its-own', PolicyDocument: statement('sqs:*'), Roles: [{ Ref: 'Role' }] },
      },
    };
    await new CloudFormationClient(connection()).send(
      new CreateStackCommand({ StackName: 'role', TemplateBody: JSON.stringify({ Resources }) }),
    );
    const iam = new IAMClient(connection());
    const own = `arn:aws:iam::${aws.account}:policy/its-own`;
    await vi.waitFor(
      async () => {
        const { RoleDetailList = [], Policies = [] } = await iam.send(new GetAccountAuthorizationDetailsCommand({}));
        const role = RoleDetailList.find(({ RoleName }) => RoleName === 'of-a-template');
        expect(role?.AttachedManagedPolicies?.map(({ PolicyArn }) => PolicyArn)).toEqual([readOnly, own]);
        const document = Policies.find(({ Arn }) => Arn === own)?.PolicyVersionList?.[0]?.Document;
        expect(JSON.parse(decodeURIComponent(document ?? 'null'))).toEqual(statement('sqs:*'));
      },
      { timeout: 10_000 },
    );
  });

  it.each(states)('a rule in state $state is reached by $reach of $calls', async ({ state, calls, reach }) => {
    const name = `rule-${calls.length}-${state.length}`;
    const sns = new SNSClient(connection());
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }));
    const subscriber = await loopbackSubscriber(sns);
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: subscriber.endpoint }));
    await subscriber.confirmed;
    const bus = new EventBridgeClient(connection());
    const pattern = { source: [`aws.${name}`] };
    await bus.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern), State: state }));
    await bus.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'topic', Arn: TopicArn }] }));

    const received: string[] = [];
    for (const eventName of calls) {
      const Detail = JSON.stringify({ eventName });
      const entry = { Source: `aws.${name}`, DetailType: 'AWS API Call via CloudTrail', Detail };
      await bus.send(new PutEventsCommand({ Entries: [entry] }));
    }
    for (const _ of reach) received.push(JSON.parse(await subscriber.next()).detail.eventName);
    expect(received.sort()).toEqual([...reach].sort());
  });

  it('an http subscription made by a template is asked to confirm, and then receives', async () => {
    const sns = new SNSClient(connection());
    const subscriber = await loopbackSubscriber(sns);
    const template = {
      Resources: {
        Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'of-a-template' } },
        Subscription: {
          Type: 'AWS::SNS::Subscription',
          Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'http', Endpoint: subscriber.endpoint },
        },
      },
    };
    const cloudFormation = new CloudFormationClient(connection());
    await cloudFormation.send(new CreateStackCommand({ StackName: 'one', TemplateBody: JSON.stringify(template) }));
    await subscriber.confirmed;
    const TopicArn = 'arn:aws:sns:us-east-1:111122223333:of-a-template';
    await sns.send(new PublishCommand({ TopicArn, Message: 'hello' }));
    expect(await subscriber.next()).toBe('hello');
  });
});

function connection() {
  return {
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: '111122223333', secretAccessKey: 'embedded' },
  };
}
