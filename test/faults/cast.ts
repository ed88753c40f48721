import { accessEvent, rule, userPrincipal } from '../support/case-scene.ts';
import { ADMINISTRATOR_ARN, READ_ONLY_ARN } from '../support/fake-iam.ts';
import type { WholeWorld, WholeWorldOptions } from '../support/whole-world.ts';

/** Whom a containment is about: what there is to take back differs, and with it the calls. */
export const KINDS = ['user', 'user at the quota', 'user at a table', 'role', 'session'] as const;
export type Kind = (typeof KINDS)[number];

const PLAYBOOK: Readonly<Partial<Record<Kind, string>>> = {
  role: 'revoke-sessions',
  'user at a table': 'revoke-access',
};

/** The world that a kind needs. */
export function worldOptionsOf(kind: Kind): Pick<WholeWorldOptions, 'rules' | 'answers' | 'attachQuota'> {
  return {
    rules: [rule({ subject: kind === 'role' ? 'target-role' : 'actor' })],
    answers: { 'rule-a': { playbook: PLAYBOOK[kind] ?? 'contain', mode: 'enforce' } },
    ...(kind === 'user at the quota' ? { attachQuota: 2 } : {}),
  };
}

/** Somebody of this kind, and the event that a rule holds for. */
export function castOf(kind: Kind, { fake }: Pick<WholeWorld, 'fake'>, eventId = 'event-1') {
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
  return { event: accessEvent({ eventId, principal, ...(kind === 'user at a table' ? atTable : {}) }), name: userName };
}
