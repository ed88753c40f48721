import { describe, expect, test } from 'vitest';
import { hashPlan } from '../../../shared/containment/hash-plan.ts';
import { inlineNamesOf, planContainment } from '../../../shared/containment/plan-containment.ts';
import { readSubject } from '../../../shared/containment/read-subject.ts';
import { ADMINISTRATOR_ARN, QUARANTINE_ARN, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { createScene, plannedSteps, roleSubject, sessionSubject, USER_ACTIONS, userSubject } from './scene.ts';

function alice() {
  const { fake, clock } = createScene();
  const user = fake.createUser('alice', {
    attached: new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]),
    accessKeys: new Map([['AKIAONE', 'Active']]),
    certificates: new Map([['CERT1', 'Active']]),
  });
  return { fake, clock, user, subject: userSubject(user) };
}

describe('the plan of a user', () => {
  test('names every call in order: deny, credentials, detach', async () => {
    const { fake, subject } = alice();
    const steps = await plannedSteps(fake.iam, subject, USER_ACTIONS);
    expect(steps.map(({ title, stage }) => [stage, title])).toEqual([
      ['deny', 'attach the quarantine policy to user alice'],
      ['credentials', 'deactivate access key AKIAONE'],
      ['credentials', 'deactivate signing certificate CERT1'],
      ['detach', `detach ${ADMINISTRATOR_ARN} from user alice`],
    ]);
    expect(steps[0]).toEqual({
      key: 'quarantine#user alice',
      actionId: 'quarantine',
      target: 'user alice',
      title: 'attach the quarantine policy to user alice',
      stage: 'deny',
      call: {
        service: 'iam',
        operation: 'AttachUserPolicy',
        input: { UserName: 'alice', PolicyArn: QUARANTINE_ARN },
      },
      prior: { attached: false },
      fallbacks: [
        {
          call: {
            service: 'iam',
            operation: 'PutUserPolicy',
            input: {
              UserName: 'alice',
              PolicyName: 'Rescind-Quarantine',
              PolicyDocument:
                '{"Version":"2012-10-17","Statement":[{"Sid":"RescindQuarantine","Effect":"Deny","Action":"*","Resource":"*"}]}',
            },
          },
          prior: { document: null },
        },
        {
          call: {
            service: 'iam',
            operation: 'PutUserPermissionsBoundary',
            input: { UserName: 'alice', PermissionsBoundary: QUARANTINE_ARN },
          },
          prior: { boundary: null },
        },
      ],
    });
    expect(fake.writes()).toEqual([]);
  });

  test('is a plan without steps where a rule only tells, and not something that cannot be contained', async () => {
    const { fake, subject } = alice();
    expect(await plannedSteps(fake.iam, subject, [])).toEqual([]);
  });

  test('says what a deny does not end, each with what a human does about it', async () => {
    const { fake, subject } = alice();
    const snapshot = await readSubject({ iam: fake.iam }, subject, []);
    const plan = planContainment({
      subject,
      actions: USER_ACTIONS,
      snapshot,
      quarantinePolicyArn: QUARANTINE_ARN,
      cutOff: 'AT-CONTAINMENT',
    });
    const residual = plan.kind === 'plan' ? plan.residual : [];
    expect(residual.map(({ what }) => what)).toEqual([
      'sts:GetCallerIdentity still answers, and so do logins built on it (Kubernetes, Vault and the like)',
      'role sessions that it assumed before live on',
      'open database sessions, and database passwords and tokens that it fetched',
      'open SSM sessions',
      'grants that it made, of keys and others, are valid for those who hold them',
      'compute that it started runs on, under roles of its own',
      'tokens already handed to third parties',
      'a console password, if it has one: who knows it is denied now, and signs in again after a release',
    ]);
    expect(residual.every(({ humanStep }) => humanStep.length > 20)).toBe(true);
    const steps = residual.map(({ humanStep }) => humanStep).join('\n');
    expect(steps).toContain('AttributeKey=Username,AttributeValue=alice');
    expect(steps).toContain(`--filters key=Owner,value=${subject.arn}`);
    expect(steps).toContain('aws iam update-login-profile --user-name alice');
  });

  test('the quarantine policy itself is never detached', async () => {
    const { fake, subject, user } = alice();
    user.attached.add(QUARANTINE_ARN);
    fake.putPolicy(QUARANTINE_ARN, '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}');
    const steps = await plannedSteps(fake.iam, subject, USER_ACTIONS);
    expect(steps.filter(({ stage }) => stage === 'detach').map(({ target }) => target)).toEqual([
      `policy ${ADMINISTRATOR_ARN}`,
    ]);
  });

  test('a policy that cannot be judged is listed, not detached', async () => {
    const { fake, subject } = alice();
    fake.putPolicy(ADMINISTRATOR_ARN, 'not JSON');
    const { readDocuments } = await import('../../../shared/containment/read-subject.ts');
    const snapshot = await readSubject({ iam: fake.iam }, subject, []);
    const plan = planContainment({
      subject,
      actions: ['detach-policies'],
      snapshot,
      documents: await readDocuments(fake.iam, snapshot, QUARANTINE_ARN),
      quarantinePolicyArn: QUARANTINE_ARN,
      cutOff: 'AT-CONTAINMENT',
    });
    expect(plan).toMatchObject({
      steps: [],
      shortfalls: [{ item: `policy ${ADMINISTRATOR_ARN}`, reason: 'the document is not JSON' }],
    });
  });
});

