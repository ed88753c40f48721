import type { AccessEvent } from '../../shared/access/access-event.ts';
import type { JsonObject } from '../../shared/json.ts';
import { accessEvent, sessionPrincipal, userPrincipal } from '../support/case-scene.ts';
import { ADMINISTRATOR_ARN, type FakeRole, type FakeUser, READ_ONLY_ARN } from '../support/fake-iam.ts';
import type { WholeWorld } from '../support/whole-world.ts';

/** Where they appear. */
export type Stage = Pick<WholeWorld, 'fake' | 'resources' | 'center'>;
/** An event that a rule holds for, and the name of whom or of what it is about. */
export type Appearance = { readonly event: AccessEvent; readonly name: string };
export type Appear = (on: Stage, eventId: string) => Appearance;

/** Enabled long before the first detection. */
export const WITH_MFA: Pick<FakeUser, 'mfaDevices'> = { mfaDevices: ['2026-01-05T08:00:00Z'] };

const PROVIDER = 'arn:aws:iam::111122223333:saml-provider/staff';
/** The role may assume itself: one more way to its next session. */
const BY_ITSELF = {
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111122223333:role/builder' },
  Action: 'sts:AssumeRole',
};
const BY_LOGINS = { Effect: 'Allow', Principal: { Federated: PROVIDER }, Action: 'sts:AssumeRoleWithSAML' };
const trustOf = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });

/** A user with every kind of credential, and policies of their own. */
export function createAlice({ fake }: Stage, holds: Pick<FakeUser, 'mfaDevices'> = {}): FakeUser {
  return fake.createUser('alice', {
    attached: new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]),
    inline: new Map([['own', '{"Version":"2012-10-17","Statement":[]}']]),
    accessKeys: new Map([
      ['AKIAONE', 'Active'],
      ['AKIATWO', 'Active'],
    ]),
    serviceCredentials: new Map([['ACCAONE', 'Active']]),
    sshKeys: new Map([['APKAONE', 'Active']]),
    certificates: new Map([['CERTONE', 'Active']]),
    ...holds,
  });
}

export function createBuilder({ fake }: Stage, of: Partial<Pick<FakeRole, 'trust' | 'attached'>> = {}): FakeRole {
  return fake.createRole('builder', { inline: new Map([['own', '{}']]), ...of });
}

/** Alice makes a call: of a service that does not matter unless told. */
export function byAlice(
  of: {
    readonly holds?: Pick<FakeUser, 'mfaDevices'>;
    readonly calls?: readonly [service: string, eventName: string, requestParameters: JsonObject];
  } = {},
): Appear {
  return (on, eventId) => {
    const { userId, userName, arn } = createAlice(on, of.holds);
    const principal = userPrincipal({ userId, userName, arn, accessKeyId: 'AKIAONE' });
    const { calls } = of;
    const call =
      calls === undefined
        ? {}
        : { eventSource: `${calls[0]}.amazonaws.com`, eventName: calls[1], record: { requestParameters: calls[2] } };
    return { event: accessEvent({ eventId, principal, ...call }), name: userName };
  };
}

/** Somebody does something to a role that can get back to itself. */
export const onBuilder: Appear = (on, eventId) => {
  const { roleName } = createBuilder(on, { trust: trustOf(BY_ITSELF) });
  return { event: accessEvent({ eventId, record: { requestParameters: { roleName } } }), name: roleName };
};

/** A session of a role makes a call. */
export const byBuilder: Appear = (on, eventId) => {
  const role = createBuilder(on);
  const event = accessEvent({ eventId, principal: sessionPrincipal(role) });
  return { event, name: role.roleName };
};

/** Somebody logs in at an identity provider to a role that can get back to itself. */
export const byLogin: Appear = (on, eventId) => {
  const { roleId, roleName, arn } = createBuilder(on, { trust: trustOf(BY_ITSELF, BY_LOGINS) });
  const event = accessEvent({
    eventId,
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRoleWithSAML',
    principal: { kind: 'saml-user', name: 'mallory', provider: PROVIDER },
    record: {
      requestParameters: { roleArn: arn, principalArn: PROVIDER, roleSessionName: 'mallory' },
      responseElements: {
        subject: 'mallory@example.com',
        subjectType: 'persistent',
        nameQualifier: 'bm90IGEgc2VjcmV0',
        assumedRoleUser: {
          assumedRoleId: `${roleId}:mallory`,
          arn: `arn:aws:sts::111122223333:assumed-role/${roleName}/mallory`,
        },
      },
    },
  });
  return { event, name: roleName };
};
