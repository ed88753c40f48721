import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { createRecorder } from '../../../cli/staging/recorder.ts';
import { type Credentials, resolveIdentity } from '../../../cli/staging/resolve-identity.ts';
import type { Caller } from '../../../cli/staging/user-identity.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { loopbackSubscriber } from '../embedded-aws/loopback-subscriber.ts';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' }],
});

let aws: EmbeddedAws;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
afterAll(() => aws.stop());

describe('the recorder on the embedded AWS', () => {
  it('records what a stolen key really did, with its real ids and errors', async () => {
    const { userId, credentials } = await newUser('stolen');
    const records: JsonObject[] = [];
    const recorder = createRecorder({ bus: bus(), onRecord: (record) => records.push(record) });
    const caller = callerOf(await resolveIdentity({ credentials, iam: iam() }));
    const thief = iam(credentials);
    recorder.attach(thief, caller);

    await thief.send(new ListUsersCommand({}));
    await expect(
      thief.send(
        new AttachUserPolicyCommand({ UserName: 'nobody', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
      ),
    ).rejects.toThrow();

    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({
      eventName: 'ListUsers',
      userIdentity: {
        type: 'IAMUser',
        principalId: userId,
        arn: 'arn:aws:iam::111122223333:user/stolen',
        accountId: '111122223333',
        accessKeyId: credentials.accessKeyId,
        userName: 'stolen',
      },
    });
    expect(records[1]).toMatchObject({
      eventName: 'AttachUserPolicy',
      errorCode: 'NoSuchEntityException',
      requestParameters: { userName: 'nobody', policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      responseElements: null,
    });
    expect(records[1]?.errorMessage).toMatch(/nobody/);
    expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(2);
  });

  it('describes a role session by the role that issued it', async () => {
    const { Role } = await iam().send(new CreateRoleCommand({ RoleName: 'deploy', AssumeRolePolicyDocument: trust }));
    const sts = new STSClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials: operator });
    const { Credentials: issued } = await sts.send(
      new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111122223333:role/deploy', RoleSessionName: 'night-shift' }),
    );
    const credentials = {
      accessKeyId: issued?.AccessKeyId ?? '',
      secretAccessKey: issued?.SecretAccessKey ?? '',
      sessionToken: issued?.SessionToken ?? '',
    };
    const startedAt = new Date('2026-11-21T02:00:00.123Z');
    expect(await resolveIdentity({ credentials, iam: iam(), startedAt })).toEqual({
      type: 'AssumedRole',
      principalId: `${Role?.RoleId}:night-shift`,
      arn: 'arn:aws:sts::111122223333:assumed-role/deploy/night-shift',
      accountId: '111122223333',
      accessKeyId: credentials.accessKeyId,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: Role?.RoleId,
          arn: 'arn:aws:iam::111122223333:role/deploy',
          accountId: '111122223333',
          userName: 'deploy',
        },
        attributes: { creationDate: '2026-11-21T02:00:00Z', mfaAuthenticated: 'false' },
      },
    });
  });

  it('delivers in the envelope that EventBridge uses for CloudTrail', async () => {
    const sns = new SNSClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials: operator });
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'watch' }));
    const subscriber = await loopbackSubscriber(sns);
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: subscriber.endpoint }));
    await subscriber.confirmed;
    const pattern = { source: [{ prefix: 'aws.' }], 'detail-type': ['AWS API Call via CloudTrail'] };
    const State = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
    await bus().send(new PutRuleCommand({ Name: 'watch', EventPattern: JSON.stringify(pattern), State }));
    await bus().send(new PutTargetsCommand({ Rule: 'watch', Targets: [{ Id: 'topic', Arn: TopicArn }] }));

    const { credentials } = await newUser('envelope');
    const recorder = createRecorder({ bus: bus() });
    const client = iam(credentials);
    recorder.attach(client, callerOf(await resolveIdentity({ credentials, iam: iam() })));
    await client.send(new ListUsersCommand({}));
    expect(JSON.parse(await subscriber.next())).toMatchObject({
      version: '0',
      source: 'aws.iam',
      'detail-type': 'AWS API Call via CloudTrail',
      account: '111122223333',
      region: 'us-east-1',
      detail: { eventName: 'ListUsers', eventSource: 'iam.amazonaws.com', eventType: 'AwsApiCall' },
    });
  });

  it('records nothing when no AWS answered, and a lost record is not taken for a failed call', async () => {
    const { credentials } = await newUser('unlucky');
    const caller = callerOf(await resolveIdentity({ credentials, iam: iam() }));
    const nowhere = { endpoint: 'http://127.0.0.1:1', region: 'us-east-1', credentials: operator, maxAttempts: 1 };
    const records: JsonObject[] = [];
    const deaf = createRecorder({ bus: new EventBridgeClient(nowhere), onRecord: (record) => records.push(record) });

    const offline = new IAMClient(nowhere);
    deaf.attach(offline, caller);
    await expect(offline.send(new ListUsersCommand({}))).rejects.toThrow(/ECONNREFUSED/);
    expect(records).toEqual([]);

    const client = iam(credentials);
    deaf.attach(client, caller);
    await expect(client.send(new ListUsersCommand({}))).rejects.toThrow(/ECONNREFUSED/);
    expect(records).toHaveLength(1);
    expect(records[0]).not.toHaveProperty('errorCode');
  });
});

const operator: Credentials = { accessKeyId: '111122223333', secretAccessKey: 'embedded' };

function iam(credentials: Credentials = operator) {
  return new IAMClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials });
}

function bus() {
  return new EventBridgeClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials: operator });
}

async function newUser(name: string): Promise<{ userId: string; credentials: Credentials }> {
  const { User } = await iam().send(new CreateUserCommand({ UserName: name }));
  const { AccessKey } = await iam().send(new CreateAccessKeyCommand({ UserName: name }));
  if (!User?.UserId || !AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey) throw new Error('no user');
  return {
    userId: User.UserId,
    credentials: { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey },
  };
}

function callerOf(userIdentity: Caller['userIdentity']): Caller {
  return { userIdentity, sourceIPAddress: '203.0.113.7', userAgent: 'aws-cli/2.31.0' };
}
