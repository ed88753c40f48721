import { describe, expect, it } from 'vitest';
import type { BeyondSubject } from '../../../shared/cases/beyond/beyond.ts';
import { createFollowPerson } from '../../../shared/cases/follow-person.ts';
import { createPersonSteps } from '../../../shared/cases/person-steps.ts';
import { subjectOfPrincipal } from '../../../shared/cases/subject-of.ts';
import type { PersonNamed, PersonReach } from '../../../shared/identity-center/reach.ts';
import { NotLoadedError } from '../../../shared/ports/not-loaded.ts';
import { accessEvent, detection, newCase } from '../../support/case-scene.ts';
import { createCaseWorld } from '../../support/case-world.ts';

const INSTANCE = {
  instanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
  identityStoreId: 'd-1234567890',
  region: 'eu-central-1',
};
const NOW = new Date('2026-11-21T02:00:00.250Z');
const set = (n: number) => `arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-000000000000000${n}`;
const EVE: PersonReach = {
  userId: '906792d3-b0e1-70f8',
  userName: 'eve@example.com',
  sets: [
    { arn: set(1), name: 'Admin', hasInline: true },
    { arn: set(2), name: 'Reader', hasInline: false },
  ],
  assignments: [
    { account: '111122223333', permissionSetArn: set(1), through: 'USER', principalId: '906792d3-b0e1-70f8' },
    { account: '444455556666', permissionSetArn: set(2), through: 'GROUP', principalId: 'group-1' },
  ],
  memberships: [{ membershipId: 'membership-1', groupId: 'group-1' }],
  more: false,
};

const session = {
  kind: 'role-session',
  account: '111122223333',
  roleId: 'AROASSO',
  roleName: 'AWSReservedSSO_Admin_0123456789abcdef',
  roleArn: 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef',
  sessionName: 'eve@example.com',
  serviceLinked: false,
} as const;

function person(principal: Parameters<typeof subjectOfPrincipal>[0] = session): BeyondSubject {
  const subject = subjectOfPrincipal(principal, '111122223333');
  if (subject.kind !== 'beyond') throw new Error('Identity Center is out of reach');
  return subject;
}

function stepsFor(answer: PersonReach | undefined | Error, subject = person(), asked: PersonNamed[] = []) {
  const steps = createPersonSteps(
    {
      reachOf: async (one) => {
        asked.push(one);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    INSTANCE,
  );
  return steps(subject, NOW);
}

describe('what a person does about a user of Identity Center', () => {
  it('is asked about by the user’s id, or by the name that the sessions of a permission set bear', async () => {
    const asked: PersonNamed[] = [];
    await stepsFor(EVE, person(), asked);
    await stepsFor(EVE, person({ ...session, onBehalfOf: 'user-7' }), asked);
    await stepsFor(EVE, person({ kind: 'identity-center-user', userId: 'user-8' }), asked);
    expect(asked).toEqual([
      { userName: 'eve@example.com' },
      { userId: 'user-7', userName: 'eve@example.com' },
      { userId: 'user-8' },
    ]);
  });

  it('names every id, denies before it removes, and gives back what it took', async () => {
    const steps = await stepsFor(EVE);
    expect(steps.join('\n')).not.toMatch(
      /\b(USER-ID|SET-ARN|INSTANCE-ARN|STORE-ID|GROUP-ID|ACCOUNT-ID|MEMBERSHIP-ID)\b/,
    );
    const at = (text: string) => steps.findIndex((step) => step.includes(text));
    const order = [
      'Disable user access',
      `get-inline-policy-for-permission-set --region eu-central-1 --instance-arn ${INSTANCE.instanceArn} --permission-set-arn ${set(1)}`,
      'denied-ps-0000000000000001.json',
      `put-inline-policy-to-permission-set --region eu-central-1 --instance-arn ${INSTANCE.instanceArn} --permission-set-arn ${set(2)}`,
      'list-permission-set-provisioning-status',
      'delete-account-assignment',
      'delete-group-membership --region eu-central-1 --identity-store-id d-1234567890 --membership-id membership-1',
      'up to 12 hours',
      'create-group-membership --region eu-central-1 --identity-store-id d-1234567890 --group-id group-1 --member-id UserId=906792d3-b0e1-70f8',
      'create-account-assignment',
      '--inline-policy file://ps-0000000000000001.json',
      'delete-inline-policy-from-permission-set',
    ].map(at);
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    // What a group has is not the user's own: it is taken by the membership.
    expect(steps.filter((step) => step.includes('delete-account-assignment'))).toHaveLength(1);
  });

  it('denies that user alone, up to ten minutes from now, for somebody has to type it', async () => {
    const steps = await stepsFor(EVE);
    const document = /--inline-policy '(\{.*?\})' &&/.exec(steps.find((step) => step.includes('Reader')) ?? '')?.[1];
    expect(JSON.parse(document ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'RescindIdentityCenter',
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: {
            StringEquals: { 'identitystore:userId': '906792d3-b0e1-70f8' },
            DateLessThan: { 'aws:TokenIssueTime': '2026-11-21T02:10:01Z' },
          },
        },
      ],
    });
  });

  it('puts no text of Identity Center into a command that a shell could read otherwise', async () => {
    const hostile = '$(rm -rf .)';
    const steps = await stepsFor({
      ...EVE,
      userId: hostile,
      sets: [{ arn: `${set(1)}/${hostile}`, name: 'Admin', hasInline: true }],
      memberships: [{ membershipId: hostile, groupId: hostile }],
    });
    const commands = steps.flatMap((step) => step.split(': ').slice(1));
    expect(commands.join('\n')).not.toContain(hostile);
  });

  it('says that there is more, where there is', async () => {
    const memberships = Array.from({ length: 21 }, (_, n) => ({ membershipId: `m-${n}`, groupId: `g-${n}` }));
    const steps = await stepsFor({ ...EVE, memberships });
    expect(steps.filter((step) => step.includes('delete-group-membership'))).toHaveLength(20);
    expect(steps.at(-1)).toContain('There is more than is listed here');
    expect((await stepsFor({ ...EVE, more: true })).at(-1)).toContain('There is more than is listed here');
  });

  it.each([
    ['nobody bears the name', undefined, 'Identity Center knows nobody as eve@example.com'],
    ['it cannot be read', Object.assign(new Error('no'), { name: 'AccessDeniedException' }), 'AccessDeniedException'],
  ])('falls back to the steps with stand-ins where %s, and says why', async (_, answer, why) => {
    const steps = await stepsFor(answer);
    expect(steps[0]).toContain(why);
    expect(steps.slice(1)).toEqual(person().humanSteps);
  });
});

