import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  AttachUserPolicyCommand,
  DeleteAccessKeyCommand,
  PutUserPolicyCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import { describe, expect } from 'vitest';
import { type IamState, userState } from '../support/iam-state.ts';
import { give } from '../support/orders.ts';
import { ADMINISTRATOR_ACCESS, makePerson, type Person, thiefWith } from '../support/people.ts';
import { type Stage, scenario as test } from '../support/scenario.ts';

const EC2_READ_ONLY = 'arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess';

/** Somebody contained, and what IAM said after the attack and before Rescind heard of it. */
async function contained(stage: Stage, person: Person) {
  let before: IamState = {};
  const thief = await thiefWith(stage, person.keys[0], async () => {
    before = await userState(stage.iam, person.userName);
  });
  await thief.iam.send(new AttachUserPolicyCommand({ UserName: person.userName, PolicyArn: ADMINISTRATOR_ACCESS }));
  const { caseId } = await stage.openCaseOf(person.subject);
  await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
  return { caseId, before, records: thief.records };
}

describe.concurrent('a release', () => {
  test('of everything gives back what was there, byte for byte, and tells of both steps; what is told late after it asks first', async ({
    stage,
  }) => {
    const bea = await makePerson(stage, 'bea', 2);
    const { caseId, before, records } = await contained(stage, bea);
    expect(await userState(stage.iam, bea.userName)).not.toEqual(before);

    expect(await give(stage, { kind: 'release', caseId, all: true })).toMatchObject({ status: 200 });
    const found = await stage.until(caseId, 'released', ({ state }) => state === 'released');

    expect(await userState(stage.iam, bea.userName)).toEqual(before);
    expect(before).toHaveProperty([`attached ${ADMINISTRATOR_ACCESS}`], 'yes');
    expect(found.release).toMatchObject({ all: true, withheld: [], conflicts: [], failed: [] });
    expect(found.release?.by).toBe('arn:aws:iam::111122223333:root');
    expect((await stage.alertsOf(caseId)).map(({ attributes }) => attributes.state)).toEqual([
      'containing',
      'contained',
      'releasing',
      'released',
    ]);

    const eventTime = new Date(Date.now() - 2 * 3_600_000).toISOString();
    await stage.publish({ ...records[0], eventID: `late-${bea.userId}`, eventTime });
    const late = await stage.openCaseOf(bea.subject);
    const asked = await stage.until(late.caseId, 'asked about', ({ state }) => state === 'awaiting-approval');
    expect(asked).toMatchObject({ mode: 'approve', releasedSince: { caseId, at: found.release?.at } });
    expect(await userState(stage.iam, bea.userName)).toEqual(before);
  });

  test('keeps back the compromised key and what the attack granted, and gives them back when asked for all', async ({
    stage,
  }) => {
    const cora = await makePerson(stage, 'cora', 2);
    const { caseId, before } = await contained(stage, cora);
    const [stolen] = cora.keys;
    const { [`attached ${ADMINISTRATOR_ACCESS}`]: granted, ...withoutGrant } = before;
    expect(granted).toBe('yes');

    await give(stage, { kind: 'release', caseId, all: false });
    const first = await stage.until(caseId, 'released', ({ state }) => state === 'released');
    expect(first.release?.withheld.map(({ target, reason }) => `${target}: ${reason}`).sort()).toEqual([
      `access key ${stolen.accessKeyId}: it made the calls that were detected: it counts as compromised`,
      `policy ${ADMINISTRATOR_ACCESS}: it was attached by a call that was detected`,
    ]);
    expect(await userState(stage.iam, cora.userName)).toEqual({
      ...withoutGrant,
      [`key ${stolen.accessKeyId}`]: 'Inactive',
    });

    await give(stage, { kind: 'release', caseId, all: true });
    await stage.until(caseId, 'released again', ({ state, releases }) => state === 'released' && releases === 2);
    expect(await userState(stage.iam, cora.userName)).toEqual(before);
  });

  test('undoes only what Rescind did: what others changed meanwhile stays, and what it cannot give back is listed', async ({
    stage,
  }) => {
    const dora = await makePerson(stage, 'dora', 2);
    const { caseId, before } = await contained(stage, dora);
    const [stolen, other] = dora.keys;
    const lost = other?.accessKeyId ?? '';
    const edited = '{"Version":"2012-10-17","Statement":[]}';
    const of = { UserName: dora.userName };
    await stage.iam.send(new AttachUserPolicyCommand({ ...of, PolicyArn: EC2_READ_ONLY }));
    await stage.iam.send(new TagUserCommand({ ...of, Tags: [{ Key: 'incident', Value: '42' }] }));
    await stage.iam.send(new PutUserPolicyCommand({ ...of, PolicyName: 'reports', PolicyDocument: edited }));
    await stage.iam.send(new DeleteAccessKeyCommand({ ...of, AccessKeyId: lost }));

    await give(stage, { kind: 'release', caseId, all: true });
    const found = await stage.until(
      caseId,
      'no longer releasing',
      ({ state }) => state === 'released' || state === 'needs-human',
    );

    const { [`key ${lost}`]: was, ...rest } = before;
    expect(was).toBe('Active');
    expect(rest).toHaveProperty([`key ${stolen.accessKeyId}`], 'Active');
    const after = await userState(stage.iam, dora.userName);
    expect({ ...after, 'inline reports': decodeURIComponent(after['inline reports'] ?? '') }).toEqual({
      ...rest,
      [`attached ${EC2_READ_ONLY}`]: 'yes',
      'tag incident': '42',
      'inline reports': edited,
    });
    expect(found.release?.conflicts.map(({ target }) => target)).toEqual([`access key ${lost}`]);
    expect(found.release?.withheld).toEqual([]);
  });
});

