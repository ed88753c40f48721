import { describe, expect, it } from 'vitest';
import { containCase } from '../../../shared/cases/contain-case.ts';
import { planCase } from '../../../shared/cases/plan-case.ts';
import { subjectLabel } from '../../../shared/cases/subject.ts';
import { undoneBy } from '../../../shared/cases/undone-by.ts';
import { verifyCase } from '../../../shared/cases/verify-case.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { ACCOUNT, accessEvent, denyEntry, rule, sessionPrincipal, userPrincipal } from '../../support/case-scene.ts';
import { createCaseWorld, FOUGHT } from '../../support/case-world.ts';
import { ADMINISTRATOR_ARN, QUARANTINE_ARN } from '../../support/fake-iam.ts';
import { createWholeWorld, type WholeWorld, type WholeWorldOptions } from '../../support/whole-world.ts';

const RULES = [rule({ id: 'used' }), rule({ id: 'stripped', subject: 'target-user' })];
const EVERY_MS = 5_000;

function worldOf(
  playbook: string,
  {
    protectedKeys = new Set<string>(),
    asksForAdministrators = false,
  }: Partial<Pick<WholeWorldOptions, 'protectedKeys' | 'asksForAdministrators'>> = {},
): WholeWorld {
  return createWholeWorld({
    seed: 7,
    order: 'by-time',
    callMilliseconds: () => 20,
    rules: RULES,
    protectedKeys,
    asksForAdministrators,
    answers: { used: { playbook, mode: 'enforce' }, stripped: { playbook: 'alert', mode: 'observe' } },
  });
}

/** Somebody deletes the deny of a session each time that it has stood for a while, so many times. */
async function foughtSession(
  times: number,
  {
    principals = `{"AWS":"${ACCOUNT}"}`,
    administers = false,
  }: { readonly principals?: string; readonly administers?: boolean } = {},
): Promise<WholeWorld> {
  const world = worldOf('revoke-session', { asksForAdministrators: administers });
  const { fake, clock } = world;
  const role = fake.createRole('builder', {
    trust: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":${principals},"Action":"sts:AssumeRole"}]}`,
    ...(administers ? { attached: new Set([ADMINISTRATOR_ARN]) } : {}),
  });
  const principal = sessionPrincipal(role, { sessionName: 'one' });
  const strip = async (): Promise<void> => {
    for (let struck = 0, looked = 0; struck < times && looked < 60; looked += 1) {
      await clock.sleep(EVERY_MS);
      const [PolicyName] = role.inline.keys();
      if (PolicyName === undefined) continue;
      fake.perform('DeleteRolePolicy', { RoleName: 'builder', PolicyName });
      struck += 1;
    }
  };
  world.send(accessEvent({ principal, record: { holds: ['used'] } }));
  world.background(strip());
  await world.timeline.run();
  expect(world.failures).toEqual([]);
  return world;
}

/** Bob takes the quarantine policy off alice each time that it has stood for a while, and CloudTrail tells of it. */
async function helpedByBob(times: number, isProtected = false): Promise<WholeWorld> {
  // The second user that the fake account makes.
  const world = worldOf('contain', isProtected ? { protectedKeys: new Set(['user:AIDAEXAMPLE0000000002']) } : {});
  const { fake, clock } = world;
  const alice = fake.createUser('alice', { accessKeys: new Map([['AKIAALICE', 'Active']]) });
  const bob = fake.createUser('bob', { accessKeys: new Map([['AKIABOB', 'Active']]) });
  const by = ({ userId, userName, arn }: typeof alice) => userPrincipal({ userId, userName, arn });
  const strip = async (): Promise<void> => {
    for (let struck = 0; struck < times; ) {
      await clock.sleep(EVERY_MS);
      if (!alice.attached.has(QUARANTINE_ARN)) continue;
      fake.perform('DetachUserPolicy', { UserName: 'alice', PolicyArn: QUARANTINE_ARN });
      struck += 1;
      world.send(
        accessEvent({
          eventId: `strip-${struck}`,
          eventTime: `${clock.now().toISOString().slice(0, 19)}Z`,
          eventName: 'DetachUserPolicy',
          principal: by(bob),
          record: { holds: ['stripped'], requestParameters: { userName: 'alice', policyArn: QUARANTINE_ARN } },
        }),
      );
    }
  };
  world.send(accessEvent({ principal: by(alice), record: { holds: ['used'] } }));
  world.background(strip());
  await world.timeline.run();
  expect(world.failures).toEqual([]);
  return world;
}

async function casesIn(world: WholeWorld) {
  return (await world.store.list()).map(({ subject, state, mode }) => [subjectLabel(subject), state, mode]);
}

