import { describe, expect, test } from 'vitest';
import { checkAsl } from '../../infra/checks/asl-check.ts';
import { remediationDefinition } from '../../infra/constructs/remediation-definition.ts';

const machine = remediationDefinition({
  functions: { plan: 'arn:plan', contain: 'arn:contain', verify: 'arn:verify', restore: 'arn:restore' },
  approvalTimeoutSeconds: 7200,
  taskTimeoutSeconds: 90,
});
const tasks = Object.entries(machine.States).filter(([, state]) => state.Type === 'Task');

function state(name: string) {
  const found = machine.States[name];
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
      Verify: { kind: 'verify', 'caseId.$': '$.caseId', 'planVersion.$': '$.planVersion', 'round.$': '$.at.round' },
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
    expect(tasks).toHaveLength(8);
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
      Verify: round,
      Restore: { 'next.$': '$.next' },
      'Verify release': round,
    });
  });

  test('contains, verifies, waits, and contains again when verify says so', () => {
    expect(next('Contain or release', 'contain')).toBe('Plan');
    expect(next('What the plan says', 'contain')).toBe('First pass');
    expect(next('After containing', 'verify')).toBe('Verify');
    expect(next('After verifying', 'wait')).toBe('Wait for the next look');
    expect(next('After verifying', 'contain')).toBe('Contain');
    expect(next('After verifying', 'done')).toBe('Done');
    expect(state('Wait for the next look')).toMatchObject({ SecondsPath: '$.at.seconds', Next: 'Verify' });
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
  });

  test('tries for longer than a lease lasts when another execution holds it', () => {
    for (const [, { Retry }] of tasks) {
      const held = Retry?.find(({ ErrorEquals }) => ErrorEquals.includes('LeaseHeldError'));
      // Full jitter waits half of it on average; a lease lasts 90 s.
      expect(((held?.MaxAttempts ?? 0) * (held?.MaxDelaySeconds ?? 0)) / 2).toBeGreaterThan(90);
    }
  });

  test('ends as failed after the case was told, whatever failed', () => {
    for (const [name, { Catch }] of tasks) {
      const last = Catch?.at(-1);
      expect(last).toMatchObject({
        ErrorEquals: ['States.ALL'],
        Next: name === 'Record failure' ? 'Failed' : 'Record failure',
      });
    }
    expect(state('Record failure').Next).toBe('Failed');
    expect(state('Failed').Type).toBe('Fail');
  });

  test('fails on an answer that it does not know', () => {
    for (const name of ['Contain or release', 'What the plan says', 'After containing', 'After verifying']) {
      expect(next(name, 'something new')).toBe('Answer not understood');
    }
    expect(state('Answer not understood').Next).toBe('Record failure');
  });
});
