import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect } from 'vitest';
import { type IamState, userState } from '../support/iam-state.ts';
import { give, giveByGet, knock } from '../support/orders.ts';
import { makePerson, makeRole, type Person, thiefWith } from '../support/people.ts';
import { type Stage, scenario as test } from '../support/scenario.ts';

const OPENED =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}';

/** Somebody who did what a rule in mode approve is about, and the case that waits. */
async function waiting(stage: Stage, name: string): Promise<{ person: Person; caseId: string; before: IamState }> {
  const [person, role] = await Promise.all([makePerson(stage, name), makeRole(stage, `opened-by-${name}`)]);
  const before = await userState(stage.iam, person.userName);
  const thief = await thiefWith(stage, person.keys[0]);
  await thief.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: role.roleName, PolicyDocument: OPENED }));
  const { caseId } = await stage.openCaseOf(person.subject);
  await stage.until(caseId, 'waiting for an approval', ({ state }) => state === 'awaiting-approval');
  expect(await userState(stage.iam, person.userName)).toEqual(before);
  return { person, caseId, before };
}

describe.concurrent('a case that waits for an approval', () => {
  test('is contained once, however often it is approved', async ({ stage }) => {
    const { person, caseId, before } = await waiting(stage, 'petra');
    const plan = await stage.store.plan(caseId, 1);
    const order = { kind: 'approve', caseId, planHash: plan?.hash ?? '' } as const;
    const answers = await Promise.all([give(stage, order), give(stage, order), give(stage, order)]);
    await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    const late = await give(stage, { kind: 'reject', caseId });
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(late).toMatchObject({ status: 409, body: { kind: 'refused' } });
    expect(await stage.untilEnded(caseId)).toEqual({ 'plan-1': 'SUCCEEDED' });
    expect((await stage.store.approval(caseId, 1))?.answer).toMatchObject({
      approved: true,
      by: 'arn:aws:iam::111122223333:root',
    });
    const quarantine = stage.output('QuarantinePolicyArn');
    const [stolen] = person.keys;
    expect(await userState(stage.iam, person.userName)).toEqual({
      ...before,
      [`attached ${quarantine}`]: 'yes',
      [`key ${stolen.accessKeyId}`]: 'Inactive',
    });
    if (stage.facts.countsIamCalls) {
      expect(await stage.changesOf(person.userName)).toEqual([
        `AttachUserPolicy ${quarantine}`,
        `UpdateAccessKey ${stolen.accessKeyId} Inactive`,
      ]);
    }
    expect((await stage.alertsOf(caseId)).map(({ attributes }) => attributes.state)).toEqual([
      'awaiting-approval',
      'containing',
      'contained',
    ]);
  });

  test('leaves everything as it is when it is rejected', async ({ stage }) => {
    const { person, caseId, before } = await waiting(stage, 'quin');
    expect(await give(stage, { kind: 'reject', caseId })).toMatchObject({ status: 200 });
    const found = await stage.until(caseId, 'rejected', ({ outcome }) => outcome?.kind === 'refused');
    expect(await stage.untilEnded(caseId)).toEqual({ 'plan-1': 'SUCCEEDED' });

    expect(found).toMatchObject({ state: 'needs-human', outcome: { kind: 'refused', reason: 'rejected' } });
    expect(await give(stage, { kind: 'approve', caseId })).toMatchObject({ status: 409 });
    expect(await stage.store.ledger(caseId)).toEqual([]);
    expect(await userState(stage.iam, person.userName)).toEqual(before);
    if (stage.facts.countsIamCalls) expect(await stage.changesOf(person.userName)).toEqual([]);
    expect((await stage.alertsOf(caseId)).map(({ attributes }) => attributes.state)).toEqual([
      'awaiting-approval',
      'needs-human',
    ]);
  });

  test('takes no answer from whom it is about, without a signature, by GET, or to another plan', async ({ stage }) => {
    const { person, caseId, before } = await waiting(stage, 'ruth');
    const order = { kind: 'approve', caseId } as const;
    const found = await stage.store.read(caseId);
    expect(await give(stage, order, person.keys[0])).toEqual({
      status: 409,
      body: { kind: 'refused', why: 'Whom a case is about cannot decide it.' },
    });
    expect(await knock(stage, 'POST', order)).toMatchObject({ status: 403 });
    expect(await knock(stage, 'GET', order)).toMatchObject({ status: 403 });
    expect(await giveByGet(stage, order)).toMatchObject({ status: 405 });
    expect(await give(stage, { ...order, planHash: '0'.repeat(64) })).toMatchObject({ status: 409 });
    expect(await give(stage, order, { accessKeyId: 'AKIAOFNOBODY00000000', secretAccessKey: 'none' })).toMatchObject({
      status: 403,
    });

    expect(await stage.store.read(caseId)).toEqual(found);
    expect((await stage.store.approval(caseId, 1))?.answer).toBeUndefined();
    expect(await stage.executionsOf(caseId)).toEqual({ 'plan-1': 'RUNNING' });
    expect(await userState(stage.iam, person.userName)).toEqual(before);
    // Asked for properly, the same order is taken: the door was not simply shut.
    expect(await give(stage, { kind: 'reject', caseId })).toMatchObject({ status: 200 });
  });
});
