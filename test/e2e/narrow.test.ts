import { AttachUserPolicyCommand, CreateAccessKeyCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { describe, expect } from 'vitest';
import { closeBreaker } from '../../shared/cases/breaker.ts';
import type { Case } from '../../shared/cases/case.ts';
import { JOBS, ownRoleName } from '../../shared/cases/own-roles.ts';
import { type IamState, userState } from './support/iam-state.ts';
import { give } from './support/orders.ts';
import { ADMINISTRATOR_ACCESS, makePerson, type Person, thiefWith } from './support/people.ts';
import { rescind } from './support/run-command.ts';
import { type Stage, narrowScenario as test } from './support/scenario.ts';

type Attacked = { readonly person: Person; readonly found: Case; readonly before: IamState };

/** Somebody who made himself an administrator, and the case as soon as it has come to something. */
async function attacked(stage: Stage, name: string, ended: (found: Case) => boolean): Promise<Attacked> {
  const person = await makePerson(stage, name);
  let before: IamState = {};
  const thief = await thiefWith(stage, person.keys[0], async () => {
    before = await userState(stage.iam, person.userName);
  });
  await thief.iam.send(new AttachUserPolicyCommand({ UserName: person.userName, PolicyArn: ADMINISTRATOR_ACCESS }));
  const { caseId } = await stage.openCaseOf(person.subject);
  return { person, before, found: await stage.until(caseId, 'at an end', ended) };
}

const isContained = ({ state }: Case): boolean => state === 'contained';
const isRefused = ({ outcome }: Case): boolean => outcome?.kind === 'refused';

async function expectUntouched(stage: Stage, { person, before }: Attacked): Promise<void> {
  expect(await userState(stage.iam, person.userName)).toEqual(before);
  expect(await stage.changesOf(person.userName)).toEqual([]);
}

test('evaluate knows the roles of Rescind by the unique ids that they really have', async ({ stage }) => {
  const { Environment } = await stage.settingsOf('evaluate');
  const told = Environment?.Variables?.OWN_ROLE_IDS?.split(',') ?? [];
  const names = [...JOBS.map(ownRoleName), 'Rescind-remediate'];
  const roles = await Promise.all(names.map((RoleName) => stage.iam.send(new GetRoleCommand({ RoleName }))));
  expect(told.toSorted()).toEqual(roles.map(({ Role }) => Role?.RoleId ?? '').toSorted());
});

// One deployment, one breaker, one stop switch: what one test leaves, the next begins with.
describe('with one subject in the window', () => {
  let first: Attacked;

  test('the first is contained', async ({ stage }) => {
    first = await attacked(stage, 'anna', isContained);
    expect(first.found.outcome).toMatchObject({ kind: 'contained' });
  });

  test('all others are refused and left alone, with one page for the breaker and none for each of them', async ({
    stage,
  }) => {
    const others = await Promise.all([attacked(stage, 'ben', isRefused), attacked(stage, 'carl', isRefused)]);
    for (const other of others) {
      expect(other.found).toMatchObject({ state: 'needs-human', outcome: { kind: 'refused', reason: 'breaker' } });
      await expectUntouched(stage, other);
    }
    await Promise.all(others.map(({ found }) => stage.alertsOf(found.caseId)));
    const documents = (await stage.alerts()).map(({ message }) => JSON.parse(message) as Record<string, unknown>);
    const pages = documents.filter(({ caseId, channel }) => channel === 'page' && caseId !== first.found.caseId);
    expect(pages.map(({ caseId, severity }) => ({ caseId, severity }))).toEqual([
      { caseId: 'BREAKER', severity: 'critical' },
    ]);
    expect((await stage.store.breaker()).openedAt).toBeDefined();
  });

  test('after a person has closed the breaker the next one is contained', async ({ stage }) => {
    expect(await give(stage, { kind: 'close-breaker' })).toMatchObject({ status: 200 });
    const next = await attacked(stage, 'doro', isContained);
    expect(await userState(stage.iam, next.person.userName)).toHaveProperty(
      [`attached ${stage.output('QuarantinePolicyArn')}`],
      'yes',
    );
  });

  let stopped: Attacked;

  test('with the stop switch on nobody is contained, and what was taken is still given back', async ({ stage }) => {
    const { code, stdout, stderr } = await rescind(stage, 'stop', '--hard', '--reason', 'a drill');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('The people on call were paged.') });
    expect(stderr).toContain('Acting on account 111122223333, region us-east-1,');
    const pages = await stage.waitFor(
      'the page about the stop',
      async () => {
        const found = (await stage.alerts()).filter(({ message }) => message.includes('"rescind.stop/1"'));
        return found.length > 0 ? found : undefined;
      },
      async () => stdout,
    );
    expect(JSON.parse(pages[0]?.message ?? '{}')).toMatchObject({ state: 'stopped', hard: true, reason: 'a drill' });

    stopped = await attacked(stage, 'emil', isRefused);
    expect(stopped.found).toMatchObject({
      state: 'needs-human',
      outcome: { kind: 'refused', reason: 'stopped', detail: expect.stringContaining('a drill') },
    });
    await expectUntouched(stage, stopped);
    const told = await stage.alertsOf(stopped.found.caseId);
    expect(told.map(({ attributes }) => attributes.state)).toEqual(['needs-human']);
    expect(told[0]?.message).toContain('Rescind is stopped and takes nothing more');
    expect((await rescind(stage, 'cases')).stderr).toContain('Rescind is stopped since');

    const { caseId } = first.found;
    expect(await give(stage, { kind: 'release', caseId, all: true })).toMatchObject({ status: 200 });
    await stage.until(caseId, 'released', ({ state }) => state === 'released');
    expect(await userState(stage.iam, first.person.userName)).toEqual(first.before);
  });

  test('after a start the next event about whom it refused is contained', async ({ stage }) => {
    const { code, stdout } = await rescind(stage, 'start');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('hard: contain cannot run at all: a drill'),
    });
    expect((await rescind(stage, 'cases')).stderr).toBe('');
    // The one place of the window is taken, and nobody has opened the breaker whom a person could close it after.
    await stage.store.putBreaker(closeBreaker(await stage.store.breaker()));

    const { person, found } = stopped;
    const other = await makePerson(stage, 'friedrich');
    const thief = await thiefWith(stage, person.keys[0]);
    await thief.iam.send(new CreateAccessKeyCommand({ UserName: other.userName }));
    await stage.until(found.caseId, 'contained', isContained);
    expect(await userState(stage.iam, person.userName)).toHaveProperty(
      [`attached ${stage.output('QuarantinePolicyArn')}`],
      'yes',
    );
  });
});
