import { AttachUserPolicyCommand, CreateAccessKeyCommand, DetachUserPolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect } from 'vitest';
import { consoleSignInRecord } from '../../../cli/staging/console-sign-in-record.ts';
import { userState } from '../support/iam-state.ts';
import { give } from '../support/orders.ts';
import { ADMINISTRATOR_ACCESS, given, makePerson, thiefWith } from '../support/people.ts';
import { RULES, SETTLE_SECONDS } from '../support/policies.ts';
import { scenario as test } from '../support/scenario.ts';

describe.concurrent('a detection about somebody who has a case', () => {
  test('joins it at once while the containment is under way, and what it granted to others is told', async ({
    stage,
  }) => {
    const [finn, gina] = await Promise.all([makePerson(stage, 'finn'), makePerson(stage, 'gina')]);
    const thief = await thiefWith(stage, finn.keys[0]);
    await thief.iam.send(new AttachUserPolicyCommand({ UserName: finn.userName, PolicyArn: ADMINISTRATOR_ACCESS }));
    const { caseId } = await stage.openCaseOf(finn.subject);
    await stage.untilDone(caseId, 'quarantine#');
    const { AccessKey } = await thief.iam.send(new CreateAccessKeyCommand({ UserName: gina.userName }));
    const joined = await stage.until(caseId, 'joined', ({ ruleIds }) => ruleIds.length === 2);
    expect(joined).toMatchObject({ state: 'containing', planVersion: 1 });

    const found = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    expect(found.ruleIds).toEqual([RULES.administratorAttached, RULES.keyForSomebodyElse]);
    expect(await stage.casesOf(finn.subject)).toHaveLength(1);
    expect(await stage.untilEnded(caseId)).toEqual({ 'plan-1': 'SUCCEEDED' });
    const { residual = [] } = found.outcome?.kind === 'contained' ? found.outcome : {};
    expect(residual.map(({ what }) => what)).toContainEqual(expect.stringContaining(given(AccessKey?.AccessKeyId)));
    expect((await stage.alertsOf(caseId)).map(({ attributes }) => attributes.state)).toEqual([
      'containing',
      'contained',
    ]);
  });

  test('is told in the outcome even when it comes after the last pass and before the verdict', async ({ stage }) => {
    const [hans, ines] = await Promise.all([makePerson(stage, 'hans'), makePerson(stage, 'ines')]);
    const thief = await thiefWith(stage, hans.keys[0]);
    await thief.iam.send(new AttachUserPolicyCommand({ UserName: hans.userName, PolicyArn: ADMINISTRATOR_ACCESS }));
    const { caseId } = await stage.openCaseOf(hans.subject);
    await stage.untilDone(caseId, 'detach-policies#');
    const { AccessKey } = await thief.iam.send(new CreateAccessKeyCommand({ UserName: ines.userName }));
    const joined = await stage.until(caseId, 'joined', ({ ruleIds }) => ruleIds.length === 2);
    expect(joined.state, 'the detection came too late for this test').toBe('containing');

    const found = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    const { residual = [] } = found.outcome?.kind === 'contained' ? found.outcome : {};
    expect(residual.map(({ what }) => what)).toContainEqual(expect.stringContaining(given(AccessKey?.AccessKeyId)));
  });

  test('makes a second plan when the first only told: a sign-in without MFA, then the administrator policy', async ({
    stage,
  }) => {
    const jana = await makePerson(stage, 'jana');
    const thief = await thiefWith(stage, jana.keys[0]);
    const { userIdentity } = thief.caller;
    if (userIdentity.type !== 'IAMUser') throw new Error('Jana is a user.');
    await stage.publish(
      consoleSignInRecord({
        user: userIdentity,
        region: stage.facts.region,
        sourceIPAddress: '203.0.113.66',
        userAgent: 'Mozilla/5.0',
        outcome: 'Success',
        mfaUsed: false,
        at: new Date(),
        eventId: `sign-in-${jana.userId}`,
      }),
    );
    const { caseId } = await stage.openCaseOf(jana.subject);
    const told = await stage.until(caseId, 'told', ({ outcome }) => outcome !== undefined);
    expect(told).toMatchObject({
      state: 'open',
      planVersion: 1,
      actions: [],
      playbooks: ['alert'],
      severity: 'medium',
    });

    await thief.iam.send(new AttachUserPolicyCommand({ UserName: jana.userName, PolicyArn: ADMINISTRATOR_ACCESS }));
    const found = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    expect(found).toMatchObject({ planVersion: 2, severity: 'high', playbooks: ['alert', 'contain'] });
    expect(await stage.casesOf(jana.subject)).toHaveLength(1);
    expect(await stage.untilEnded(caseId)).toEqual({ 'plan-1': 'SUCCEEDED', 'plan-2': 'SUCCEEDED' });
    expect(
      (await stage.alertsOf(caseId)).map(({ attributes }) => `${attributes.severity} ${attributes.state}`),
    ).toEqual(['medium open', 'high containing', 'high contained']);
  });

  test('of another rule at the very same time makes one case', async ({ stage }) => {
    const [kurt, lena] = await Promise.all([makePerson(stage, 'kurt'), makePerson(stage, 'lena')]);
    const thief = await thiefWith(stage, kurt.keys[0]);
    await Promise.all([
      thief.iam.send(new AttachUserPolicyCommand({ UserName: kurt.userName, PolicyArn: ADMINISTRATOR_ACCESS })),
      thief.iam.send(new CreateAccessKeyCommand({ UserName: lena.userName })),
    ]);
    const { caseId } = await stage.openCaseOf(kurt.subject);
    const found = await stage.until(
      caseId,
      'contained with both detections',
      ({ state, ruleIds }) => state === 'contained' && ruleIds.length === 2,
    );
    expect([...found.ruleIds].sort()).toEqual([RULES.keyForSomebodyElse, RULES.administratorAttached].sort());
    expect(await stage.casesOf(kurt.subject)).toHaveLength(1);
    expect(await stage.store.detections(caseId)).toHaveLength(2);
    expect(await stage.untilEnded(caseId)).toEqual({ 'plan-1': 'SUCCEEDED' });
    expect((await stage.alertsOf(caseId)).map(({ attributes }) => attributes.state)).toEqual([
      'containing',
      'contained',
    ]);
  });

  test('wins over the release of the case: access ends up taken back', async ({ stage }) => {
    const [mara, nils] = await Promise.all([makePerson(stage, 'mara'), makePerson(stage, 'nils')]);
    const thief = await thiefWith(stage, mara.keys[0]);
    await thief.iam.send(new AttachUserPolicyCommand({ UserName: mara.userName, PolicyArn: ADMINISTRATOR_ACCESS }));
    const { caseId } = await stage.openCaseOf(mara.subject);
    await stage.until(caseId, 'contained', ({ state }) => state === 'contained');

    // As long as somebody else holds the subject's lease, the release has begun and gives nothing back.
    const lease = await stage.store.acquireLease(mara.subject, 'the test', 90);
    await give(stage, { kind: 'release', caseId, all: true });
    await stage.until(caseId, 'releasing', ({ state }) => state === 'releasing');
    await thief.iam.send(new CreateAccessKeyCommand({ UserName: nils.userName }));
    await stage.until(caseId, 'taken out of its release', ({ state }) => state !== 'releasing');
    await stage.store.releaseLease(lease);

    const found = await stage.until(caseId, 'contained again', ({ state }) => state === 'contained');
    await stage.untilEnded(caseId);
    expect(found.planVersion).toBe(3);
    expect(await stage.store.read(caseId)).toMatchObject({ state: 'contained', outcome: { kind: 'contained' } });
    const after = await userState(stage.iam, mara.userName);
    expect(after).toMatchObject({
      [`attached ${stage.output('QuarantinePolicyArn')}`]: 'yes',
      [`key ${mara.keys[0].accessKeyId}`]: 'Inactive',
    });
    expect(after).not.toHaveProperty([`attached ${ADMINISTRATOR_ACCESS}`]);
    expect(await stage.casesOf(mara.subject)).toHaveLength(1);
  });
});

