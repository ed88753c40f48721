import { describe, expect, it } from 'vitest';
import { findOtherAdministrator } from '../../../shared/containment/last-administrator.ts';
import { surelyAdministers } from '../../../shared/containment/privileged.ts';
import { documentHash } from '../../../shared/containment/same-document.ts';
import { planEndsAdministration, whyAdministrator } from '../../../shared/containment/why-administrator.ts';
import {
  ADMINISTRATOR_ARN,
  createFakeIam,
  type FakeIam,
  QUARANTINE_ARN,
  READ_ONLY_ARN,
} from '../../support/fake-iam.ts';
import { plannedSteps, roleSubject, sessionSubject, userSubject } from './scene.ts';

const allow = (Action: string, Resource = '*', more: object = {}) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource, ...more }] });
const trustOf = (Principal: unknown, more: object = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }, ...Object.values(more)],
  });
const OWN_ROOT = 'arn:aws:iam::111122223333:root';
const admin = () => ({ attached: new Set([ADMINISTRATOR_ARN]) });

/** An account with one administrator, mallory, and whoever a case adds. */
function account(add: (fake: FakeIam) => void = () => {}) {
  const fake = createFakeIam();
  const mallory = fake.createUser('mallory', admin());
  add(fake);
  return { fake, subject: userSubject(mallory) };
}

const withKey = (status: 'Active' | 'Inactive') => ({ accessKeys: new Map([['AKIAOTHER', status]]) });