describe.concurrent('a release of a case whose ledger somebody changed', () => {
  test('gives nothing back from the entry that was changed, and everything else; a person is paged', async ({
    stage,
  }) => {
    const fay = await makePerson(stage, 'fay', 2);
    const { caseId, before } = await contained(stage, fay);
    const [stolen, other] = fay.keys;
    const entry = `deactivate-keys#${other?.accessKeyId}`;
    // Whoever can write the table wants another user's key switched on by the next release.
    await new DynamoDBClient(stage.config).send(
      new UpdateItemCommand({
        TableName: stage.output('CasesTable'),
        Key: { pk: { S: `CASE#${caseId}` }, sk: { S: `LEDGER#${entry}` } },
        UpdateExpression: 'SET #call.#input.UserName = :somebody',
        ExpressionAttributeNames: { '#call': 'call', '#input': 'input' },
        ExpressionAttributeValues: { ':somebody': { S: 'somebody-else' } },
      }),
    );

    await give(stage, { kind: 'release', caseId, all: true });
    const found = await stage.until(caseId, 'with a person', ({ state }) => state === 'needs-human');

    const reason = 'refused: its ledger entry was changed after it was written';
    const target = `access key ${other?.accessKeyId}`;
    expect(found.release?.refused).toEqual([{ key: entry, target, reason }]);
    expect(found.outcome).toMatchObject({
      kind: 'partial',
      missing: [{ item: target, reason: `not given back: ${reason}` }],
    });
    expect(await userState(stage.iam, fay.userName)).toEqual({ ...before, [`key ${other?.accessKeyId}`]: 'Inactive' });
    expect(before).toHaveProperty([`key ${stolen.accessKeyId}`], 'Active');
    const alert = (await stage.alertsOf(caseId)).at(-1);
    expect(alert?.attributes).toMatchObject({ state: 'needs-human', case: caseId });
  });
});

describe.concurrent('a release ordered while the containment is under way', () => {
  test('ends the containment at its fence and gives everything back', async ({ stage }) => {
    const erik = await makePerson(stage, 'erik', 2);
    let before: IamState = {};
    const thief = await thiefWith(stage, erik.keys[0], async () => {
      before = await userState(stage.iam, erik.userName);
    });
    await thief.iam.send(new AttachUserPolicyCommand({ UserName: erik.userName, PolicyArn: ADMINISTRATOR_ACCESS }));
    const { caseId } = await stage.openCaseOf(erik.subject);
    await stage.untilDone(caseId, 'quarantine#');
    expect((await stage.store.read(caseId))?.state).toBe('containing');
    expect(await give(stage, { kind: 'release', caseId, all: true })).toMatchObject({ status: 200 });

    await stage.until(caseId, 'released', ({ state }) => state === 'released');
    const executions = await stage.untilEnded(caseId);
    expect(await userState(stage.iam, erik.userName)).toEqual(before);
    expect(await stage.store.read(caseId)).toMatchObject({ state: 'released', release: { conflicts: [], failed: [] } });
    expect(executions).toEqual({ 'plan-1': 'SUCCEEDED', 'release-1-all': 'SUCCEEDED' });
  });
});