describe('the hash of a plan', () => {
  test('is the same for the same plan, whenever it is made', async () => {
    const { fake } = createScene();
    const subject = sessionSubject(fake.createRole('builder'), 'mallory');
    const first = hashPlan(await plannedSteps(fake.iam, subject, ['revoke-session']));
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(hashPlan(await plannedSteps(fake.iam, subject, ['revoke-session']))).toBe(first);
  });

  test('changes with a call, with a prior value and with a document', async () => {
    const { fake, subject, user } = alice();
    const hash = async () => hashPlan(await plannedSteps(fake.iam, subject, USER_ACTIONS));
    const hashes = [await hash()];
    user.accessKeys.set('AKIATWO', 'Active');
    hashes.push(await hash());
    user.attached.add(QUARANTINE_ARN);
    hashes.push(await hash());
    user.inline.set('Rescind-Quarantine', '{}');
    hashes.push(await hash());
    expect(new Set(hashes).size).toBe(4);
  });

  test('does not change with what the plan does not touch', async () => {
    const { fake, subject, user } = alice();
    const before = hashPlan(await plannedSteps(fake.iam, subject, USER_ACTIONS));
    user.inline.set('own', '{}');
    user.accessKeys.set('AKIAOLD', 'Inactive');
    expect(hashPlan(await plannedSteps(fake.iam, subject, USER_ACTIONS))).toBe(before);
  });
});

describe('who cannot be contained here', () => {
  const planRole = async (path: string) => {
    const { fake } = createScene();
    const subject = roleSubject(fake.createRole('special', { path }));
    const actions = ['revoke-sessions'] as const;
    const snapshot = await readSubject({ iam: fake.iam }, subject, inlineNamesOf(subject, actions));
    return planContainment({
      subject,
      actions,
      snapshot,
      quarantinePolicyArn: QUARANTINE_ARN,
      cutOff: 'AT-CONTAINMENT',
    });
  };

  test.each(['/aws-service-role/ecs.amazonaws.com/', '/aws-reserved/sso.amazonaws.com/eu-west-1/'])(
    'a role under %s',
    async (path) => {
      const plan = await planRole(path);
      expect(plan.kind).toBe('not-containable');
      expect(plan.kind === 'not-containable' && plan.humanSteps.length).toBeGreaterThan(0);
    },
  );

  test('a role under another path can be', async () => {
    expect((await planRole('/service-role/')).kind).toBe('plan');
  });

  test('a session whose name AWS would not have allowed writes no policy', async () => {
    const { fake } = createScene();
    const subject = sessionSubject(fake.createRole('builder'), '*');
    const snapshot = await readSubject({ iam: fake.iam }, subject, []);
    const plan = planContainment({
      subject,
      actions: ['revoke-session'],
      snapshot,
      quarantinePolicyArn: QUARANTINE_ARN,
      cutOff: 'AT-CONTAINMENT',
    });
    expect(plan.kind).toBe('not-containable');
  });
});