describe('another administrator', () => {
  it.each<[string, (fake: FakeIam) => void]>([
    ['a user with an active key', (fake) => fake.createUser('alice', { ...admin(), ...withKey('Active') })],
    [
      'a user with a password',
      (fake) => {
        fake.createUser('alice', admin());
        fake.perform('CreateLoginProfile', { UserName: 'alice' });
      },
    ],
    [
      'a user by a group',
      (fake) => {
        fake.createUser('alice', withKey('Active'));
        fake.perform('CreateGroup', { GroupName: 'Admins' });
        fake.perform('PutGroupPolicy', { GroupName: 'Admins', PolicyName: 'all', PolicyDocument: allow('iam:*') });
        fake.perform('AddUserToGroup', { GroupName: 'Admins', UserName: 'alice' });
      },
    ],
    [
      'a user by an inline policy',
      (fake) => fake.createUser('alice', { inline: new Map([['all', allow('*')]]), ...withKey('Active') }),
    ],
    [
      'a role that another account may assume',
      (fake) => fake.createRole('Org', { ...admin(), trust: trustOf({ AWS: '999988887777' }) }),
    ],
    [
      'a role of an identity provider',
      (fake) =>
        fake.createRole('Sso', {
          ...admin(),
          trust: trustOf({ Federated: 'arn:aws:iam::111122223333:saml-provider/Sso' }),
        }),
    ],
    [
      'a role that names a user who can sign in',
      (fake) => {
        const alice = fake.createUser('alice', withKey('Active'));
        fake.createRole('Admin', { ...admin(), trust: trustOf({ AWS: [alice.arn] }) });
      },
    ],
    [
      'a role of the account that a user who can sign in may assume',
      (fake) => {
        const may = allow('sts:AssumeRole', 'arn:aws:iam::111122223333:role/Admin');
        fake.createUser('alice', { inline: new Map([['assume', may]]), ...withKey('Active') });
        fake.createRole('Admin', { ...admin(), trust: trustOf({ AWS: OWN_ROOT }) });
      },
    ],
  ])('remains: %s', async (_, add) => {
    const { fake, subject } = account(add);
    expect((await findOtherAdministrator(fake.iam, subject)).kind).toBe('remains');
  });

  it.each<[string, (fake: FakeIam) => void]>([
    ['there is nobody else', () => {}],
    ['the other user has neither key nor password', (fake) => fake.createUser('alice', admin())],
    ['the other key is inactive', (fake) => fake.createUser('alice', { ...admin(), ...withKey('Inactive') })],
    [
      'the other user is contained',
      (fake) =>
        fake.createUser('alice', { attached: new Set([ADMINISTRATOR_ARN, QUARANTINE_ARN]), ...withKey('Active') }),
    ],
    [
      'the other user only reads',
      (fake) => fake.createUser('alice', { attached: new Set([READ_ONLY_ARN]), ...withKey('Active') }),
    ],
    [
      'the other user administers under a condition',
      (fake) =>
        fake.createUser('alice', {
          inline: new Map([['all', allow('*', '*', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })]]),
          ...withKey('Active'),
        }),
    ],
    [
      'the other user could only make himself one',
      (fake) => fake.createUser('alice', { inline: new Map([['pass', allow('iam:PassRole')]]), ...withKey('Active') }),
    ],
    [
      'the role is for a service',
      (fake) => fake.createRole('Deploy', { ...admin(), trust: trustOf({ Service: 'cloudformation.amazonaws.com' }) }),
    ],
    [
      'the role lets in the account, and nobody of it may assume it',
      (fake) => {
        fake.createUser('alice', withKey('Active'));
        fake.createRole('Admin', { ...admin(), trust: trustOf({ AWS: OWN_ROOT }) });
      },
    ],
    [
      'the role lets in only the subject',
      (fake) =>
        fake.createRole('Admin', { ...admin(), trust: trustOf({ AWS: 'arn:aws:iam::111122223333:user/mallory' }) }),
    ],
    [
      'the role lets in an orphaned id',
      (fake) => fake.createRole('Admin', { ...admin(), trust: trustOf({ AWS: 'AIDAGONE' }) }),
    ],
    [
      'the role is shut',
      (fake) =>
        fake.createRole('Admin', {
          ...admin(),
          trust: trustOf({ AWS: '999988887777' }, [{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' }]),
        }),
    ],
  ])('does not remain: %s', async (_, add) => {
    const { fake, subject } = account(add);
    expect(await findOtherAdministrator(fake.iam, subject)).toEqual({ kind: 'none' });
  });

  it('is not the role itself, of whom the case is', async () => {
    const fake = createFakeIam();
    const role = fake.createRole('Org', { ...admin(), trust: trustOf({ AWS: '999988887777' }) });
    expect(await findOtherAdministrator(fake.iam, roleSubject(role))).toEqual({ kind: 'none' });
    fake.createUser('alice', { ...admin(), ...withKey('Active') });
    expect(await findOtherAdministrator(fake.iam, roleSubject(role))).toEqual({ kind: 'remains', who: 'user alice' });
  });

  it('is unknown, and not absent, where something could not be read; and unavailable where the endpoint lacks the call', async () => {
    const alice = (fake: FakeIam) => fake.createUser('alice', { ...admin(), ...withKey('Active') });
    for (const operation of ['GetAccountAuthorizationDetails', 'GetPolicyVersion', 'ListAccessKeys'] as const) {
      const { fake, subject } = account(alice);
      fake.failOn(operation, 1, 'denied');
      expect((await findOtherAdministrator(fake.iam, subject)).kind, operation).toBe('unknown');
    }
    const { fake, subject } = account(alice);
    fake.failOn('GetAccountAuthorizationDetails', 1, 'unavailable');
    expect(await findOtherAdministrator(fake.iam, subject)).toMatchObject({ kind: 'unavailable' });
  });

  it('is unknown where so many administrators cannot sign in that the rest was not looked at', async () => {
    const { fake, subject } = account((made) => {
      for (let n = 0; n < 60; n += 1) made.createUser(`idle-${n}`, admin());
    });
    expect((await findOtherAdministrator(fake.iam, subject)).kind).toBe('unknown');
  });

  it.each([
    ['by the same policy', admin()],
    ['by a policy of their own', { inline: new Map([['all', allow('*')]]) }],
  ])('is found behind a hundred that were made just now so that nobody would be: %s', async (_, access) => {
    const { fake, subject } = account((made) => {
      for (let n = 0; n < 50; n += 1) made.createUser(`decoy-${n}`, admin());
      for (let n = 50; n < 100; n += 1) made.createUser(`decoy-${n}`, { inline: new Map([['all', allow('*')]]) });
      made.createUser('alice', { ...access, ...withKey('Active') });
    });
    const iam = {
      ...fake.iam,
      accountAccess: async () => {
        const read = await fake.iam.accountAccess();
        if (read.kind !== 'read') return read;
        const users = read.value.users.map((user) => ({
          ...user,
          createdAt: user.userName.startsWith('decoy') ? '2026-11-21T01:59:00.000Z' : '2019-03-01T09:00:00.000Z',
        }));
        return { ...read, value: { ...read.value, users } };
      },
    };
    expect(await findOtherAdministrator(iam, subject)).toEqual({ kind: 'remains', who: 'user alice' });
  });

  it('is found after few reads, however many users there are, and nothing is written', async () => {
    const { fake, subject } = account((made) => {
      for (let n = 0; n < 500; n += 1)
        made.createUser(`user-${n}`, { attached: new Set([READ_ONLY_ARN]), ...withKey('Active') });
      made.createUser('alice', { ...admin(), ...withKey('Active') });
    });
    expect((await findOtherAdministrator(fake.iam, subject)).kind).toBe('remains');
    expect(fake.reads()).toHaveLength(4);
    expect(fake.writes()).toEqual([]);
  });
});

describe('the subject', () => {
  it('is an administrator by its own policies, by an inline one, and by a group', async () => {
    const { fake, subject } = account();
    expect(await whyAdministrator(fake.iam, subject, [])).toBe(`policy ${ADMINISTRATOR_ARN} allows * on *`);
    const bob = fake.createUser('bob', { inline: new Map([['all', allow('iam:*')]]) });
    expect(await whyAdministrator(fake.iam, userSubject(bob), [])).toBe('an inline policy allows iam:*');
    const carl = fake.createUser('carl');
    fake.perform('CreateGroup', { GroupName: 'Admins' });
    fake.perform('AttachGroupPolicy', { GroupName: 'Admins', PolicyArn: ADMINISTRATOR_ARN });
    expect(await whyAdministrator(fake.iam, userSubject(carl), [])).toBeUndefined();
    fake.perform('AddUserToGroup', { GroupName: 'Admins', UserName: 'carl' });
    expect(await whyAdministrator(fake.iam, userSubject(carl), [])).toContain('allows * on *');
  });

  it('is none by what the attack gave it', async () => {
    const { fake, subject } = account();
    const attached = { kind: 'policy-attached', principal: 'alice', to: 'user', policyArn: ADMINISTRATOR_ARN } as const;
    expect(await whyAdministrator(fake.iam, subject, [attached])).toBeUndefined();
  });

  it('is none by an inline policy that the attack wrote, and one by what stands there since', async () => {
    const fake = createFakeIam();
    const written = allow('*');
    const bob = fake.createUser('bob', { inline: new Map([['metrics', written]]) });
    const put = {
      kind: 'inline-policy-put',
      principal: 'bob',
      to: 'user',
      policyName: 'metrics',
      documentHash: documentHash(written) ?? '',
    } as const;
    expect(await whyAdministrator(fake.iam, userSubject(bob), [put])).toBeUndefined();
    bob.inline.set('metrics', allow('iam:*'));
    expect(await whyAdministrator(fake.iam, userSubject(bob), [put])).toBe('an inline policy allows iam:*');
  });

  it('counts as one where that cannot be read', async () => {
    for (const operation of ['ListAttachedUserPolicies', 'ListUserPolicies', 'ListGroupsForUser', 'GetPolicyVersion']) {
      const fake = createFakeIam();
      const bob = fake.createUser('bob', { attached: new Set([READ_ONLY_ARN]) });
      expect(await whyAdministrator(fake.iam, userSubject(bob), [])).toBeUndefined();
      fake.failOn(operation, 1, 'denied');
      expect(await whyAdministrator(fake.iam, userSubject(bob), []), operation).toContain(`${operation} failed`);
    }
  });
});

describe('who surely administers', () => {
  it.each([
    [[allow('*')], true],
    [[allow('iam:*')], true],
    [[allow('iam:Get*')], false],
    [[allow('*', 'arn:aws:s3:::reports/*')], false],
    [[allow('*', '*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })], false],
    [[allow('*'), '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'], false],
    [[allow('*'), '{"Statement":{"Effect":"Deny","Action":"iam:*","Resource":"*"}}'], false],
    [[allow('*'), '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{}}}}'], true],
    [[allow('*'), '{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}'], true],
    [['not JSON'], false],
    [[], false],
  ])('%s: %s', (documents, expected) => {
    expect(surelyAdministers(documents)).toBe(expected);
  });
});

describe('a circle of roles that is closed', () => {
  const own = (arn: string) =>
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${arn}"},"Action":"sts:AssumeRole"}]}`;
  const ends = async (of: 'session' | 'role') => {
    const fake = createFakeIam();
    const role = fake.createRole('Admin', { trust: own('arn:aws:iam::111122223333:role/Admin') });
    const subject = of === 'session' ? sessionSubject(role, 'anna') : roleSubject(role);
    const steps = await plannedSteps(fake.iam, subject, ['deny-chaining']);
    expect(steps).toHaveLength(1);
    return planEndsAdministration(['deny-chaining'], steps);
  };

  it('keeps nobody from administering where it is closed to one session, and everybody where to the role', async () => {
    expect(await ends('session')).toBe(false);
    expect(await ends('role')).toBe(true);
  });
});
