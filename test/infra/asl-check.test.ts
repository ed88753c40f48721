import { describe, expect, test } from 'vitest';
import { type AslMachine, type AslState, checkAsl } from '../../infra/checks/asl-check.ts';

const whole: AslState = {
  Type: 'Task',
  TimeoutSeconds: 60,
  Retry: [{ ErrorEquals: ['States.ALL'] }],
  Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Broken' }],
  Next: 'Done',
};

function machine(states: Record<string, AslState>): AslMachine {
  return {
    StartAt: 'Work',
    States: { Work: whole, Done: { Type: 'Succeed' }, Broken: { Type: 'Fail' }, ...states },
  };
}

describe('the check of state machines', () => {
  test('finds nothing in a machine whose tasks have a timeout, a retry and a catch', () => {
    expect(checkAsl(machine({}))).toEqual([]);
  });

  test.each(['TimeoutSeconds', 'Retry', 'Catch'])('finds a task without %s', (field) => {
    const { [field]: _, ...rest } = whole;
    const found = checkAsl(machine({ Work: { ...rest, Type: 'Task' }, Also: { ...whole, Next: 'Broken' } }));
    expect(found).toContainEqual({ state: 'Work', problem: `Task without ${field}` });
  });

  test('finds an empty retry, an empty catch and a timeout of zero', () => {
    const found = checkAsl(machine({ Work: { ...whole, Retry: [], Catch: [], TimeoutSeconds: 0 } }));
    expect(found.map(({ problem }) => problem)).toEqual([
      'Task without TimeoutSeconds',
      'Task without Retry',
      'Task without Catch',
      'no transition leads to it',
    ]);
  });

  test('finds a catch that lets some errors escape', () => {
    const found = checkAsl(
      machine({ Work: { ...whole, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Broken' }] } }),
    );
    expect(found).toEqual([{ state: 'Work', problem: 'Catch does not end with States.ALL, so some errors escape it' }]);
  });

  test('finds a state that nothing leads to, also when it leads to itself', () => {
    const found = checkAsl(machine({ Island: { Type: 'Wait', Seconds: 1, Next: 'Island' } }));
    expect(found).toEqual([{ state: 'Island', problem: 'no transition leads to it' }]);
  });

  test('finds a transition to nowhere, whichever field makes it', () => {
    const nowhere = { Next: 'Nowhere' };
    const found = checkAsl(
      machine({
        Work: { ...whole, Next: 'Choose', Catch: [{ ErrorEquals: ['States.ALL'], ...nowhere }] },
        Choose: { Type: 'Choice', Choices: [{ Variable: '$.x', ...nowhere }], Default: 'Pass' },
        Pass: { Type: 'Pass', ...nowhere },
      }),
    );
    const problem = 'leads to "Nowhere", which does not exist';
    expect(found.filter((entry) => entry.problem === problem).map(({ state }) => state)).toEqual([
      'Work',
      'Choose',
      'Pass',
    ]);
  });

  test('finds a choice without a default and a state without a way on', () => {
    const found = checkAsl(
      machine({
        Work: { ...whole, Next: 'Choose' },
        Choose: {
          Type: 'Choice',
          Choices: [
            { Variable: '$.x', Next: 'Stuck' },
            { Variable: '$.y', Next: 'Done' },
          ],
        },
        Stuck: { Type: 'Wait', Seconds: 1 },
      }),
    );
    expect(found).toEqual([
      { state: 'Choose', problem: 'Choice without Default' },
      { state: 'Stuck', problem: 'neither Next nor End' },
    ]);
  });

  describe('in a branch of a parallel state', () => {
    const inBranch: AslState = {
      Type: 'Task',
      TimeoutSeconds: 60,
      Retry: [{ ErrorEquals: ['States.ALL'] }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Nothing came of it' }],
      End: true,
    };
    const parallel = (task: AslState, rest: Partial<AslState> = {}): AslMachine =>
      machine({
        Work: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'Inside', States: { Inside: task, 'Nothing came of it': { Type: 'Pass', End: true } } },
            { StartAt: 'Beside', States: { Beside: { Type: 'Succeed' } } },
          ],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Broken' }],
          Next: 'Done',
          ...rest,
        },
      });

    test('finds nothing when each task has a timeout, a retry and a catch', () => {
      expect(checkAsl(parallel(inBranch))).toEqual([]);
    });

    test.each(['TimeoutSeconds', 'Retry', 'Catch'])('finds a task without %s', (field) => {
      const { [field]: _, ...rest } = inBranch;
      expect(checkAsl(parallel({ ...rest, Type: 'Task' }))).toContainEqual({
        state: 'Inside',
        problem: `Task without ${field}`,
      });
    });

    test('finds a transition that would leave the branch', () => {
      expect(checkAsl(parallel({ ...inBranch, Next: 'Done' }))).toEqual([
        { state: 'Inside', problem: 'leads to "Done", which does not exist' },
      ]);
    });

    test('finds a name that the machine has already, and a state that nothing leads to', () => {
      const found = checkAsl(
        parallel(inBranch, {
          Branches: [{ StartAt: 'Done', States: { Done: { Type: 'Succeed' }, Island: { Type: 'Succeed' } } }],
        }),
      );
      expect(found).toEqual([
        { state: 'Island', problem: 'no transition leads to it' },
        { state: 'Done', problem: 'another state of the machine has this name' },
      ]);
    });

    test('finds a parallel state without branches or without a catch', () => {
      expect(checkAsl(parallel(inBranch, { Branches: [], Catch: [] }))).toEqual([
        { state: 'Work', problem: 'Parallel without Branches' },
        { state: 'Work', problem: 'Parallel without Catch' },
        { state: 'Broken', problem: 'no transition leads to it' },
      ]);
    });
  });
});
