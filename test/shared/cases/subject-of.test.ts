import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../shared/access/principal.ts';
import { type PrincipalLookup, subjectOf, subjectOfPrincipal } from '../../../shared/cases/subject-of.ts';
import { decodePrincipal } from '../../../shared/cloudtrail/decode-principal.ts';
import { decodeRecord } from '../../../shared/cloudtrail/decode-record.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { SubjectSelector } from '../../../shared/rules/rule.ts';
import { accessEvent, userPrincipal } from '../../support/case-scene.ts';
import { SAML_LOGIN, WEB_LOGIN } from '../../support/login-records.ts';

const HERE = '111122223333';
const THERE = '999988887777';
const session: Extract<Principal, { kind: 'role-session' }> = {
  kind: 'role-session',
  account: HERE,
  roleId: 'AROADEPLOY',
  roleName: 'Deploy',
  roleArn: `arn:aws:iam::${HERE}:role/ci/Deploy`,
  sessionName: 'build-7',
  serviceLinked: false,
};
const federated: Principal = {
  kind: 'federated-user',
  account: HERE,
  issuerId: 'AIDAALICE',
  issuerName: 'alice',
  name: 'bob',
  arn: `arn:aws-us-gov:sts::${HERE}:federated-user/bob`,
};

describe('the subject behind a caller', () => {
  it('is the user, by unique id', () => {
    expect(subjectOfPrincipal(userPrincipal(), HERE)).toEqual({
      kind: 'user',
      key: 'user:AIDAMALLORY',
      account: HERE,
      userId: 'AIDAMALLORY',
      userName: 'mallory',
      arn: `arn:aws:iam::${HERE}:user/mallory`,
    });
  });

  it('is the issuing user of a federated session, in the partition of the record', () => {
    expect(subjectOfPrincipal(federated, HERE)).toEqual({
      kind: 'user',
      key: 'user:AIDAALICE',
      account: HERE,
      userId: 'AIDAALICE',
      userName: 'alice',
      arn: `arn:aws-us-gov:iam::${HERE}:user/alice`,
    });
  });

  it('is one session of a role also where the role bears a name like those that nobody may change', () => {
    for (const roleName of ['AWSReservedSSO_Admin_0a1b', 'AWSServiceRoleForSupport']) {
      const principal = decodePrincipal({
        type: 'AssumedRole',
        principalId: 'AROAFORGED:alice@example.com',
        arn: `arn:aws:sts::${HERE}:assumed-role/${roleName}/alice@example.com`,
        accountId: HERE,
        sessionContext: { sessionIssuer: { userName: roleName, arn: `arn:aws:iam::${HERE}:role/${roleName}` } },
      });
      expect(subjectOfPrincipal(principal, HERE)).toMatchObject({ kind: 'session', roleName });
    }
  });

  it('is one session of a role, with the arn of the role', () => {
    expect(subjectOfPrincipal(session, HERE)).toEqual({
      kind: 'session',
      key: 'session:AROADEPLOY:build-7',
      account: HERE,
      roleId: 'AROADEPLOY',
      roleName: 'Deploy',
      arn: `arn:aws:iam::${HERE}:role/ci/Deploy`,
      sessionName: 'build-7',
    });
  });

  it.each<[string, Principal, string]>([
    ['a service-linked role', { ...session, serviceLinked: true }, 'session:AROADEPLOY:build-7'],
    [
      'a permission set',
      {
        ...session,
        roleName: 'AWSReservedSSO_Admin_0a1b',
        roleArn: `arn:aws:iam::${HERE}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b`,
      },
      'session:AROADEPLOY:build-7',
    ],
    ['root', { kind: 'root', account: HERE }, `root:${HERE}`],
    ['a service', { kind: 'service', invokedBy: 'ec2.amazonaws.com' }, 'service:ec2.amazonaws.com'],
    ['another account', { kind: 'account', account: THERE }, `account:${THERE}`],
    ['a SAML user', { kind: 'saml-user', name: 'eve', provider: 'okta' }, 'saml-user:eve'],
    ['a web identity', { kind: 'web-identity-user', name: 'repo', provider: 'github' }, 'web-identity-user:repo'],
    ['a user of Identity Center', { kind: 'identity-center-user', userId: 'u-1' }, 'idc:u-1'],
    ['somebody unknown', { kind: 'unknown', reason: 'no identity' }, 'unknown'],
    ['a user of another account', userPrincipal({ account: THERE }), 'user:AIDAMALLORY'],
    ['a session of another account', { ...session, account: THERE }, 'session:AROADEPLOY:build-7'],
  ])('is beyond reach for %s, with steps for a human', (_, principal, key) => {
    const subject = subjectOfPrincipal(principal, HERE);
    expect(subject).toMatchObject({ kind: 'beyond', key, why: expect.stringMatching(/.{20,}/) });
    expect(subject.kind === 'beyond' && subject.humanSteps.length).toBeGreaterThan(0);
  });

  it('has a key that DynamoDB takes, whatever a record says', () => {
    const hostile = subjectOfPrincipal({ kind: 'saml-user', name: `${'語'.repeat(5_000)}\uD800`, provider: 'x' }, HERE);
    expect(new TextEncoder().encode(`SUBJECT#${hostile.key}`).length).toBeLessThanOrEqual(2_048);
    expect(subjectOfPrincipal({ kind: 'saml-user', name: '\uD800', provider: 'x' }, HERE).key).toBe('saml-user:\uFFFD');
  });
});