describe('a second reversal of a deny on a session', () => {
  it('blocks the trust of its role, by one more plan, and tells a person', async () => {
    const world = await foughtSession(2);
    const [found] = await world.store.list();
    expect(found).toMatchObject({ planVersion: 2, actions: expect.arrayContaining(['revoke-session', 'block-trust']) });
    expect(world.fake.account.roles.get('builder')?.trust).toContain('"Effect":"Deny"');
    expect(world.sent.map(({ state }) => state)).toContain('needs-human');
    expect(world.sent.find(({ state }) => state === 'needs-human')?.note).toMatch(/assuming the role again/);
  });

  it('leaves AWS services in, so that what runs with the role renews its credentials without anybody being asked', async () => {
    const world = await foughtSession(2, { principals: `{"AWS":"${ACCOUNT}","Service":"ec2.amazonaws.com"}` });
    const { Statement } = JSON.parse(world.fake.account.roles.get('builder')?.trust ?? '');
    expect(Statement).toEqual([
      expect.objectContaining({ Effect: 'Allow' }),
      expect.objectContaining({
        Effect: 'Deny',
        Condition: { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
      }),
    ]);
  });

  it('goes on putting it back where the role is the account’s last administrator, whose trust is left alone', async () => {
    const world = await foughtSession(4, { administers: true });
    const [role] = [...world.fake.account.roles.values()];
    expect(role?.trust).not.toContain('Deny');
    expect([...(role?.inline.keys() ?? [])]).toEqual([expect.stringMatching(/^Rescind-RevokeSession-/)]);
    const [found] = await world.store.list();
    expect(found).toMatchObject({ state: 'needs-human', outcome: { kind: 'partial' } });
    expect(JSON.stringify(found?.outcome)).toContain('administers the account');
  });

  it('is needed for that: one reversal is put back, and the trust is left alone', async () => {
    const world = await foughtSession(1);
    const [found] = await world.store.list();
    expect(found).toMatchObject({ planVersion: 1, state: 'contained' });
    expect(world.fake.account.roles.get('builder')?.trust).not.toContain('Deny');
  });
});

describe('whoever helps to take a containment back a second time', () => {
  it('is contained by a case of their own, in the mode of the response that opened the first', async () => {
    const world = await helpedByBob(3);
    expect(await casesIn(world)).toContainEqual(['user bob', 'contained', 'enforce']);
    expect(world.fake.account.users.get('bob')?.accessKeys.get('AKIABOB')).toBe('Inactive');
  });

  it('is left alone after the first time', async () => {
    expect(await casesIn(await helpedByBob(1))).toEqual([['user alice', 'contained', 'enforce']]);
  });

  it('is never touched where they are protected', async () => {
    const world = await helpedByBob(3, true);
    expect((await casesIn(world)).map(([who]) => who)).toEqual(['user alice']);
    expect(world.fake.account.users.get('bob')?.accessKeys.get('AKIABOB')).toBe('Active');
  });
});

describe('who took a containment back', () => {
  const event = (eventName: string, requestParameters: JsonObject) =>
    accessEvent({ eventName, principal: userPrincipal(), record: { requestParameters } });
  const mallory = { kind: 'user', name: 'mallory', uniqueId: 'AIDAMALLORY' };

  it.each([
    ['DetachUserPolicy', { policyArn: 'arn:aws:iam::111122223333:policy/Rescind-Quarantine' }, mallory],
    ['DetachUserPolicy', { policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }, undefined],
    ['DeleteRolePolicy', { policyName: 'rescind-RevokeSession-x' }, mallory],
    ['DeleteRolePolicy', { policyName: 'own' }, undefined],
    ['UpdateAccessKey', { status: 'Active' }, mallory],
    ['UpdateAccessKey', { status: 'Inactive' }, undefined],
    ['AttachUserPolicy', { policyArn: 'arn:aws:iam::111122223333:policy/Rescind-Quarantine' }, undefined],
    ['UntagRole', { tagKeys: ['team', 'Rescind:held'] }, mallory],
    ['UntagRole', { tagKeys: ['team'] }, undefined],
    // Whose boundary it was is in no record.
    ['DeleteUserPermissionsBoundary', { userName: 'alice' }, undefined],
  ])('is told by %s of %o only where it is of ours', (eventName, parameters, expected) => {
    expect(undoneBy(event(eventName, parameters))).toEqual(expected);
  });

  it('is nobody for a call that failed, and nobody of another account', () => {
    const failed = { ...event('UpdateAccessKey', { status: 'Active' }), errorCode: 'AccessDenied' };
    expect(undoneBy(failed)).toBeUndefined();
    expect(undoneBy({ ...event('UpdateAccessKey', { status: 'Active' }), account: '999988887777' })).toBeUndefined();
  });
});

describe('an execution that wakes after a release which could not give all back', () => {
  it('escalates nothing: who was let go is not contained anew for an old fight', async () => {
    const world = createCaseWorld();
    await world.evaluate(accessEvent());
    const input = { kind: 'contain', caseId: 'C-1', planVersion: 1 } as const;
    await planCase(world.planDeps, input);
    await containCase(world.containDeps, { ...input, pass: 'first' });
    const deps = { ...world.verifyDeps, escalation: { ...world.evaluateDeps, whyProtected: () => undefined } };
    world.fates.verify = FOUGHT;
    await verifyCase(deps, input);
    expect(await world.stateOf()).toMatchObject({ state: 'needs-human', fighting: true });
    world.flow.started.length = 0;
    world.clock.advance(4_000);
    world.fates.lost = denyEntry.key;
    await world.order({ kind: 'release', caseId: 'C-1', all: false });
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('needs-human');
    await verifyCase(deps, input);
    expect(world.flow.started).toEqual([]);
    expect(world.denied).toEqual(new Set());
  });
});
