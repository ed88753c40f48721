import type { AccessEvent } from '../../shared/access/access-event.ts';
import type { JsonObject } from '../../shared/json.ts';
import { accessEvent, rule, userPrincipal } from '../support/case-scene.ts';
import { ADMINISTRATOR_ARN, READ_ONLY_ARN } from '../support/fake-iam.ts';
import { secretAt } from '../support/fake-resources.ts';
import type { WholeWorld, WholeWorldOptions } from '../support/whole-world.ts';

/** Whom a containment is about: what there is to take back differs, and with it the calls. */
export const KINDS = [
  'user',
  'user at the quota',
  'user at a table',
  'user at a secret',
  'role',
  'session',
  'stopped trail',
  'opened security group',
  'unblocked bucket',
  'opened trust',
] as const;
export type Kind = (typeof KINDS)[number];

const PLAYBOOK: Readonly<Partial<Record<Kind, string>>> = {
  role: 'revoke-sessions',
  'user at a table': 'revoke-access',
  'user at a secret': 'revoke-access',
  'stopped trail': 'revert',
  'opened security group': 'revert',
  'unblocked bucket': 'revert',
  'opened trust': 'revert',
};

/** What an undisturbed run comes to: where what stood before is in no record, a person has to look. */
export function undisturbed(kind: Kind): 'contained' | 'partial' {
  return kind === 'unblocked bucket' || kind === 'opened trust' ? 'partial' : 'contained';
}

/** The world that a kind needs. */
export function worldOptionsOf(kind: Kind): Pick<WholeWorldOptions, 'rules' | 'answers' | 'attachQuota'> {
  return {
    rules: [rule({ subject: kind === 'role' ? 'target-role' : 'actor' })],
    answers: { 'rule-a': { playbook: PLAYBOOK[kind] ?? 'contain', mode: 'enforce' } },
    ...(kind === 'user at the quota' ? { attachQuota: 2 } : {}),
  };
}

/** Somebody or something of this kind, and the event that a rule holds for. */
export function castOf(
  kind: Kind,
  { fake, resources }: Pick<WholeWorld, 'fake' | 'resources'>,
  eventId = 'event-1',
): { readonly event: AccessEvent; readonly name: string } {
  switch (kind) {
    case 'stopped trail': {
      const name = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
      resources.trails.set(name, false);
      return { name, event: changed('cloudtrail', 'StopLogging', { name }, eventId) };
    }
    case 'opened security group': {
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
      return { name, event: changed('ec2', 'AuthorizeSecurityGroupIngress', request, eventId) };
    }
    case 'unblocked bucket': {
      const name = 'arn:aws:s3:::acme-finance';
      resources.blocks.set(name, null);
      return { name, event: changed('s3', 'DeleteBucketPublicAccessBlock', { bucketName: 'acme-finance' }, eventId) };
    }
    case 'opened trust': {
      const policyDocument =
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole"}]}';
      const { roleName: name } = fake.createRole('builder', { trust: policyDocument });
      return {
        name,
        event: changed('iam', 'UpdateAssumeRolePolicy', { roleName: name, policyDocument }, eventId),
      };
    }
    default:
      return principalOf(kind, { fake, resources }, eventId);
  }
}

/** What somebody changed whom the bench has nothing to do with. */
function changed(service: string, eventName: string, requestParameters: JsonObject, eventId: string): AccessEvent {
  return accessEvent({
    eventId,
    eventSource: `${service}.amazonaws.com`,
    eventName,
    record: { requestParameters },
  });
}

function principalOf(kind: Kind, { fake, resources }: Pick<WholeWorld, 'fake' | 'resources'>, eventId: string) {
  if (kind === 'role' || kind === 'session') {
    const { roleId, roleName, arn } = fake.createRole('builder', { inline: new Map([['own', '{}']]) });
    const event =
      kind === 'role'
        ? accessEvent({ eventId, record: { requestParameters: { roleName } } })
        : accessEvent({
            eventId,
            principal: {
              kind: 'role-session',
              account: '111122223333',
              roleId,
              roleName,
              roleArn: arn,
              sessionName: 'mallory',
              serviceLinked: false,
            },
          });
    return { event, name: roleName };
  }
  const { userId, userName, arn } = fake.createUser('alice', {
    attached: new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]),
    inline: new Map([['own', '{"Version":"2012-10-17","Statement":[]}']]),
    accessKeys: new Map([
      ['AKIAONE', 'Active'],
      ['AKIATWO', 'Active'],
    ]),
    serviceCredentials: new Map([['ACCAONE', 'Active']]),
    sshKeys: new Map([['APKAONE', 'Active']]),
    certificates: new Map([['CERTONE', 'Active']]),
  });
  const principal = userPrincipal({ userId, userName, arn, accessKeyId: 'AKIAONE' });
  const atTable = {
    eventSource: 'dynamodb.amazonaws.com',
    eventName: 'Scan',
    record: { requestParameters: { tableName: 'orders' } },
  };
  const atSecret = {
    eventSource: 'secretsmanager.amazonaws.com',
    eventName: 'GetSecretValue',
    record: { requestParameters: { secretId: 'finance/db' } },
  };
  // Its service rotates it: one rotation is enough, and is through before the check is.
  if (kind === 'user at a secret') secretAt(resources, 'finance/db', { managed: true, lasts: 2 });
  const at = kind === 'user at a table' ? atTable : kind === 'user at a secret' ? atSecret : {};
  return { event: accessEvent({ eventId, principal, ...at }), name: userName };
}