describe.concurrent('a quarantine that somebody takes off', () => {
  test('is put back, and nothing is called contained until it has stood for the settle time since', async ({
    stage,
  }) => {
    const owen = await makePerson(stage, 'owen');
    const quarantine = stage.output('QuarantinePolicyArn');
    const thief = await thiefWith(stage, owen.keys[0]);
    await thief.iam.send(new AttachUserPolicyCommand({ UserName: owen.userName, PolicyArn: ADMINISTRATOR_ACCESS }));
    const { caseId } = await stage.openCaseOf(owen.subject);
    await stage.untilDone(caseId, 'quarantine#');
    await stage.iam.send(new DetachUserPolicyCommand({ UserName: owen.userName, PolicyArn: quarantine }));
    const undoneAt = Date.now();
    expect((await stage.store.read(caseId))?.state).toBe('containing');

    const found = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
    expect(await userState(stage.iam, owen.userName)).toHaveProperty([`attached ${quarantine}`], 'yes');
    const [deny] = await stage.store.ledger(caseId);
    expect(deny).toMatchObject({ reasserted: 1, state: 'done' });
    const putBackAt = Date.parse(deny?.settledAt ?? '');
    expect(putBackAt).toBeGreaterThanOrEqual(undoneAt);
    expect(Date.parse(found.containedAt ?? '') - putBackAt).toBeGreaterThanOrEqual(SETTLE_SECONDS * 1000);
    if (stage.facts.countsIamCalls) {
      const attached = (await stage.changesOf(owen.userName))?.filter((change) => change.startsWith('Attach'));
      expect(attached).toEqual([`AttachUserPolicy ${quarantine}`, `AttachUserPolicy ${quarantine}`]);
    }
    const texts = (await stage.store.verifications(caseId)).map(({ text }) => text);
    expect(texts).toContainEqual(expect.stringContaining('undone by somebody: user owen'));
  });
});
