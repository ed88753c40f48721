import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Granted } from '../../../shared/cases/case.ts';
import { ACTION_IDS } from '../../../shared/containment/action.ts';
import { OWN_POLICY_PREFIX } from '../../../shared/containment/documents.ts';
import { inlineNamesOf } from '../../../shared/containment/plan-containment.ts';
import { documentHash } from '../../../shared/containment/same-document.ts';
import { ADMINISTRATOR_ARN, QUARANTINE_ARN, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { createScene, ran, roleSubject, userSubject } from './scene.ts';

const ARNS = [ADMINISTRATOR_ARN, READ_ONLY_ARN, QUARANTINE_ARN] as const;
const NAMES = ['alice', 'builder', 'somebody-else'] as const;

const ALLOW = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
const DENY = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';

const principal = fc.constantFrom(...NAMES);
const to = fc.constantFrom('user' as const, 'role' as const);
const attachment = fc.record({
  kind: fc.constant('policy-attached' as const),
  principal,
  to,
  policyArn: fc.constantFrom(...ARNS),
});
const key = fc.record({
  kind: fc.constant('access-key-created' as const),
  principal,
  accessKeyId: fc.constantFrom('AKIAONE', 'AKIATWO', 'AKIAOLD'),
});
const put = fc.record({
  kind: fc.constant('inline-policy-put' as const),
  principal,
  to,
  policyName: fc.constantFrom('allows', 'denies', 'Rescind-Quarantine', 'own'),
  documentHash: fc.constantFrom(documentHash(ALLOW) ?? '', documentHash(DENY) ?? ''),
});
const granted: fc.Arbitrary<readonly Granted[]> = fc.array(fc.oneof(attachment, key, put), { maxLength: 8 });
const inline = () => new Map(Object.entries({ allows: ALLOW, denies: DENY, 'Rescind-Quarantine': DENY, own: '{}' }));

describe('revert, with every action that there is, on any access', () => {
  test('undoes only what the detected calls changed', () =>
    fc.assert(
      fc.asyncProperty(granted, async (of) => {
        const { fake, contain } = createScene();
        const user = fake.createUser('alice', {
          attached: new Set(ARNS),
          inline: inline(),
          accessKeys: new Map([
            ['AKIAONE', 'Active'],
            ['AKIAOLD', 'Inactive'],
          ]),
        });
        const role = fake.createRole('builder', { attached: new Set(ARNS), inline: inline() });
        for (const subject of [userSubject(user), roleSubject(role)]) {
          for (const pass of ['first', 'reassert'] as const)
            await contain({ subject, actions: ACTION_IDS, part: 'revert', pass, granted: of });
        }
        for (const { operation, input } of fake.calls().filter((one) => !/^(Get|List)/.test(one.operation))) {
          const principal = input.UserName ?? input.RoleName;
          const to = input.UserName === undefined ? 'role' : 'user';
          const { PolicyArn: policyArn, PolicyName: policyName, AccessKeyId: accessKeyId } = input;
          if (operation.startsWith('Detach')) {
            expect(policyArn).not.toBe(QUARANTINE_ARN);
            expect(of).toContainEqual({ kind: 'policy-attached', principal, to, policyArn });
          } else if (operation.startsWith('Delete')) {
            expect(policyName).toBe('allows');
            const hash = documentHash(ALLOW);
            expect(of).toContainEqual({ kind: 'inline-policy-put', principal, to, policyName, documentHash: hash });
          } else {
            expect([operation, input.Status]).toEqual(['UpdateAccessKey', 'Inactive']);
            expect(of).toContainEqual({ kind: 'access-key-created', principal, accessKeyId });
          }
        }
      }),
      { numRuns: 100 },
    ));

  test('undoes something, so that the above is not true of nothing', async () => {
    const { fake, contain } = createScene();
    const alice = userSubject(fake.createUser('alice', { attached: new Set(ARNS) }));
    const grant = { kind: 'policy-attached', principal: 'Alice', to: 'user', policyArn: READ_ONLY_ARN } as const;
    await contain({ subject: alice, actions: ACTION_IDS, part: 'revert', granted: [grant] });
    expect(fake.calls().map(({ operation, input }) => [operation, input.PolicyArn])).toContainEqual([
      'DetachUserPolicy',
      READ_ONLY_ARN,
    ]);
  });
});

describe('a policy that a detected call attached once more', () => {
  const DENIES = 'arn:aws:iam::111122223333:policy/held-by-hand';
  const grant = { kind: 'policy-attached', principal: 'mallory', to: 'user', policyArn: DENIES } as const;

  test.each([
    ['denies', DENY, 'left attached: it denies, and may have been attached before'],
    [
      'cannot be read',
      undefined,
      'left attached: whether it denies is not known: GetPolicyVersion failed: AccessDenied',
    ],
  ])('stays where it %s, for it may be what holds somebody', async (_why, document, reason) => {
    const { fake, contain } = createScene();
    fake.putPolicy(DENIES, document ?? ALLOW);
    const mallory = fake.createUser('mallory', { attached: new Set([DENIES]) });
    if (document === undefined) fake.failOn('GetPolicyVersion', 1, 'denied');
    const report = ran(
      await contain({
        subject: userSubject(mallory),
        actions: ['revert-attachment'],
        part: 'revert',
        granted: [grant],
      }),
    );
    expect(mallory.attached).toContain(DENIES);
    expect(report.shortfalls).toContainEqual({ item: `policy ${DENIES}`, reason: expect.stringContaining(reason) });
  });

  test('comes off where it was made so lately that no read shows it', async () => {
    const { fake, contain } = createScene();
    const mallory = fake.createUser('mallory', { attached: new Set([DENIES]) });
    await contain({ subject: userSubject(mallory), actions: ['revert-attachment'], part: 'revert', granted: [grant] });
    expect(mallory.attached).not.toContain(DENIES);
  });
});

test('every inline policy that Rescind writes bears a name that revert leaves alone', () => {
  const { fake } = createScene();
  const role = roleSubject(fake.createRole('builder'));
  const session = { ...role, kind: 'session', sessionName: 'mallory' } as const;
  const names = [userSubject(fake.createUser('alice')), role, session].flatMap((subject) =>
    inlineNamesOf(subject, ACTION_IDS),
  );
  expect(new Set(names).size).toBeGreaterThan(3);
  for (const name of names) expect(name.toLowerCase().startsWith(OWN_POLICY_PREFIX)).toBe(true);
});
