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
});