describe('a case about a user of Identity Center', () => {
  it('ends with the real ids where Identity Center is configured, and with stand-ins where not', async () => {
    for (const configured of [true, false]) {
      const world = createCaseWorld();
      const steps = createPersonSteps({ reachOf: async () => EVE }, INSTANCE);
      Object.assign(world.planDeps, configured ? { personSteps: steps } : {});
      await world.evaluate(accessEvent({ principal: session }));
      await world.executeAll();
      const { state, outcome } = await world.stateOf();
      expect(state).toBe('needs-human');
      expect(outcome?.kind).toBe('not-containable');
      const text = outcome?.kind === 'not-containable' ? outcome.humanSteps.join('\n') : '';
      expect(text.includes('INSTANCE-ARN')).toBe(!configured);
      expect(text.includes(INSTANCE.instanceArn)).toBe(configured);
    }
  });
});

describe('whose user a session is', () => {
  const follow = (fault: Error) => {
    const { store, flow, clock } = createCaseWorld();
    const identityCenter = { reachOf: () => Promise.reject(fault) };
    const center = { ...INSTANCE, contain: true };
    const followPerson = createFollowPerson({
      ...{ store, flow, clock, identityCenter, center },
      newCaseId: () => 'C-9',
    });
    return followPerson(newCase({ subject: person() }), []);
  };

  it('is left to the steps where Identity Center does not say', async () => {
    expect(await follow(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }))).toBeUndefined();
  });

  it.each([
    [
      'a week old leads to no case anew: nobody knows any more whether a person has ended one',
      '2026-11-14T01:00:00Z',
      0,
    ],
    ['of today leads to a case', '2026-11-21T01:00:00Z', 1],
  ])('is told, and a detection %s', async (_, detectedAt, cases) => {
    const world = createCaseWorld();
    const userId = '906792d3-b0e1-70f8-d7f2-5a0000000001';
    const followPerson = createFollowPerson({
      store: world.store,
      flow: world.flow,
      clock: world.clock,
      newCaseId: () => 'C-9',
      identityCenter: { reachOf: async () => ({ ...EVE, userId }) },
      center: { ...INSTANCE, contain: true },
    });
    await followPerson(newCase({ subject: person() }), [detection({ detectedAt, eventTime: detectedAt })]);
    expect(await world.store.list()).toHaveLength(cases);
  });

  it('is a fault where the code that asks is missing, or nobody would ever be contained there', async () => {
    const fault = new NotLoadedError(new Error('no such file'));
    await expect(follow(fault)).rejects.toBe(fault);
  });
});
