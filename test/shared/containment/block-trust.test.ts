import { describe, expect, test } from 'vitest';
import { contain } from '../../../shared/containment/contain.ts';
import { restore } from '../../../shared/containment/restore.ts';
import { FIRST_VERIFY, verify } from '../../../shared/containment/verify.ts';
import { verifyRestore } from '../../../shared/containment/verify-restore.ts';
import { QUARANTINE_ARN } from '../../support/fake-iam.ts';
import { createScene, plannedSteps, ran, roleSubject, sessionSubject } from './scene.ts';

const TRUST = `{
  "Version": "2012-10-17",
  "Statement": {"Effect":"Allow", "Principal":{"AWS":"arn:aws:iam::111122223333:user/алиса"}, "Action":"sts:AssumeRole"}
}`;
const BLOCKED = `{
  "Version": "2012-10-17",
  "Statement": [{"Effect":"Allow", "Principal":{"AWS":"arn:aws:iam::111122223333:user/алиса"}, "Action":"sts:AssumeRole"},{"Sid":"RescindBlockTrust","Effect":"Deny","Principal":"*","Action":"sts:AssumeRole*"}]
}`;

/** Without what makes the Sid the subject's own. */
const told = (trust: string) => trust.replaceAll(/(?<=RescindBlockTrust)[0-9a-f]{16}/g, '');

function setUp(trust = TRUST) {
  const { contain, fake, ledger, clock } = createScene();
  const role = fake.createRole('builder', { trust });
  const subject = roleSubject(role);
  return {
    fake,
    role,
    subject,
    block: (pass: 'first' | 'reassert' = 'first') =>
      contain({ subject, actions: ['revoke-sessions', 'block-trust'], pass }),
    look: () =>
      verify(
        { iam: fake.iam, ledger: ledger.takeLease(), clock },
        { subject, actions: ['revoke-sessions', 'block-trust'], settleSeconds: 0, progress: FIRST_VERIFY },
      ),
    release: () => restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject, withheld: [] }),
    verdict: () => verifyRestore({ iam: fake.iam, ledger: ledger.takeLease(), clock }, { subject, withheld: [] }),
  };
}

