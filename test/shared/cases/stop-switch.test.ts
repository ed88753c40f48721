import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeStop, readStopState, type StopState, stopValue } from '../../../shared/cases/stop-switch.ts';

const AT = '2026-11-21T02:00:00.000Z';
const BY = 'arn:aws:iam::111122223333:user/oncall';

describe('the value of the stop switch', () => {
  it.each<[string, StopState]>([
    ['off', { kind: 'running' }],
    [`{"switch":"off","by":"${BY}","at":"${AT}"}`, { kind: 'running', by: BY, at: AT }],
    [
      `{"switch":"on","by":"${BY}","at":"${AT}","reason":"drill"}`,
      { kind: 'stopped', by: BY, at: AT, reason: 'drill' },
    ],
    [`{"switch":"on","at":"${AT}","reserved":5}`, { kind: 'stopped', at: AT, reserved: 5 }],
    [`{"switch":"on","at":"${AT}","reserved":null}`, { kind: 'stopped', at: AT, reserved: null }],
    ['on', { kind: 'stopped', text: 'on' }],
    ['OFF', { kind: 'stopped', text: 'OFF' }],
    ['off ', { kind: 'stopped', text: 'off ' }],
    ['', { kind: 'stopped', text: '' }],
    ['"off"', { kind: 'stopped', text: '"off"' }],
    ['["off"]', { kind: 'stopped', text: '["off"]' }],
    ['{"switch":"OFF"}', { kind: 'stopped', text: '{"switch":"OFF"}' }],
    ['{"switch":["off"]}', { kind: 'stopped', text: '{"switch":["off"]}' }],
  ])('%s', (value, state) => {
    expect(readStopState(value)).toEqual(state);
  });

  it('is running for nothing that does not plainly say so', () => {
    expect(readStopState(undefined).kind).toBe('stopped');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (value) => {
        if (readStopState(value).kind === 'running') expect(value === 'off' || value.includes('"off"')).toBe(true);
      }),
    );
  });

  it('says after it was written what was written', () => {
    const states: readonly StopState[] = [
      { kind: 'running', by: BY, at: AT },
      { kind: 'stopped', by: BY, at: AT, reason: 'it contains "everybody"\n', reserved: 5 },
      { kind: 'stopped', by: BY, at: AT, reserved: null },
    ];
    for (const state of states) expect(readStopState(stopValue(state))).toEqual(state);
  });

  it('fits into a parameter, however long the reason is', () => {
    const value = stopValue({ kind: 'stopped', by: BY, at: AT, reason: 'x'.repeat(10_000), reserved: 5 });
    expect(value.length).toBeLessThan(4_096);
    expect(readStopState(value)).toMatchObject({ kind: 'stopped', reserved: 5 });
  });

  it('is told in a line with who, when and why', () => {
    expect(describeStop({ kind: 'stopped', by: BY, at: AT, reason: 'drill', reserved: 5 })).toBe(
      `stopped since ${AT}, by ${BY}, hard: contain cannot run at all: drill`,
    );
    expect(describeStop({ kind: 'stopped', text: 'on' })).toBe('stopped: /rescind/stop is "on"');
    expect(describeStop({ kind: 'running' })).toBe('running');
  });
});
