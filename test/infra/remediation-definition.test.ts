import { describe, expect, test } from 'vitest';
import { type AslBranch, type AslState, checkAsl } from '../../infra/checks/asl-check.ts';
import { remediationDefinition } from '../../infra/constructs/remediation-definition.ts';

const options = {
  functions: {
    plan: 'arn:plan',
    contain: 'arn:contain',
    revert: 'arn:revert',
    verify: 'arn:verify',
    restore: 'arn:restore',
  },
  approvalTimeoutSeconds: 7200,
  longestHoldSeconds: 32 * 86_400,
  taskTimeoutSeconds: 90,
  wakesContain: true,
};
const machine = remediationDefinition(options);
const states = statesOf(machine);
/** Those whose answer matters: whether contain woke up does not. */
const tasks = [...states].filter(([name, { Type }]) => Type === 'Task' && name !== 'Wake contain');

/** Of the machine and of its branches. */
function statesOf({ States }: AslBranch): ReadonlyMap<string, AslState> {
  return new Map(
    Object.entries(States).flatMap(([name, found]) => [
      [name, found] as const,
      ...(found.Branches ?? []).flatMap((branch) => [...statesOf(branch)]),
    ]),
  );
}

function state(name: string): AslState {
  const found = states.get(name);
  if (found === undefined) throw new Error(`no state ${name}`);
  return found;
}

/** Where a choice goes for a value of its variable. */
function next(name: string, value: string | boolean): string | undefined {
  const { Choices = [], Default } = state(name);
  return Choices.find((choice) => choice.StringEquals === value || choice.BooleanEquals === value)?.Next ?? Default;
}

