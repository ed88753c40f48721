import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Granted } from '../../../shared/cases/case.ts';
import { ACTION_IDS } from '../../../shared/containment/action.ts';
import { ADMINISTRATOR_ARN, QUARANTINE_ARN, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { createScene, roleSubject, userSubject } from './scene.ts';

const ARNS = [ADMINISTRATOR_ARN, READ_ONLY_ARN, QUARANTINE_ARN] as const;
const NAMES = ['alice', 'builder', 'somebody-else'] as const;

const granted: fc.Arbitrary<readonly Granted[]> = fc.array(
  fc.record({
    kind: fc.constant('policy-attached' as const),
    principal: fc.constantFrom(...NAMES),
    to: fc.constantFrom('user' as const, 'role' as const),
    policyArn: fc.constantFrom(...ARNS),
  }),
  { maxLength: 6 },
);

describe('revert, with every action that there is, on any access', () => {
  test('undoes only what the detected calls changed', () =>
    fc.assert(
      fc.asyncProperty(granted, async (of) => {
        const { fake, contain } = createScene();
        const user = fake.createUser('alice', {
          attached: new Set(ARNS),
          accessKeys: new Map([['AKIAONE', 'Active']]),
        });
        const role = fake.createRole('builder', { attached: new Set(ARNS) });
        for (const subject of [userSubject(user), roleSubject(role)]) {
          for (const pass of ['first', 'reassert'] as const)
            await contain({ subject, actions: ACTION_IDS, part: 'revert', pass, granted: of });
        }
        for (const { operation, input } of fake.calls().filter((one) => !/^(Get|List)/.test(one.operation))) {
          expect(operation).toMatch(/^Detach(User|Role)Policy$/);
          expect(input.PolicyArn).not.toBe(QUARANTINE_ARN);
          expect(of).toContainEqual({
            kind: 'policy-attached',
            principal: input.UserName ?? input.RoleName,
            to: operation === 'DetachUserPolicy' ? 'user' : 'role',
            policyArn: input.PolicyArn,
          });
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