describe('the target of a call', () => {
  const asked: string[] = [];
  const lookup: PrincipalLookup = {
    async getUser(name) {
      asked.push(name);
      return name === 'alice'
        ? { userName: 'alice', userId: 'AIDAALICE', arn: `arn:aws:iam::${HERE}:user/alice` }
        : undefined;
    },
    async getRole(name) {
      asked.push(name);
      return name === 'Deploy'
        ? { roleName: 'Deploy', roleId: 'AROADEPLOY', arn: `arn:aws:iam::${HERE}:role/ci/Deploy`, path: '/ci/' }
        : undefined;
    },
  };
  const about = (selector: SubjectSelector, requestParameters: Record<string, string> = {}) =>
    subjectOf(accessEvent({ record: { requestParameters } }), selector, lookup);

  it('is the user or role that bears the name now', async () => {
    expect(await about('target-user', { userName: 'alice' })).toMatchObject({ kind: 'user', key: 'user:AIDAALICE' });
    expect(await about('target-role', { roleName: 'Deploy' })).toMatchObject({ kind: 'role', key: 'role:AROADEPLOY' });
  });

  it('is the caller where IAM takes no name as the caller', async () => {
    expect((await about('target-user')).key).toBe('user:AIDAMALLORY');
  });

  it('is beyond reach when nobody bears the name', async () => {
    expect(await about('target-user', { userName: 'ghost' })).toMatchObject({
      kind: 'beyond',
      key: `user-name:${HERE}:ghost`,
    });
    expect(await about('target-role')).toMatchObject({ kind: 'beyond', key: `role-name:${HERE}:without a name` });
  });

  it('costs no lookup for a name that IAM would refuse, which must not stop the other rules of the event', async () => {
    asked.length = 0;
    for (const userName of ['a b', 'x'.repeat(129), 'a/b', 'ü']) {
      expect((await about('target-user', { userName })).kind).toBe('beyond');
      expect((await about('target-role', { roleName: userName })).kind).toBe('beyond');
    }
    expect(asked).toEqual([]);
  });

  it('is a resource by its arn, or by the call where the record names none', async () => {
    const record = { resources: [{ ARN: 'arn:aws:s3:::finance' }] };
    expect((await subjectOf(accessEvent({ record }), 'resource', lookup)).key).toBe('resource:arn:aws:s3:::finance');
    expect((await about('resource')).key).toBe('resource:iam.amazonaws.com/AttachUserPolicy');
  });
});

describe('whoever logs in at an identity provider', () => {
  const about = async (record: JsonObject) => {
    const decoded = decodeRecord(record);
    if (decoded.kind !== 'decoded') throw new Error(decoded.reason);
    return subjectOf(decoded.event, 'actor', { getUser: async () => undefined, getRole: async () => undefined });
  };

  it('is the session that the login opened, of the role with its whole ARN', async () => {
    expect(await about(WEB_LOGIN)).toEqual({
      kind: 'session',
      key: 'session:AROAEXAMPLEDEPLOYER01:GitHubActions',
      account: '111122223333',
      roleId: 'AROAEXAMPLEDEPLOYER01',
      roleName: 'deployer',
      arn: 'arn:aws:iam::111122223333:role/ci/deployer',
      sessionName: 'GitHubActions',
    });
    expect(await about(SAML_LOGIN)).toMatchObject({ key: 'session:AROAEXAMPLEDEPLOYER01:eve@example.com' });
  });

  it.each([
    ['was refused', { ...WEB_LOGIN, errorCode: 'AccessDenied' }],
    [
      'names one role and opened another',
      { ...WEB_LOGIN, requestParameters: { roleArn: 'arn:aws:iam::1:role/admin' } },
    ],
  ])('is left to a person where the login %s', async (_, record) => {
    expect(await about(record)).toMatchObject({ kind: 'beyond' });
  });
});
