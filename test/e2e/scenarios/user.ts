import { AttachUserPolicyCommand, DeleteUserCommand } from '@aws-sdk/client-iam';
import { describe, expect } from 'vitest';
import { userState } from '../support/iam-state.ts';
import { ADMINISTRATOR_ACCESS, makePerson, READ_ONLY, strip, thiefWith } from '../support/people.ts';
import { PROTECTED_PREFIX, RULES } from '../support/policies.ts';
import { scenario as test } from '../support/scenario.ts';

describe.concurrent('a stolen key that makes its user an administrator', () => {
  test('loses all access, deny first, and the people on call are told once a state', async ({ stage }) => {
    const dana = await makePerson(stage, 'dana', 2);
    const thief = await thiefWith(stage, dana.keys[0]);
    const before = await userState(stage.iam, dana.userName);
    await thief.iam.send(new AttachUserPolicyCommand({ UserName: dana.userName, PolicyArn: ADMINISTRATOR_ACCESS }));

    const { caseId } = await stage.openCaseOf(dana.subject);
    const found = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');

    const quarantine = stage.output('QuarantinePolicyArn');
    const [stolen, other] = dana.keys.map(({ accessKeyId }) => accessKeyId);
    expect(await userState(stage.iam, dana.userName)).toEqual({
      ...before,
      [`attached ${quarantine}`]: 'yes',
      [`key ${stolen}`]: 'Inactive',
      [`key ${other}`]: 'Inactive',
    });
    expect(before, 'what the comparison rests on').toMatchObject({
      [`attached ${READ_ONLY}`]: 'yes',
      [`key ${stolen}`]: 'Active',
      [`key ${other}`]: 'Active',
    });

    expect(found.outcome).toMatchObject({ kind: 'contained', grade: 'B' });
    const { unavailable = [], residual = [] } = found.outcome?.kind === 'contained' ? found.outcome : {};
    expect(unavailable.map(({ operation }) => operation).sort()).toEqual([
      'ListSSHPublicKeys',
      'ListServiceSpecificCredentials',
      'ListSigningCertificates',
    ]);
    expect(residual.length).toBeGreaterThan(0);

    // 1 deny + 2 keys + 0 other credentials + 1 policy.
    const changes = [
      `AttachUserPolicy ${quarantine}`,
      `UpdateAccessKey ${stolen} Inactive`,
      `UpdateAccessKey ${other} Inactive`,
      `DetachUserPolicy ${ADMINISTRATOR_ACCESS}`,
    ];
    if (stage.facts.countsIamCalls) expect(await stage.changesOf(dana.userName)).toEqual(changes);
    const [deny, ...rest] = await stage.store.ledger(caseId);
    expect(deny).toMatchObject({
      order: 0,
      state: 'done',
      reasserted: 0,
      call: { operation: 'AttachUserPolicy', input: { UserName: dana.userName, PolicyArn: quarantine } },
    });
    expect(rest.map(({ state }) => state)).toEqual(['done', 'done', 'done']);

    const alerts = await stage.alertsOf(caseId);
    const common = { severity: 'high', account: '111122223333', case: caseId };
    const rules = JSON.stringify([RULES.administratorAttached]);
    expect(alerts.map(({ attributes }) => attributes)).toEqual([
      { ...common, rules, state: 'containing', 'dedup-id': `${caseId}#1` },
      { ...common, rules, state: 'contained', 'dedup-id': `${caseId}#2` },
    ]);
    expect(JSON.parse(alerts[1]?.message ?? '{}')).toMatchObject({
      schema: 'rescind.alert/1',
      subjectArn: dana.arn,
      outcome: { kind: 'contained', grade: 'B' },
      leftOut: { detections: 0, steps: 0, items: 0 },
    });
  });

  test('and still succeeds with a call later on has the case reopened as partial, with an alert', async ({ stage }) => {
    const dirk = await makePerson(stage, 'dirk');
    const thief = await thiefWith(stage, dirk.keys[0]);
    await thief.iam.send(new AttachUserPolicyCommand({ UserName: dirk.userName, PolicyArn: ADMINISTRATOR_ACCESS }));
    const { caseId } = await stage.openCaseOf(dirk.subject);
    const { containedAt = '' } = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    const before = await userState(stage.iam, dirk.userName);

    const at = (seconds: number) => new Date(Date.parse(containedAt) + seconds * 1000).toISOString();
    const call = (eventID: string, seconds: number) => ({ ...thief.records[0], eventID, eventTime: at(seconds) });
    // Late, and from before the containment: proves nothing.
    await stage.publish(call(`late-${dirk.userId}`, -2));
    await stage.publish(call(`after-${dirk.userId}`, 2));
    const found = await stage.until(caseId, 'reopened', ({ state }) => state === 'needs-human');

    const { missing = [] } = found.outcome?.kind === 'partial' ? found.outcome : {};
    expect(missing).toEqual([
      {
        item: 'the deny',
        reason: `AttachUserPolicy of this subject succeeded at ${at(2)}, after the deny was seen to stand`,
      },
    ]);
    expect((await stage.alertsOf(caseId)).map(({ attributes }) => attributes.state)).toEqual([
      'containing',
      'contained',
      'needs-human',
    ]);
    expect(await userState(stage.iam, dirk.userName)).toEqual(before);
  });

  test('is refused when nobody may touch the user: nothing changes and a person is told', async ({ stage }) => {
    const guard = await makePerson(stage, `${PROTECTED_PREFIX}greta`);
    const thief = await thiefWith(stage, guard.keys[0]);
    await thief.iam.send(new AttachUserPolicyCommand({ UserName: guard.userName, PolicyArn: ADMINISTRATOR_ACCESS }));
    const before = await userState(stage.iam, guard.userName);

    const { caseId } = await stage.openCaseOf(guard.subject);
    const found = await stage.until(caseId, 'refused', ({ outcome }) => outcome?.kind === 'refused');

    expect(found).toMatchObject({ state: 'needs-human', outcome: { kind: 'refused', reason: 'protected' } });
    expect(await stage.store.ledger(caseId)).toEqual([]);
    expect((await stage.alertsOf(caseId)).map(({ attributes }) => attributes.state)).toEqual(['needs-human']);
    expect(await userState(stage.iam, guard.userName)).toEqual(before);
    expect(before).toHaveProperty([`attached ${ADMINISTRATOR_ACCESS}`], 'yes');
    if (stage.facts.countsIamCalls) expect(await stage.changesOf(guard.userName)).toEqual([]);
  });

  test('ends as gone when the user was deleted meanwhile, and whoever bears the name now is left alone', async ({
    stage,
  }) => {
    const gil = await makePerson(stage, 'gil');
    // As long as somebody else holds the subject's lease, the plan is made and nothing is done about it.
    const lease = await stage.store.acquireLease(gil.subject, 'the test', 90);
    const thief = await thiefWith(stage, gil.keys[0]);
    await thief.iam.send(new AttachUserPolicyCommand({ UserName: gil.userName, PolicyArn: ADMINISTRATOR_ACCESS }));
    const { caseId } = await stage.openCaseOf(gil.subject);
    await stage.until(caseId, 'planned and waiting for its lease', ({ state }) => state === 'containing');

    await strip(stage, gil.userName);
    await stage.iam.send(new DeleteUserCommand({ UserName: gil.userName }));
    const impostor = await makePerson(stage, 'gil');
    const before = await userState(stage.iam, impostor.userName);
    await stage.store.releaseLease(lease);
    const found = await stage.until(caseId, 'gone', ({ outcome }) => outcome?.kind === 'gone');

    expect(impostor.userName).toBe(gil.userName);
    expect(impostor.userId).not.toBe(gil.userId);
    expect(found.state).toBe('released');
    expect(await userState(stage.iam, impostor.userName)).toEqual(before);
    if (stage.facts.countsIamCalls) expect(await stage.changesOf(gil.userName)).toEqual([]);
    expect(await stage.casesOf(impostor.subject)).toEqual([]);
  });
});
