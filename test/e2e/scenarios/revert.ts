import { randomUUID } from 'node:crypto';
import {
  CloudTrailClient,
  CreateTrailCommand,
  GetTrailStatusCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { AttachUserPolicyCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetPublicAccessBlockCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { userState } from '../support/iam-state.ts';
import { give } from '../support/orders.ts';
import { makePerson, POWER_USER_ACCESS, READ_ONLY, REPORTS_DOCUMENT, thiefWith } from '../support/people.ts';
import { type Stage, scenario as test } from '../support/scenario.ts';
import { operatorConfig } from '../support/stage.ts';

describe.concurrent('a change that is undone', () => {
  test('a policy that a thief attached to somebody else comes off, and a release gives it back only with all', async ({
    stage,
  }) => {
    const [ulla, viggo] = await Promise.all([makePerson(stage, 'ulla'), makePerson(stage, 'viggo')]);
    const thief = await thiefWith(stage, ulla.keys[0]);
    const before = await userState(stage.iam, viggo.userName);
    await thief.iam.send(new AttachUserPolicyCommand({ UserName: viggo.userName, PolicyArn: POWER_USER_ACCESS }));

    const { caseId } = await stage.openCaseOf(viggo.subject);
    const found = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    expect(await userState(stage.iam, viggo.userName)).toEqual(before);
    expect(before).toHaveProperty([`attached ${READ_ONLY}`], 'yes');
    expect(found.outcome).toMatchObject({
      kind: 'contained',
      residual: [{ what: `${ulla.userName} made the change that was undone, and can make it again` }],
    });
    if (stage.facts.countsIamCalls) {
      expect(await stage.changesOf(viggo.userName)).toEqual([`DetachUserPolicy ${POWER_USER_ACCESS}`]);
    }
    expect(await stage.store.ledger(caseId)).toMatchObject([
      { key: `revert-attachment#${POWER_USER_ACCESS}`, state: 'done', prior: { attached: true } },
    ]);
    expect(await stage.untilEnded(caseId)).toEqual({ 'plan-1': 'SUCCEEDED' });

    await give(stage, { kind: 'release', caseId, all: false });
    const released = await stage.until(caseId, 'released', ({ state }) => state === 'released');
    expect(released.release?.withheld.map(({ reason }) => reason)).toEqual([
      'it was attached by a call that was detected',
    ]);
    expect(await userState(stage.iam, viggo.userName)).toEqual(before);
    await stage.untilEnded(caseId);

    await give(stage, { kind: 'release', caseId, all: true });
    await stage.until(caseId, 'released whole', ({ state, releases }) => state === 'released' && releases === 2);
    expect(await userState(stage.iam, viggo.userName)).toEqual({ ...before, [`attached ${POWER_USER_ACCESS}`]: 'yes' });
  });

  test('an inline policy that a thief wrote is deleted once a person said so, and told as partial, for what stood there nobody knows', async ({
    stage,
  }) => {
    const [wanda, xaver] = await Promise.all([makePerson(stage, 'wanda'), makePerson(stage, 'xaver')]);
    const thief = await thiefWith(stage, wanda.keys[0]);
    const before = await userState(stage.iam, xaver.userName);
    await thief.iam.send(
      new PutUserPolicyCommand({ UserName: xaver.userName, PolicyName: 'opened', PolicyDocument: REPORTS_DOCUMENT }),
    );

    const { caseId } = await stage.openCaseOf(xaver.subject);
    // It makes nobody an administrator, and no record tells whether it said the same before.
    await stage.until(caseId, 'asked', ({ state }) => state === 'awaiting-approval');
    expect(await give(stage, { kind: 'approve', caseId })).toMatchObject({ status: 200 });
    const found = await stage.until(caseId, 'partial', ({ outcome }) => outcome?.kind === 'partial');
    expect(found).toMatchObject({
      state: 'needs-human',
      outcome: { missing: [{ item: 'inline policy opened', reason: expect.stringContaining('not in the record') }] },
    });
    expect(await userState(stage.iam, xaver.userName)).toEqual(before);
    await stage.untilEnded(caseId);

    await give(stage, { kind: 'release', caseId, all: true });
    await stage.until(caseId, 'released', ({ state }) => state === 'released');
    const now = await userState(stage.iam, xaver.userName);
    expect(Object.keys(now).filter((key) => !Object.hasOwn(before, key))).toHaveLength(1);
    expect(JSON.stringify(now)).toContain('opened');
  });

  test('a trail that somebody stopped logs again, and a release stops it only with all', async ({ stage }) => {
    const trails = new CloudTrailClient(operatorConfig(stage.facts));
    const Name = `watched-${stage.facts.suffix}`;
    const { TrailARN = '' } = await trails.send(new CreateTrailCommand({ Name, S3BucketName: 'nobody-reads-it' }));
    const logs = async () => (await trails.send(new GetTrailStatusCommand({ Name: TrailARN }))).IsLogging;
    await trails.send(new StopLoggingCommand({ Name: TrailARN }));
    expect(await logs()).toBe(false);
    await stage.publish(done(stage, 'cloudtrail', 'StopLogging', { name: Name }));

    const { caseId } = await stage.openCaseOf(`resource:${TrailARN}`);
    await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    expect(await logs()).toBe(true);
    await stage.untilEnded(caseId);
    await give(stage, { kind: 'release', caseId, all: true });
    await stage.until(caseId, 'released', ({ state }) => state === 'released');
    expect(await logs()).toBe(false);
  });

  test('a port that somebody opened to the world is closed, the others stay, and all of a release brings it back', async ({
    stage,
  }) => {
    const { account, region, suffix } = stage.facts;
    const ec2 = new EC2Client(operatorConfig(stage.facts));
    const made = await ec2.send(new CreateSecurityGroupCommand({ GroupName: `open-${suffix}`, Description: 'a test' }));
    const GroupId = made.GroupId ?? '';
    const letIn = (port: number, Description: string) =>
      ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId,
          IpPermissions: [
            { IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '0.0.0.0/0', Description }] },
          ],
        }),
      );
    const ports = async () => {
      const Filters = [{ Name: 'group-id', Values: [GroupId] }];
      const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
      return SecurityGroupRules.flatMap((one) => (one.IsEgress ? [] : [`${one.FromPort} ${one.Description}`])).sort();
    };
    await letIn(443, 'the shop');
    const { SecurityGroupRules = [] } = await letIn(22, 'only today');
    await stage.publish(
      done(
        stage,
        'ec2',
        'AuthorizeSecurityGroupIngress',
        {
          groupId: GroupId,
          ipPermissions: {
            items: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }],
          },
        },
        {
          securityGroupRuleSet: {
            items: SecurityGroupRules.map(({ SecurityGroupRuleId = '' }) => ({
              securityGroupRuleId: SecurityGroupRuleId,
              isEgress: false,
              ipProtocol: 'tcp',
              fromPort: 22,
              toPort: 22,
              cidrIpv4: '0.0.0.0/0',
            })),
          },
        },
      ),
    );

    const { caseId } = await stage.openCaseOf(`resource:arn:aws:ec2:${region}:${account}:security-group/${GroupId}`);
    await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    expect(await ports()).toEqual(['443 the shop']);
    await stage.untilEnded(caseId);
    await give(stage, { kind: 'release', caseId, all: true });
    await stage.until(caseId, 'released', ({ state }) => state === 'released');
    expect(await ports()).toEqual(['22 only today', '443 the shop']);
  });

  test('a bucket whose public access block somebody took away is blocked whole, and a person is told to look', async ({
    stage,
  }) => {
    const s3 = new S3Client(operatorConfig(stage.facts));
    const Bucket = `opened-${stage.facts.suffix}`;
    await s3.send(new CreateBucketCommand({ Bucket }));
    await stage.publish(done(stage, 's3', 'DeleteBucketPublicAccessBlock', { bucketName: Bucket }));

    const { caseId } = await stage.openCaseOf(`resource:arn:aws:s3:::${Bucket}`);
    const found = await stage.until(caseId, 'partial', ({ outcome }) => outcome?.kind === 'partial');
    expect(found.outcome).toMatchObject({ missing: [{ reason: expect.stringContaining('is not in the record') }] });
    expect((await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    await stage.untilEnded(caseId);
  });
});

/** A call of somebody who is gone by now, as CloudTrail records it. */
function done(
  { facts }: Stage,
  service: string,
  eventName: string,
  requestParameters: JsonObject,
  responseElements: JsonObject | null = null,
): JsonObject {
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAWASHEREBEFORE0001',
      arn: `arn:aws:iam::${facts.account}:user/was-here-${facts.suffix}`,
      accountId: facts.account,
      accessKeyId: 'AKIAWASHEREBEFORE001',
      userName: `was-here-${facts.suffix}`,
    },
    eventTime: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: facts.region,
    sourceIPAddress: '203.0.113.66',
    userAgent: 'aws-cli/2.31.0',
    requestParameters,
    responseElements,
    requestID: randomUUID(),
    eventID: randomUUID(),
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: facts.account,
    eventCategory: 'Management',
  };
}