describe('the machine that takes access back', () => {
  test('passes our own check', () => {
    expect(checkAsl(machine)).toEqual([]);
  });

  test('calls each function with ids and counters only', () => {
    const payloads = tasks.map(([name, { Parameters }]) => [name, Parameters]);
    expect(Object.fromEntries(payloads)).toMatchObject({
      Plan: { kind: 'plan', 'caseId.$': '$.caseId', 'planVersion.$': '$.planVersion' },
      'Ask approval': {
        FunctionName: 'arn:plan',
        Payload: {
          kind: 'ask',
          'caseId.$': '$.caseId',
          'planVersion.$': '$.planVersion',
          'taskToken.$': '$$.Task.Token',
        },
      },
      Contain: { 'caseId.$': '$.caseId', 'planVersion.$': '$.planVersion', 'pass.$': '$.at.pass' },
      Revert: { 'caseId.$': '$.caseId', 'planVersion.$': '$.planVersion', 'pass.$': '$.at.pass' },
      'Follow sessions': { kind: 'follow', 'caseId.$': '$.caseId', 'planVersion.$': '$.planVersion' },
      Verify: { kind: 'verify', 'caseId.$': '$.caseId', 'planVersion.$': '$.planVersion', 'round.$': '$.at.round' },
      'Look at the hold': { kind: 'hold', 'caseId.$': '$.caseId', 'planVersion.$': '$.planVersion' },
      Restore: { 'caseId.$': '$.caseId', 'release.$': '$.release', 'all.$': '$.all' },
      'Verify release': {
        kind: 'verify-release',
        'caseId.$': '$.caseId',
        'release.$': '$.release',
        'round.$': '$.at.round',
      },
      'Record expired approval': { kind: 'approval-expired', 'caseId.$': '$.caseId' },
      'Record failure': { kind: 'failed', 'execution.$': '$$.Execution.Input', 'error.$': '$.failure.Error' },
    });
    expect(tasks).toHaveLength(12);
  });

  test('keeps of every answer only the named fields', () => {
    const kept = tasks
      .filter(([, { ResultPath }]) => ResultPath !== null)
      .map(([name, { ResultSelector }]) => [name, ResultSelector]);
    const round = { 'next.$': '$.next', 'seconds.$': '$.seconds', 'round.$': '$.round', 'pass.$': '$.pass' };
    expect(Object.fromEntries(kept)).toEqual({
      Plan: { 'next.$': '$.next' },
      'Ask approval': { 'approved.$': '$.approved' },
      Contain: { 'next.$': '$.next' },
      Revert: { 'next.$': '$.next' },
      Verify: round,
      'Look at the hold': { 'next.$': '$.next', 'until.$': '$.until', 'release.$': '$.release' },
      Restore: { 'next.$': '$.next', 'until.$': '$.until' },
      'Verify release': round,
    });
  });

  test('contains, verifies, waits, and contains again when verify says so', () => {
    expect(next('Contain or release', 'contain')).toBe('Plan and wake');
    expect(state('Plan and wake')).toMatchObject({ OutputPath: '$[0]', Next: 'What the plan says' });
    expect(next('What the plan says', 'contain')).toBe('First pass');
    expect(next('What the plan says', 'watch')).toBe('First look');
    expect(state('First look').Next).toBe('Verify');
    expect(next('After containing', 'verify')).toBe('Verify');
    expect(next('After verifying', 'wait')).toBe('Wait for the next look');
    expect(next('After verifying', 'contain')).toBe('Contain');
    expect(next('After verifying', 'done')).toBe('Done');
    expect(state('Wait for the next look')).toMatchObject({ SecondsPath: '$.at.seconds', Next: 'Verify' });
  });

  describe('while the plan is being made', () => {
    test('wakes contain, and tells it nothing', () => {
      expect(state('Plan and wake').Branches?.map(({ StartAt }) => StartAt)).toEqual(['Plan', 'Wake contain']);
      expect(state('Wake contain')).toMatchObject({ Resource: 'arn:contain', Parameters: { kind: 'wake' } });
    });

    test('goes on whatever becomes of the waking, and tries it once', () => {
      const { Catch, Retry, TimeoutSeconds } = state('Wake contain');
      expect(Catch).toEqual([{ ErrorEquals: ['States.ALL'], Next: 'Contain not awake' }]);
      expect(state('Contain not awake')).toEqual({ Type: 'Pass', End: true });
      expect(Retry).toEqual([{ ErrorEquals: ['States.ALL'], MaxAttempts: 0 }]);
      expect(TimeoutSeconds).toBeLessThanOrEqual(3);
    });

    test('leaves contain alone where nothing is contained without a person', () => {
      const observing = remediationDefinition({ ...options, wakesContain: false });
      expect(checkAsl(observing)).toEqual([]);
      expect(statesOf(observing).has('Wake contain')).toBe(false);
      expect(statesOf(observing).has('Plan')).toBe(true);
    });
  });

  test('releases, verifies, and restores again when verify says so', () => {
    expect(next('Contain or release', 'release')).toBe('First round of release');
    expect(next('After restoring', 'verify')).toBe('Verify release');
    expect(next('After verifying release', 'restore')).toBe('Restore');
    expect(next('After verifying release', 'done')).toBe('Done');
  });

  test('contains after an approval only when it was given', () => {
    expect(next('What the plan says', 'ask')).toBe('Ask approval');
    expect(next('What the answer says', true)).toBe('First pass');
    expect(next('What the answer says', false)).toBe('Done');
  });

  test('waits for an answer as long as the policy says, and never asks twice for want of one', () => {
    const ask = state('Ask approval');
    expect(ask.TimeoutSeconds).toBe(7200);
    expect(ask.Catch?.[0]).toMatchObject({ ErrorEquals: ['States.Timeout'], Next: 'Record expired approval' });
    expect(ask.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).not.toContain('States.ALL');
    expect(ask.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).not.toContain('States.Timeout');
    // Whoever died while asking asks once more: a question that nobody waits for would never be answered.
    expect(ask.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).toContain('Lambda.Unknown');
  });

  test('tries for longer than a lease lasts when another execution holds it', () => {
    for (const [, { Retry }] of tasks) {
      const held = Retry?.find(({ ErrorEquals }) => ErrorEquals.includes('LeaseHeldError'));
      // Full jitter waits half of it on average; a lease lasts 90 s.
      expect(((held?.MaxAttempts ?? 0) * (held?.MaxDelaySeconds ?? 0)) / 2).toBeGreaterThan(90);
    }
  });

  test('ends as failed after the case was told, whatever failed', () => {
    for (const [name, { Catch }] of [...tasks, ['Plan and wake', state('Plan and wake')] as const]) {
      const last = Catch?.at(-1);
      expect(last).toMatchObject({
        ErrorEquals: ['States.ALL'],
        Next:
          {
            Plan: 'Plan failed',
            // The subject itself is verified all the same.
            'Follow sessions': 'Verify',
            'Record failure': 'Failed',
            'Record failed release': 'Failed',
            Restore: 'Record failed release',
            'Verify release': 'Record failed release',
          }[name] ?? 'Record failure',
      });
    }
    // A branch cannot go on outside, so the plan's failure leaves it where every other failure lies, and an answer says so.
    expect(state('Plan').Catch?.at(-1)).toMatchObject({ ResultPath: '$.failure' });
    expect(state('Plan failed')).toMatchObject({ Result: { next: 'failed' }, ResultPath: '$.plan', End: true });
    expect(next('What the plan says', 'failed')).toBe('Record failure');
    expect(state('Record failure').Next).toBe('Failed');
    expect(state('Record failed release').Next).toBe('Failed');
    expect(state('Failed').Type).toBe('Fail');
  });

  test('waits for the end of a lock, looks whether it has moved, and then releases', () => {
    expect(next('After verifying', 'hold')).toBe('Look at the hold');
    expect(next('After looking at the hold', 'wait')).toBe('Wait for the end of the hold');
    expect(state('Wait for the end of the hold')).toEqual({
      Type: 'Wait',
      TimestampPath: '$.hold.until',
      Next: 'Look at the hold',
    });
    expect(next('After looking at the hold', 'done')).toBe('Done');
    expect(next('After looking at the hold', 'release')).toBe('Release at the end of the hold');
    expect(state('Release at the end of the hold')).toEqual({
      Type: 'Pass',
      Parameters: { 'caseId.$': '$.caseId', 'release.$': '$.hold.release', all: false },
      Next: 'First round of release',
    });
  });

  test('waits between the two stages of a release until tokens have expired', () => {
    expect(next('After restoring', 'hold')).toBe('Wait for tokens to expire');
    expect(state('Wait for tokens to expire')).toEqual({
      Type: 'Wait',
      TimestampPath: '$.restore.until',
      Next: 'Restore',
    });
    expect(next('After verifying release', 'restore')).toBe('Restore');
  });

  test('a failed release is recorded as that release, whichever execution it runs in', () => {
    expect(state('Record failed release').Parameters).toEqual({
      kind: 'failed',
      execution: { kind: 'release', 'caseId.$': '$.caseId', 'release.$': '$.release', 'all.$': '$.all' },
      'error.$': '$.failure.Error',
    });
  });

  test('outlives the longest lock and the tokens from before it', () => {
    expect(machine.TimeoutSeconds).toBe(7200 + 32 * 86_400 + 6 * 3600);
  });

  test('fails on an answer that it does not know', () => {
    for (const name of ['Contain or release', 'What the plan says', 'After containing', 'After verifying']) {
      expect(next(name, 'something new')).toBe('Answer not understood');
    }
    expect(state('Answer not understood').Next).toBe('Record failure');
  });
});