describe('keeping everybody from assuming the role again', () => {
  test('comes after the deny, and touches nothing but its own statement', async () => {
    const { fake, role, block } = setUp();
    const report = ran(await block());
    expect(fake.writes()).toEqual(['PutRolePolicy', 'UpdateAssumeRolePolicy']);
    expect(told(role.trust)).toBe(BLOCKED);
    expect(report.residual.map(({ what }) => what).join()).not.toContain('assumed again');
  });

  test('is given back byte for byte', async () => {
    const { fake, block, release, verdict } = setUp();
    const before = fake.state();
    await block();
    expect(fake.state()).not.toEqual(before);
    expect(await release()).toMatchObject({ kind: 'ran', conflicts: [], failed: [] });
    expect(fake.state()).toEqual(before);
    expect(await verdict()).toEqual({ kind: 'exact' });
  });

  test('twice is once', async () => {
    const { fake, block } = setUp();
    await block();
    fake.forget();
    expect(ran(await block()).steps.map(({ result }) => result)).toEqual(['stands', 'stands']);
    expect(fake.writes()).toEqual([]);
  });

  test('is seen by verify, and put back when somebody takes it out', async () => {
    const { role, block, look } = setUp();
    await block();
    const verdicts = async () => {
      const report = await look();
      return report.kind === 'seen' ? report.steps.map(({ state }) => state) : [];
    };
    expect(await verdicts()).toEqual(['holds', 'holds']);
    role.trust = TRUST;
    expect(await verdicts()).toEqual(['holds', 'undone']);
    await block('reassert');
    expect(told(role.trust)).toBe(BLOCKED);
  });

  test('is appended to what somebody made of the trust policy meanwhile, and a release leaves them that', async () => {
    const { role, block, release } = setUp();
    await block();
    const theirs = TRUST.replace('user/алиса', 'user/bob');
    role.trust = theirs;
    await block('reassert');
    expect(told(role.trust)).toBe(BLOCKED.replace('user/алиса', 'user/bob'));
    await release();
    expect(role.trust).toBe(theirs);
  });

  test('is taken out of what somebody made of it meanwhile, and nothing else is', async () => {
    const { role, block, release } = setUp();
    await block();
    const theirs =
      '{"Sid":"Theirs","Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}';
    role.trust = role.trust.replace(']\n}', `,${theirs}]\n}`);
    await release();
    expect(JSON.parse(role.trust).Statement).toEqual([JSON.parse(TRUST).Statement, JSON.parse(theirs)]);
  });

  test('is not written when the trust policy changed between reading and writing', async () => {
    const { fake, role, block } = setUp();
    const { execute } = fake.iam;
    const orphaned = TRUST.replace('arn:aws:iam::111122223333:user/алиса', 'AIDAEXAMPLEGONE000001');
    fake.iam.execute = (call) => {
      // While the deny goes out, the trusted user is deleted: IAM writes the id instead of the ARN.
      if (call.operation === 'PutRolePolicy') role.trust = orphaned;
      return execute(call);
    };
    const report = ran(await block());
    expect(role.trust).toBe(orphaned);
    expect(report.steps.map(({ actionId, result }) => [actionId, result])).toEqual([
      ['revoke-sessions', 'done'],
      ['block-trust', 'failed'],
    ]);
    expect(fake.writes()).toEqual(['PutRolePolicy']);
  });

  test('is left to a person where a principal of the trust policy was deleted, and the role’s name is in the step', async () => {
    const orphaned = TRUST.replace('arn:aws:iam::111122223333:user/алиса', 'AROAEXAMPLEGONE000001');
    const { fake, role, block } = setUp(orphaned);
    const report = ran(await block());
    expect(fake.writes()).toEqual(['PutRolePolicy']);
    expect(role.trust).toBe(orphaned);
    expect(report.shortfalls).toEqual([
      {
        item: 'trust policy of role builder',
        reason: expect.stringMatching(/AROAEXAMPLEGONE000001.*--role-name builder/),
      },
    ]);
    expect(report.residual.map(({ what }) => what).join()).toContain('assumed again');
  });

  test('is not taken out where a principal was deleted meanwhile, for IAM would refuse it: a person is told', async () => {
    const { role, block, release } = setUp();
    await block();
    const orphaned = role.trust.replace('arn:aws:iam::111122223333:user/алиса', 'AIDAEXAMPLEGONE000001');
    role.trust = orphaned;
    const report = await release();
    expect(role.trust).toBe(orphaned);
    expect(report).toMatchObject({
      kind: 'ran',
      conflicts: [{ reason: expect.stringMatching(/AIDAEXAMPLEGONE000001.*RescindBlockTrust/) }],
    });
  });

  test('does not touch an impostor of the role’s name', async () => {
    const { fake, block, release } = setUp();
    await block();
    fake.forget();
    const { getRole } = fake.iam;
    fake.iam.getRole = async (name) => {
      const found = await getRole(name);
      // Right after it was looked at, it is deleted, and somebody else is given its name.
      fake.deleteRole('builder');
      fake.createRole('builder', { trust: BLOCKED });
      return found;
    };
    expect(await release()).toMatchObject({ kind: 'gone' });
    expect(fake.writes()).toEqual([]);
  });

  test('that does not fit into the quota is said, and the deny stands all the same', async () => {
    const long = TRUST.replace('алиса', 'a'.repeat(2_000));
    const { role, block } = setUp(long);
    const report = ran(await block());
    expect(role.trust).toBe(long);
    expect(report.steps.map(({ result }) => result)).toEqual(['done', 'failed']);
    expect(report.steps[1]?.detail).toContain('quota');
  });

  test('is in the plan with the whole document, which an approval binds to', async () => {
    const { fake, subject } = setUp();
    const steps = await plannedSteps(fake.iam, subject, ['revoke-sessions', 'block-trust']);
    expect(steps.map(({ actionId, stage }) => [actionId, stage])).toEqual([
      ['revoke-sessions', 'deny'],
      ['block-trust', 'credentials'],
    ]);
    const { RoleName, PolicyDocument } = steps[1]?.call.input ?? {};
    expect({ RoleName, PolicyDocument: told(String(PolicyDocument)) }).toEqual({
      RoleName: 'builder',
      PolicyDocument: BLOCKED,
    });
    expect(steps[1]?.prior).toEqual({ document: TRUST });
  });

  test('of a session leaves the role’s own when it is released, and the other way round', async () => {
    const listed = TRUST.replace('{"Effect', '[{"Effect').replace('AssumeRole"}', 'AssumeRole"}]');
    for (const first of ['role', 'session'] as const) {
      const { fake, role, subject } = setUp(listed);
      const session = sessionSubject(role, 'mallory');
      const cases = [subject, session].map((one) => {
        const { ledger, clock } = createScene();
        const iam = fake.iam;
        return {
          block: () =>
            contain(
              { iam, ledger: ledger.takeLease(), clock, mayWrite: async () => ({ ok: true }) },
              {
                subject: one,
                actions: ['block-trust'],
                quarantinePolicyArn: QUARANTINE_ARN,
                sessionMarginSeconds: 60,
                pass: 'first',
              },
            ),
          release: () => restore({ iam, ledger: ledger.takeLease() }, { subject: one, withheld: [] }),
          look: () =>
            verify(
              { iam, ledger: ledger.takeLease(), clock },
              { subject: one, actions: ['block-trust'], settleSeconds: 0, progress: FIRST_VERIFY },
            ),
        };
      });
      const [ended, going] = first === 'role' ? cases : cases.toReversed();
      for (const one of cases) await one.block();
      expect(JSON.parse(role.trust).Statement).toHaveLength(3);
      expect(await ended?.release()).toMatchObject({ kind: 'ran', conflicts: [], failed: [] });
      const services = ',"Condition":{"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}';
      const left = first === 'role' ? BLOCKED.replace('"sts:AssumeRole*"', `"sts:AssumeRole*"${services}`) : BLOCKED;
      expect(told(role.trust)).toBe(left);
      expect(await going?.look()).toMatchObject({ kind: 'seen', steps: [{ state: 'holds' }] });
      await going?.release();
      expect(role.trust).toBe(listed);
    }
  });

  test('that this case never made is not taken out with it: another case’s stands', async () => {
    const { fake, role, block, release } = setUp();
    const { execute } = fake.iam;
    const others = BLOCKED.replace('RescindBlockTrust', 'RescindBlockTrust0123456789abcdef');
    fake.iam.execute = (call) => {
      // Another case blocks the same role between reading and writing, so that ours is refused.
      if (call.operation === 'PutRolePolicy') role.trust = others;
      return execute(call);
    };
    expect(ran(await block()).steps[1]).toMatchObject({ result: 'failed' });
    await release();
    expect(role.trust).toBe(others);
  });
});
