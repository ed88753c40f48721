import type { AccessEvent } from '../../shared/access/access-event.ts';
import type { JsonObject } from '../../shared/json.ts';
import { accessEvent } from '../support/case-scene.ts';
import { ADMINISTRATOR_ARN } from '../support/fake-iam.ts';
import { type Appear, createAlice, createBuilder } from './cast-principals.ts';

/** What somebody changed whom the bench has nothing to do with. */
function changed(
  [service, eventName, requestParameters]: readonly [service: string, eventName: string, of: JsonObject],
  eventId: string,
  responseElements: JsonObject = {},
): AccessEvent {
  return accessEvent({
    eventId,
    eventSource: `${service}.amazonaws.com`,
    eventName,
    record: { requestParameters, responseElements },
  });
}

export const attachedToAlice: Appear = (on, eventId) => {
  const { userName } = createAlice(on);
  const of = { userName, policyArn: ADMINISTRATOR_ARN };
  return { name: userName, event: changed(['iam', 'AttachUserPolicy', of], eventId) };
};

export const attachedToBuilder: Appear = (on, eventId) => {
  const { roleName } = createBuilder(on, { attached: new Set([ADMINISTRATOR_ARN]) });
  const of = { roleName, policyArn: ADMINISTRATOR_ARN };
  return { name: roleName, event: changed(['iam', 'AttachRolePolicy', of], eventId) };
};

export const createdKey: Appear = (on, eventId) => {
  const { userName } = createAlice(on);
  const accessKey = { accessKeyId: 'AKIATWO', userName, status: 'Active' };
  return { name: userName, event: changed(['iam', 'CreateAccessKey', { userName }], eventId, { accessKey }) };
};

export const writtenPolicy: Appear = (on, eventId) => {
  const { userName, inline } = createAlice(on);
  // What makes nobody an administrator is asked about first.
  const policyDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*"}]}';
  inline.set('own', policyDocument);
  const of = { userName, policyName: 'own', policyDocument };
  return { name: userName, event: changed(['iam', 'PutUserPolicy', of], eventId) };
};

export const openedTrust: Appear = (on, eventId) => {
  const policyDocument =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole"}]}';
  const { roleName } = on.fake.createRole('builder', { trust: policyDocument });
  return { name: roleName, event: changed(['iam', 'UpdateAssumeRolePolicy', { roleName, policyDocument }], eventId) };
};

export const stoppedTrail: Appear = ({ resources }, eventId) => {
  const name = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
  resources.trails.set(name, false);
  return { name, event: changed(['cloudtrail', 'StopLogging', { name }], eventId) };
};

export const openedGroup: Appear = ({ resources }, eventId) => {
  const name = 'arn:aws:ec2:us-east-1:111122223333:security-group/sg-0123456789abcdef0';
  const rule = (port: number) => ({ protocol: 'tcp', fromPort: port, toPort: port, source: '0.0.0.0/0' });
  resources.groups.set(name, [
    { ...rule(443), ruleId: 'sgr-01' },
    { ...rule(22), ruleId: 'sgr-02', description: 'only today' },
    { ...rule(3389), ruleId: 'sgr-03' },
  ]);
  const items = [22, 3389].map((port) => ({
    ipProtocol: 'tcp',
    fromPort: port,
    toPort: port,
    ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] },
  }));
  const request = { groupId: 'sg-0123456789abcdef0', ipPermissions: { items } };
  return { name, event: changed(['ec2', 'AuthorizeSecurityGroupIngress', request], eventId) };
};

export const unblockedBucket: Appear = ({ resources }, eventId) => {
  const name = 'arn:aws:s3:::acme-finance';
  resources.blocks.set(name, null);
  return { name, event: changed(['s3', 'DeleteBucketPublicAccessBlock', { bucketName: 'acme-finance' }], eventId) };
};
