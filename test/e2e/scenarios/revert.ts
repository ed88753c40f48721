import { AttachUserPolicyCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect } from 'vitest';
import { userState } from '../support/iam-state.ts';
import { give } from '../support/orders.ts';
import { makePerson, POWER_USER_ACCESS, READ_ONLY, REPORTS_DOCUMENT, thiefWith } from '../support/people.ts';
import { scenario as test } from '../support/scenario.ts';

describe.concurrent('a change that is undone', () => {
  test('a policy that a thief attached to somebody else comes off, and a release gives it back only with all', async ({
    stage,
  }) => {
    const [ulla, viggo] = await Promise.all([makePerson(stage, 'ulla'), makePerson(stage, 'viggo')]);
    const thief = await thiefWith(stage, ulla.keys[0]);
    const before = await userState(stage.iam, viggo.userName);
    await thief.iam.send(new AttachUserPolicyCommand({ UserName: viggo.userName, PolicyArn: POWER_USER_ACCESS }));

    const { caseId } = await stage.openCaseOf(viggo.subject);
    const found = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    expect(await userState(stage.iam, viggo.userName)).toEqual(before);
    expect(before).toHaveProperty([`attached ${READ_ONLY}`], 'yes');
    expect(found.outcome).toMatchObject({
      kind: 'contained',
      residual: [{ what: `${ulla.userName} made the change that was undone, and can make it again` }],
    });
    if (stage.facts.countsIamCalls) {
      expect(await stage.changesOf(viggo.userName)).toEqual([`DetachUserPolicy ${POWER_USER_ACCESS}`]);
    }
    expect(await stage.store.ledger(caseId)).toMatchObject([
      { key: `revert-attachment#${POWER_USER_ACCESS}`, state: 'done', prior: { attached: true } },
    ]);
    expect(await stage.untilEnded(caseId)).toEqual({ 'plan-1': 'SUCCEEDED' });

    await give(stage, { kind: 'release', caseId, all: false });
    const released = await stage.until(caseId, 'released', ({ state }) => state === 'released');
    expect(released.release?.withheld.map(({ reason }) => reason)).toEqual([
      'it was attached by a call that was detected',
    ]);
    expect(await userState(stage.iam, viggo.userName)).toEqual(before);
    await stage.untilEnded(caseId);

    await give(stage, { kind: 'release', caseId, all: true });
    await stage.until(caseId, 'released whole', ({ state, releases }) => state === 'released' && releases === 2);
    expect(await userState(stage.iam, viggo.userName)).toEqual({ ...before, [`attached ${POWER_USER_ACCESS}`]: 'yes' });
  });

  test('an inline policy that a thief wrote is deleted, and said to be partial, for what stood there nobody knows', async ({
    stage,
  }) => {
    const [wanda, xaver] = await Promise.all([makePerson(stage, 'wanda'), makePerson(stage, 'xaver')]);
    const thief = await thiefWith(stage, wanda.keys[0]);
    const before = await userState(stage.iam, xaver.userName);
    await thief.iam.send(
      new PutUserPolicyCommand({ UserName: xaver.userName, PolicyName: 'opened', PolicyDocument: REPORTS_DOCUMENT }),
    );

    const { caseId } = await stage.openCaseOf(xaver.subject);
    const found = await stage.until(caseId, 'partial', ({ outcome }) => outcome?.kind === 'partial');
    expect(found).toMatchObject({
      state: 'needs-human',
      outcome: { missing: [{ item: 'inline policy opened', reason: expect.stringContaining('not in the record') }] },
    });
    expect(await userState(stage.iam, xaver.userName)).toEqual(before);
    await stage.untilEnded(caseId);

    await give(stage, { kind: 'release', caseId, all: true });
    await stage.until(caseId, 'released', ({ state }) => state === 'released');
    const now = await userState(stage.iam, xaver.userName);
    expect(Object.keys(now).filter((key) => !Object.hasOwn(before, key))).toHaveLength(1);
    expect(JSON.stringify(now)).toContain('opened');
  });
});
