import { setTimeout as pause } from 'node:timers/promises';
import { TagUserCommand } from '@aws-sdk/client-iam';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetExecutionHistoryCommand, ListExecutionsCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect } from 'vitest';
import { type IamState, userState } from '../support/iam-state.ts';
import { give } from '../support/orders.ts';
import { given, makePerson, type Person, thiefWith } from '../support/people.ts';
import { LOCK_SECONDS } from '../support/policies.ts';
import { type Stage, scenario as test } from '../support/scenario.ts';

/** Somebody who did what a rule locks for, once the lock was verified; and what IAM said before Rescind heard of it. */
async function locked(stage: Stage, name: string) {
  const person = await makePerson(stage, name);
  let before: IamState = {};
  const thief = await thiefWith(stage, person.keys[0], async () => {
    before = await userState(stage.iam, person.userName);
  });
  const Tags = [{ Key: 'curious', Value: 'yes' }];
  await thief.iam.send(new TagUserCommand({ UserName: person.userName, Tags }));
  const { caseId } = await stage.openCaseOf(person.subject);
  const found = await stage.until(caseId, 'contained', ({ state }) => state === 'contained');
  return { person, caseId, before, until: given(found.until) };
}

/** What is there that was not, its documents as objects. Throws when something else is different. */
async function added(stage: Stage, person: Person, before: IamState): Promise<Readonly<Record<string, unknown>>> {
  const after = Object.entries(await userState(stage.iam, person.userName));
  expect(Object.fromEntries(after.filter(([fact]) => fact in before))).toEqual(before);
  return Object.fromEntries(
    after
      .filter(([fact]) => !(fact in before))
      .map(([fact, value]) => [
        fact.replace(/[0-9a-f]{16}$/, '*'),
        fact.startsWith('inline') ? JSON.parse(decodeURIComponent(value)).Statement[0] : value,
      ]),
  );
}

const OLD_TOKENS = {
  'inline Rescind-CutOffTokens-*': {
    Sid: 'RescindCutOffTokens',
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { DateLessThan: { 'aws:TokenIssueTime': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) } },
  },
};

async function untilTime(instant: string): Promise<void> {
  const milliseconds = Date.parse(instant) - Date.now();
  if (milliseconds > 0) await pause(milliseconds);
}

describe.concurrent('a lock', () => {
  test('denies, is extended, takes its deny off at its end, cuts old tokens off for longer, and leaves everything as it was', async ({
    stage,
  }) => {
    const { person, caseId, before, until } = await locked(stage, 'lock-extended');
    const quarantined = { [`attached ${stage.output('QuarantinePolicyArn')}`]: 'yes' };
    expect(await added(stage, person, before)).toEqual({ ...quarantined, ...OLD_TOKENS });

    expect(await give(stage, { kind: 'extend', caseId, seconds: 20 })).toMatchObject({ status: 200 });
    const moved = given((await stage.store.read(caseId))?.until);
    expect(Date.parse(moved) - Date.parse(until)).toBe(20_000);
    // The execution has woken at the first end, found it moved, and waits again.
    await untilTime(new Date(Date.parse(until) + 4_000).toISOString());
    expect(await added(stage, person, before)).toEqual({ ...quarantined, ...OLD_TOKENS });

    const found = await stage.until(caseId, 'rid of its deny', ({ release }) => release?.timed?.stage === 'tokens');
    expect(found.state).toBe('releasing');
    expect(await added(stage, person, before)).toEqual(OLD_TOKENS);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(moved));

    await untilTime(given(found.release?.timed?.tokensUntil));
    const released = await stage.until(caseId, 'released', ({ state }) => state === 'released');
    expect(await userState(stage.iam, person.userName)).toEqual(before);
    expect(released.release).toMatchObject({ by: 'the end of its time', withheld: [], conflicts: [], failed: [] });
    // Where the sweep of another scenario was first to find a time over, it is a release of its own that gives back.
    const ended = await stage.untilEnded(caseId);
    expect(ended).toHaveProperty('plan-1');
    expect(new Set(Object.values(ended))).toEqual(new Set(['SUCCEEDED']));
    expect((await stage.alertsOf(caseId)).map(({ attributes }) => attributes.state)).toEqual([
      'containing',
      'contained',
      'contained',
      'releasing',
      'releasing',
      'released',
    ]);
  });

  test('ends by sweep when the execution that waits for its end is lost', async ({ stage }) => {
    const { person, caseId, before, until } = await locked(stage, 'lock-lost');
    const { executions = [] } = await stage.flows.send(
      new ListExecutionsCommand({ stateMachineArn: stage.output('StateMachineArn'), maxResults: 1000 }),
    );
    const executionArn = given(executions.find(({ name }) => name === `${caseId}-plan-1`)?.executionArn);
    // Stopped in the middle of a task it would still do that.
    await stage.waitFor(
      `${caseId} to wait for its end`,
      async () => {
        const { events = [] } = await stage.flows.send(
          new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
        );
        const entered = events.map(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name);
        return entered.includes('Wait for the end of the hold') ? true : undefined;
      },
      () => stage.story(caseId),
    );
    await stage.flows.send(new StopExecutionCommand({ executionArn }));
    await untilTime(until);

    // Its schedule may be minutes away: called now, and once more.
    for (const _time of [1, 2]) await stage.lambda.send(new InvokeCommand({ FunctionName: 'Rescind-sweep' }));
    const found = await stage.until(caseId, 'rid of its deny', ({ release }) => release?.timed?.stage === 'tokens');
    expect(await added(stage, person, before)).toEqual(OLD_TOKENS);
    await untilTime(given(found.release?.timed?.tokensUntil));
    await stage.until(caseId, 'released', ({ state }) => state === 'released');
    expect(await userState(stage.iam, person.userName)).toEqual(before);
    expect(await stage.untilEnded(caseId)).toEqual({ 'plan-1': 'ABORTED', 'release-1': 'SUCCEEDED' });
  });

  test(`lasts ${LOCK_SECONDS} s from its beginning`, async ({ stage }) => {
    const { person, until } = await locked(stage, 'lock-timed');
    const [hold] = await stage.store.holds(person.subject);
    expect(Date.parse(until) - Date.parse(given(hold?.startedAt))).toBe(LOCK_SECONDS * 1000);
  });
});
