import { describe, expect, test } from 'vitest';
import { plain } from '../../../shared/alerts/plain-text.ts';
import { trustedServices, workloadOf } from '../../../shared/containment/workload.ts';
import { createScene, ran, roleSubject, sessionSubject } from './scene.ts';

const allow = (principal: unknown) => ({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' });
const trustOf = (...principals: readonly unknown[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: principals.map(allow) });
const PERSON = { AWS: 'arn:aws:iam::111122223333:user/alice' };

describe('whom a trust policy lets in as a service', () => {
  test.each([
    ['one service', trustOf({ Service: 'ec2.amazonaws.com' }), ['ec2.amazonaws.com'], true],
    [
      'two, one of them twice',
      trustOf({ Service: ['a.amazonaws.com', 'b.amazonaws.com'] }, { Service: 'b.amazonaws.com' }),
      ['a.amazonaws.com', 'b.amazonaws.com'],
      true,
    ],
    ['a service and a person', trustOf({ Service: 'ec2.amazonaws.com' }, PERSON), ['ec2.amazonaws.com'], false],
    ['both in one statement', trustOf({ Service: 'ec2.amazonaws.com', ...PERSON }), ['ec2.amazonaws.com'], false],
    ['everybody and a service', trustOf('*', { Service: 'ec2.amazonaws.com' }), ['ec2.amazonaws.com'], false],
    ['a person', trustOf(PERSON), [], false],
    ['nobody', trustOf(), [], false],
  ])('%s', (_, trust, services, alone) => {
    expect(trustedServices(trust)).toEqual({ services, alone });
  });
});

describe('a workload role', () => {
  const scene = (...principals: readonly unknown[]) => {
    const { contain, fake } = createScene();
    const role = fake.createRole('builder', { trust: trustOf(...principals) });
    return {
      fake,
      role,
      contain: () => contain({ subject: roleSubject(role), actions: ['revoke-sessions', 'block-trust'] }),
    };
  };

  test('that only services assume keeps its trust policy: a deny there would keep it from ever being renewed', async () => {
    const { fake, role, contain } = scene({ Service: 'ec2.amazonaws.com' });
    const before = role.trust;
    const report = ran(await contain());
    expect(fake.writes()).toEqual(['PutRolePolicy']);
    expect(role.trust).toBe(before);
    expect(report.shortfalls).toEqual([]);
  });

  test('that a person may assume as well is blocked', async () => {
    const { fake, contain } = scene({ Service: 'ec2.amazonaws.com' }, PERSON);
    ran(await contain());
    expect(fake.writes()).toEqual(['PutRolePolicy', 'UpdateAssumeRolePolicy']);
  });

  test('says what stops with it, and how that is renewed, first of all and whole', async () => {
    const { contain } = scene({ Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com', 'ecs-tasks.amazonaws.com'] });
    const { residual } = ran(await contain());
    expect(residual.slice(0, 3).map(({ humanStep }) => humanStep)).toEqual([
      expect.stringContaining('aws iam list-instance-profiles-for-role --role-name builder'),
      expect.stringContaining("Functions[?Role=='arn:aws:iam::111122223333:role/builder'].[FunctionName]"),
      expect.stringContaining('aws ecs update-service'),
    ]);
    for (const { humanStep } of residual) expect(plain(humanStep, 300)).toBe(plain(humanStep, 5_000));
  });

  test('is not said of a role of people', async () => {
    const { contain } = scene(PERSON);
    expect(
      ran(await contain())
        .residual.map(({ what }) => what)
        .join(),
    ).not.toContain('what runs with the role');
  });

  test.each([
    [
      'an instance, in a role that people assume as well',
      'i-0abcdef1234567890',
      [{ Service: 'ec2.amazonaws.com' }, PERSON],
      1,
    ],
    ['anybody, in a role that only a service assumes', 'work', [{ Service: 'lambda.amazonaws.com' }], 1],
    ['a person, in a role that a service assumes as well', 'alice', [{ Service: 'ec2.amazonaws.com' }, PERSON], 0],
  ])('is recognised by the session of %s', (_, sessionName, principals, said) => {
    const { role } = scene();
    expect(workloadOf(sessionSubject(role, sessionName), trustOf(...principals))).toHaveLength(said);
  });
});
