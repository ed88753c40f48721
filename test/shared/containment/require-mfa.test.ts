import { describe, expect, test } from 'vitest';
import type { ActionId } from '../../../shared/containment/action.ts';
import { judge } from '../../../shared/containment/judge.ts';
import { restore } from '../../../shared/containment/restore.ts';
import { FIRST_VERIFY, verify } from '../../../shared/containment/verify.ts';
import { verifyRestore } from '../../../shared/containment/verify-restore.ts';
import { createScene, ran, roleSubject, type Scene, sessionSubject, userSubject } from './scene.ts';

const OF_USER: readonly ActionId[] = ['require-mfa'];
const OF_ROLE: readonly ActionId[] = ['revoke-sessions', 'require-mfa-to-assume'];
const OF_SESSION: readonly ActionId[] = ['revoke-session', 'require-mfa-to-assume'];

const statement = (principal: string) => `{"Effect":"Allow","Principal":${principal},"Action":"sts:AssumeRole"}`;
const trustOf = (...principals: readonly string[]) =>
  `{"Version":"2012-10-17", "Statement":[${principals.map(statement).join(', ')}]}`;
const PEOPLE = trustOf('{"AWS":"arn:aws:iam::111122223333:root"}');

async function release({ fake, ledger, clock }: Scene, subject: Parameters<typeof restore>[1]['subject']) {
  const lease = ledger.takeLease();
  await restore({ ...fake, iam: fake.iam, ledger: lease }, { subject, withheld: [] });
  return verifyRestore({ iam: fake.iam, ledger: lease, clock }, { subject, withheld: [] });
}

describe('requiring MFA of a user', () => {
  test('where it does not fit is not claimed: what IAM refused is named, and nothing harsher is done instead', async () => {
    const { contain, fake, ledger, clock } = createScene();
    const user = fake.createUser('alice', { inline: new Map([['own', 'x'.repeat(1_800)]]) });
    const before = structuredClone(fake.state());
    const subject = userSubject(user);
    const report = ran(await contain({ subject, actions: OF_USER }));
    expect(report.steps).toMatchObject([{ result: 'failed', detail: expect.stringContaining('quota: ') }]);
    expect(fake.state()).toEqual(before);
    const seen = await verify(
      { iam: fake.iam, ledger: ledger.takeLease(), clock },
      { subject, actions: OF_USER, settleSeconds: 30, progress: { ...FIRST_VERIFY, reasserts: 20 } },
    );
    const outcome = judge({
      actions: OF_USER,
      report: seen,
      settleSeconds: 30,
      shortfalls: report.shortfalls,
      residual: [],
      unavailable: [],
      endpointIsAws: true,
    });
    expect(outcome).toMatchObject({
      kind: 'partial',
      missing: [{ item: 'user alice', reason: expect.stringContaining('quota: ') }, { item: 'settle time' }],
    });
  });

  test('denies what has none and what is too old, keeps the devices as they are, and touches no credential', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice', { accessKeys: new Map([['AKIAONE', 'Active']]) });
    const before = structuredClone(scene.fake.state());
    await scene.contain({ subject: userSubject(user), actions: OF_USER });
    expect(scene.fake.writes()).toEqual(['PutUserPolicy']);
    const { Statement } = JSON.parse(user.inline.get('Rescind-RequireMfa') ?? '');
    expect(Statement).toEqual([
      {
        Sid: 'RescindRequireMfa',
        Effect: 'Deny',
        NotAction: 'sts:GetSessionToken',
        Resource: '*',
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      },
      {
        Sid: 'RescindRequireFreshMfa',
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { NumericGreaterThan: { 'aws:MultiFactorAuthAge': '3600' } },
      },
      {
        Sid: 'RescindKeepMfaDevices',
        Effect: 'Deny',
        Action: [
          'iam:CreateVirtualMFADevice',
          'iam:DeactivateMFADevice',
          'iam:DeleteVirtualMFADevice',
          'iam:EnableMFADevice',
          'iam:ResyncMFADevice',
        ],
        Resource: '*',
      },
    ]);
    expect(await release(scene, userSubject(user))).toEqual({ kind: 'exact' });
    expect(scene.fake.state()).toEqual(before);
  });

  test('adds nothing where everything is denied already, and says why', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice');
    const report = ran(await scene.contain({ subject: userSubject(user), actions: ['quarantine', ...OF_USER] }));
    expect(scene.fake.writes()).toEqual(['AttachUserPolicy']);
    expect(report.residual[report.residual.length - 1]?.what).toMatch(/^MFA is not required of it: no device/);
  });
});

describe('requiring MFA to assume a role', () => {
  test('appends one deny that means people and no service, beside the end of its sessions, and takes it out again', async () => {
    const scene = createScene();
    const role = scene.fake.createRole('Admin', { trust: PEOPLE });
    const before = structuredClone(scene.fake.state());
    await scene.contain({ subject: roleSubject(role), actions: OF_ROLE });
    expect(scene.fake.writes()).toEqual(['PutRolePolicy', 'UpdateAssumeRolePolicy']);
    const [first, deny, ...more] = JSON.parse(role.trust).Statement;
    expect([first, more]).toEqual([JSON.parse(PEOPLE).Statement[0], []]);
    expect(deny).toEqual({
      Sid: expect.stringMatching(/^RescindRequireMfa[0-9a-f]{16}$/),
      Effect: 'Deny',
      Principal: '*',
      Action: 'sts:AssumeRole',
      Condition: {
        NumericGreaterThanIfExists: { 'aws:MultiFactorAuthAge': '3600' },
        Bool: { 'aws:PrincipalIsAWSService': 'false' },
      },
    });
    expect(await release(scene, roleSubject(role))).toEqual({ kind: 'exact' });
    expect(scene.fake.state()).toEqual(before);
  });

  test('of two sessions stands for each alone', async () => {
    const scene = createScene();
    const other = createScene();
    const role = scene.fake.createRole('Admin', { trust: PEOPLE });
    await scene.contain({ subject: sessionSubject(role, 'mallory'), actions: OF_SESSION });
    const once = role.trust;
    await other.contain({ subject: sessionSubject(role, 'eve'), actions: OF_SESSION });
    await scene.contain({ subject: sessionSubject(role, 'eve'), actions: ['require-mfa-to-assume'] });
    expect(JSON.parse(role.trust).Statement).toHaveLength(3);
    expect(role.trust.startsWith(once.slice(0, -2))).toBe(true);
  });

  test.each([
    ['only services assume it', trustOf('{"Service":"ec2.amazonaws.com"}'), []],
    [
      'only logins at a provider open its sessions',
      trustOf('{"Federated":"arn:aws:iam::111122223333:saml-provider/Okta"}'),
      [expect.stringContaining('arn:aws:iam::111122223333:saml-provider/Okta are not asked for MFA by AWS')],
    ],
    [
      'its trust policy names somebody who was deleted',
      trustOf('{"AWS":["AROAEXAMPLEDELETED0001","111122223333"]}'),
      [expect.stringContaining('can be assumed without MFA')],
    ],
  ])('says what it leaves where %s', async (_, trust, reasons) => {
    const scene = createScene();
    const role = scene.fake.createRole('Admin', { trust });
    const { shortfalls } = ran(await scene.contain({ subject: roleSubject(role), actions: OF_ROLE }));
    expect(shortfalls.map(({ reason }) => reason)).toEqual(reasons);
    expect(scene.fake.writes()[0]).toBe('PutRolePolicy');
  });
});
