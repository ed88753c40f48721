import { describe, expect, test } from 'vitest';
import type { FederatedLogin } from '../../../shared/access/federated-login.ts';
import { NO_LINEAGE } from '../../../shared/access/session-lineage.ts';
import { restore } from '../../../shared/containment/restore.ts';
import { FIRST_VERIFY, verify } from '../../../shared/containment/verify.ts';
import { verifyRestore } from '../../../shared/containment/verify-restore.ts';
import { createScene, ran, roleSubject, sessionSubject } from './scene.ts';

const PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/ci.example.com';
const TRUST = `{ "Version": "2012-10-17", "Statement": {"Effect":"Allow","Principal":{"Federated":"${PROVIDER}"},"Action":"sts:AssumeRoleWithWebIdentity"} }`;
const shop: FederatedLogin = login('repo:example/shop');
const site: FederatedLogin = login('repo:example/site');

function login(sub: string, provider = PROVIDER): FederatedLogin {
  return { provider, sub, claims: { 'ci.example.com:sub': sub } };
}

function setUp(logins: readonly FederatedLogin[], trust = TRUST) {
  const { contain, fake, ledger, clock } = createScene();
  const role = fake.createRole('deployer', { trust });
  const subject = sessionSubject(role, 'GitHubActions');
  const actions = ['revoke-session', 'deny-login', 'deny-chaining'] as const;
  return {
    fake,
    role,
    contain: (pass: 'first' | 'reassert' = 'first') =>
      contain({ subject, actions, pass, lineage: { ...NO_LINEAGE, logins } }),
    look: () =>
      verify(
        { iam: fake.iam, ledger: ledger.takeLease(), clock },
        { subject, actions, settleSeconds: 0, progress: FIRST_VERIFY },
      ),
    release: () => restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject, withheld: [] }),
    verdict: () => verifyRestore({ iam: fake.iam, ledger: ledger.takeLease(), clock }, { subject, withheld: [] }),
  };
}

const statementsIn = (trust: string) => [JSON.parse(trust).Statement].flat();

describe('keeping one login of an identity provider from coming back', () => {
  test('denies that login and nobody else’s, after the session’s own deny', async () => {
    const { fake, role, contain } = setUp([shop]);
    ran(await contain());
    expect(fake.writes()).toEqual(['PutRolePolicy', 'UpdateAssumeRolePolicy']);
    expect(statementsIn(role.trust)).toEqual([
      JSON.parse(TRUST).Statement,
      {
        Sid: expect.stringMatching(/^RescindDenyLogin[0-9a-f]{16}$/),
        Effect: 'Deny',
        Principal: '*',
        Action: 'sts:AssumeRole*',
        Condition: { StringEquals: { 'ci.example.com:sub': 'repo:example/shop' } },
      },
    ]);
  });

  test('of several logins takes a statement each, is watched, and is given back byte for byte', async () => {
    const { fake, role, contain, look, release, verdict } = setUp([shop, site]);
    const before = fake.state();
    expect(ran(await contain()).steps.map(({ result }) => result)).toEqual(['done', 'done', 'done']);
    expect(statementsIn(role.trust)).toHaveLength(3);
    expect(await look()).toMatchObject({ steps: [{ state: 'holds' }, { state: 'holds' }, { state: 'holds' }] });
    expect(await release()).toMatchObject({ kind: 'ran', conflicts: [], failed: [] });
    expect(fake.state()).toEqual(before);
    expect(await verdict()).toEqual({ kind: 'exact' });
  });

  test('is put back when somebody takes it out', async () => {
    const { role, contain, look } = setUp([shop]);
    await contain();
    role.trust = TRUST;
    expect(await look()).toMatchObject({ steps: [{ state: 'holds' }, { state: 'undone' }] });
    await contain('reassert');
    expect(statementsIn(role.trust)).toHaveLength(2);
  });

  test.each([
    [
      'the trust policy does not admit its provider',
      login('repo:example/shop', 'arn:aws:iam::111122223333:oidc-provider/other'),
    ],
    ['no login is known', undefined],
  ])('writes nothing where %s', async (_, of) => {
    const { fake, contain } = setUp(of === undefined ? [] : [of]);
    expect(ran(await contain()).shortfalls).toEqual([]);
    expect(fake.writes()).toEqual(['PutRolePolicy']);
  });

  test.each([
    ['a policy variable', `repo:\${aws:username}`, TRUST, /no policy is written from/],
    [
      'an orphan in the trust policy',
      'repo:example/shop',
      TRUST.replace('"Federated"', '"AWS":"AIDAEXAMPLEGONE000001","Federated"'),
      /AIDAEXAMPLEGONE000001/,
    ],
  ])('leaves a person to it, with the login’s name, for %s', async (_, sub, trust, why) => {
    const { role, contain } = setUp([login(sub)], trust);
    const { shortfalls } = ran(await contain());
    expect(shortfalls).toEqual([{ item: 'trust policy of role deployer', reason: expect.stringMatching(why) }]);
    expect(shortfalls[0]?.reason).toContain(`${sub} of ${PROVIDER} can log in again`);
    expect(role.trust).toBe(trust);
  });

  test('that does not fit into the quota is said, and the session’s deny stands', async () => {
    const { role, contain } = setUp(
      [login(`repo:${'x'.repeat(500)}`)],
      TRUST.replace(' }', `, "Id": "${'y'.repeat(1_400)}" }`),
    );
    const report = ran(await contain());
    expect(report.steps.map(({ result }) => result)).toEqual(['done', 'failed']);
    expect(report.steps[1]?.detail).toContain('quota');
    expect(statementsIn(role.trust)).toHaveLength(1);
  });

  test('says whom to disable where, and that a transient subject is another one next time', async () => {
    const { contain } = setUp([{ ...shop, transient: true }]);
    const { residual } = ran(await contain());
    const steps = residual.map(({ humanStep }) => humanStep).join('\n');
    expect(steps).toContain(`Disable repo:example/shop at ${PROVIDER}`);
    expect(residual.map(({ what }) => what).join('\n')).toContain('otherwise at the next login');
  });

  test('where no login is on record says that it is not known who can come back, and where to look', async () => {
    const { contain } = setUp([]);
    const { residual } = ran(await contain());
    expect(residual).toContainEqual({
      what: expect.stringContaining(`by a login at ${PROVIDER}`),
      humanStep: expect.stringContaining('AttributeValue=deployer'),
    });
  });
});

