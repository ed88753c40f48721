import { describe, expect, test } from 'vitest';
import { nextRound } from '../../../shared/containment/next-round.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 2, 0, 0) + seconds * 1_000);
const next = (now: number, standsSince?: number, complete = true, fought = false) =>
  nextRound({
    startedAt: at(0),
    now: at(now),
    ...(standsSince === undefined ? {} : { standsSince: at(standsSince) }),
    settleSeconds: 30,
    fought,
    complete,
  });

describe('while it stands', () => {
  test.each([
    [0.5, { kind: 'inside', milliseconds: 500 }],
    [1, { kind: 'wait', seconds: 1 }],
    [1.3, { kind: 'inside', milliseconds: 700 }],
    [2, { kind: 'wait', seconds: 2 }],
    [4.2, { kind: 'wait', seconds: 4 }],
    [8, { kind: 'wait', seconds: 8 }],
    [16, { kind: 'wait', seconds: 15 }],
    [30.4, { kind: 'inside', milliseconds: 100 }],
    [30.5, { kind: 'settled' }],
  ])('after %s s', (now, expected) => {
    expect(next(now, 0.5)).toEqual(expected);
  });
});

test('not settled before everything touched has been seen', () => {
  expect(next(31, 0.5, false)).toEqual({ kind: 'wait', seconds: 1 });
});

test('the settle time counts from when it first stood', () => {
  expect(next(30.5, 8)).toEqual({ kind: 'wait', seconds: 8 });
  expect(next(38, 8)).toEqual({ kind: 'settled' });
});

test('a check that cannot be completed is given up half a minute after the settle time', () => {
  expect(next(59, undefined, false)).toEqual({ kind: 'wait', seconds: 1 });
  expect(next(60, undefined, false)).toEqual({ kind: 'settled' });
});

test('after something had to be put back, nobody waits longer than four seconds for the next look', () => {
  expect(next(8, 0.5, true, true)).toEqual({ kind: 'wait', seconds: 4 });
  expect(next(16, 0.5, true, true)).toEqual({ kind: 'wait', seconds: 4 });
  expect(next(28, 0.5, true, true)).toEqual({ kind: 'wait', seconds: 3 });
  expect(next(30.5, 0.5, true, true)).toEqual({ kind: 'settled' });
});
