import { describe, expect, test } from 'vitest';
import { personOf } from '../../../shared/cases/person-subject.ts';
import { planContainment } from '../../../shared/containment/plan-containment.ts';
import { readSubject } from '../../../shared/containment/read-subject.ts';
import { createPeople } from '../../../shared/identity-center/people.ts';
import { createFakeIam } from '../../support/fake-iam.ts';
import { CENTER, createFakeIdentityCenter, EVE } from '../../support/fake-identity-center.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const clock = createVirtualClock('2026-11-21T02:00:00.000Z');
const eve = personOf({ userId: EVE, account: '111122223333', label: 'eve' }, CENTER);
if (eve === undefined) throw new Error('eve has no id');

/** Eve has Admin in 111122223333 and 444455556666, assigned in the first, and Reader in the second. */
async function scope(...entries: readonly string[]) {
  const center = createFakeIdentityCenter(clock);
  const people = createPeople(center.center(), CENTER, ['444455556666'], { protected: entries });
  const reach = await people.reachOf(EVE, '111122223333');
  return { center, people, reach };
}
const names = (sets: readonly { readonly name: string }[] | undefined) => sets?.map(({ name }) => name);

describe('a permission set', () => {
  test.each([
    ['arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Admin_*'],
    ['arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_00ff00ff00ff00ff'],
    ['arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_admin_00FF00FF00FF00FF'],
    ['arn:aws:iam::*:role/*Admin*'],
  ])('whose role is protected as %s is not changed', async (entry) => {
    const { reach } = await scope(entry);
    expect([names(reach?.inScope), names(reach?.spared)]).toEqual([['Reader'], ['Admin']]);
  });

  test.each([
    ['arn:aws:iam::*:role/BreakGlass*'],
    ['arn:aws:iam::*:role/team/*'],
    ['arn:aws:iam::444455556666:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Admin_*'],
    ['arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Adm_00ff00ff00ff00ff'],
    ['arn:aws:iam::*:user/*'],
  ])('is changed where %s is what is protected', async (entry) => {
    const { reach } = await scope(entry);
    expect([names(reach?.inScope), names(reach?.spared)]).toEqual([['Admin', 'Reader'], []]);
  });
});

test.each([
  [['arn:aws:iam::*:role/*SSO_Admin_*'], ['permission set Admin'], 1],
  [[], [], 2],
])(
  'a plan says what %j keeps it from, so that nobody is called contained who goes on',
  async (entries, left, steps) => {
    const { center, people } = await scope(...entries);
    const { iam } = createFakeIam();
    const resources = {
      read: async (of: Parameters<ReturnType<typeof center.service>['read']>[0]) => ({
        kind: 'read' as const,
        value: await center.service(clock).read(of),
      }),
    };
    const plan = planContainment({
      subject: eve,
      actions: ['deny-permission-sets'],
      snapshot: await readSubject({ iam, resources, people }, eve, []),
      quarantinePolicyArn: '',
      cutOff: '2026-11-21T02:01:00Z',
    });
    if (plan.kind !== 'plan') throw new Error(`${plan.kind} is no plan`);
    expect([plan.shortfalls.map(({ item }) => item), plan.steps.length]).toEqual([left, steps]);
    expect(plan.residual.some(({ what }) => what.includes('rescind.yaml protects the role'))).toBe(left.length > 0);
  },
);