describe('keeping sessions of a role in a circle from assuming roles', () => {
  const ARN = 'arn:aws:iam::111122223333:role/deployer';
  const own = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${ARN}"},"Action":"sts:AssumeRole"}]}`;

  test('is done where its own trust policy admits it, and undone exactly', async () => {
    const { fake, contain, look, release } = setUp([], own);
    const before = fake.state();
    const { steps } = ran(await contain());
    expect(steps.map(({ actionId }) => actionId)).toEqual(['revoke-session', 'deny-chaining']);
    const put = fake.calls().findLast(({ operation }) => operation === 'PutRolePolicy');
    expect(JSON.parse(String(put?.input.PolicyDocument)).Statement).toEqual([
      {
        Sid: 'RescindDenyChaining',
        Effect: 'Deny',
        Action: 'sts:AssumeRole',
        Resource: '*',
        Condition: { StringEquals: { 'aws:userid': expect.stringMatching(/^AROA\w+:.+$/) } },
      },
    ]);
    expect(await look()).toMatchObject({ steps: [{ state: 'holds' }, { state: 'holds' }] });
    await release();
    expect(fake.state()).toEqual(before);
  });

  test('leaves the other sessions of the role at work, unless the role itself is contained', async () => {
    const { contain, fake } = createScene();
    const role = fake.createRole('deployer', { trust: own });
    const documents = () => [...role.inline.values()].map((text) => JSON.parse(text).Statement[0]);
    await contain({ subject: sessionSubject(role, 'mallory'), actions: ['deny-chaining'] });
    expect(documents()).toMatchObject([{ Condition: { StringEquals: { 'aws:userid': `${role.roleId}:mallory` } } }]);
    await contain({ subject: roleSubject(role), actions: ['deny-chaining'] });
    expect(documents().filter(({ Condition }) => Condition === undefined)).toHaveLength(1);
  });

  test('is done where the record shows the circle, and not for a role outside of it', async () => {
    for (const [inside, expected] of [
      [true, ['revoke-session', 'deny-chaining']],
      [false, ['revoke-session']],
    ] as const) {
      const { contain, fake } = createScene();
      const role = fake.createRole('deployer', { trust: TRUST });
      const report = await contain({
        subject: sessionSubject(role, 'mallory'),
        actions: ['revoke-session', 'deny-chaining'],
        lineage: { ...NO_LINEAGE, cycle: [inside ? role.roleId : 'AROAOTHER', 'AROATHIRD'] },
      });
      expect(ran(report).steps.map(({ actionId }) => actionId)).toEqual(expected);
    }
  });

  test('lists every session that came of it, with the command that contains it', async () => {
    const { contain, fake } = createScene();
    const role = fake.createRole('deployer', { trust: TRUST });
    const issued = Array.from({ length: 12 }, (_, n) => ({
      name: `AROA2:s${n}`,
      arn: `arn:aws:sts::111122223333:assumed-role/next/s${n}`,
      at: '2026-11-21T01:30:00.000Z',
      eventId: `event-${n}`,
      by: 'deployer/a',
    }));
    const report = await contain({
      subject: sessionSubject(role, 'mallory'),
      actions: ['revoke-session'],
      lineage: { ...NO_LINEAGE, issued },
    });
    const { residual } = ran(report);
    expect(residual.find(({ what }) => what.startsWith('session next/'))).toEqual({
      what: 'session next/s0, which deployer/a opened at 2026-11-21T01:30:00.000Z, lives on until it is contained itself',
      humanStep: expect.stringContaining(
        'npx rescind contain arn:aws:sts::111122223333:assumed-role/next/s0 --enforce',
      ),
    });
    expect(residual.filter(({ what }) => what.startsWith('session next/'))).toHaveLength(10);
    expect(residual.map(({ what }) => what)).toContain('more sessions came of it than are listed here');
  });

  test('a record that could not be read is a shortfall, and keeps nothing from being denied', async () => {
    const { contain, fake } = createScene();
    const role = fake.createRole('deployer', { trust: TRUST });
    const report = ran(
      await contain({
        subject: sessionSubject(role, 'mallory'),
        actions: ['revoke-session'],
        lineage: { ...NO_LINEAGE, unread: 'ThrottlingException' },
      }),
    );
    expect(report.steps.map(({ result }) => result)).toEqual(['done']);
    expect(report.shortfalls).toEqual([
      { item: 'sessions that it opened', reason: expect.stringContaining('ThrottlingException') },
    ]);
  });
});
