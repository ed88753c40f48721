import { describe, expect, test } from 'vitest';
import type { Chain } from '../../../shared/containment/chain.ts';
import { countReversals, isFight, mostReasserted, whoReversed } from '../../../shared/containment/reversal.ts';
import type { LedgerState } from '../../../shared/ports/ledger.ts';
import { denyEntry } from '../../support/case-scene.ts';

const MADE = '2026-11-21T02:00:00.000Z';
const at = (seconds: number) => new Date(Date.parse(MADE) + seconds * 1_000);
const deny = (state: LedgerState): Chain => ({
  stepKey: denyEntry.key,
  stage: 'deny',
  entries: [{ ...denyEntry, state, planVersion: 1, intendedAt: MADE, reasserted: 0 }],
});
const NEVER = { reversals: 0, certain: false };

describe('a change of ours that does not stand', () => {
  test('may be a read that lags as long as it was just made and never seen to stand', () => {
    expect(countReversals(NEVER, [deny('done')], { held: [], now: at(3.9) })).toEqual({ reversals: 1, certain: false });
  });
  test('was certainly taken back when it was seen to stand before', () => {
    const seen = countReversals(NEVER, [deny('done')], { held: [denyEntry.key], now: at(1) });
    expect(seen).toEqual({ reversals: 1, certain: true });
  });
  test('was certainly taken back once IAM has had its time', () => {
    expect(countReversals(NEVER, [deny('done')], { held: [], now: at(4) })).toEqual({ reversals: 1, certain: true });
  });
  test('counts only if it was ever made', () => {
    expect(countReversals(NEVER, [deny('failed')], { held: [], now: at(9) })).toEqual(NEVER);
    expect(countReversals({ reversals: 1, certain: true }, [], { held: [], now: at(9) })).toEqual({
      reversals: 1,
      certain: true,
    });
  });
});

describe('a fight', () => {
  test.each([
    [1, true, true, false],
    [2, false, false, false],
    [2, true, false, true],
    [2, false, true, true],
    [5, true, false, true],
  ])('after %i reversals, certain %s, on record %s: %s', (reversals, certain, byRecord, expected) => {
    expect(isFight({ reversals, certain }, byRecord)).toBe(expected);
  });
});

test('whoever made such calls since then is named once; other calls and earlier ones name nobody', () => {
  const call = (eventName: string, eventTime: string, actor: string) => ({ eventName, eventTime, actor });
  const detections = [
    call('DetachUserPolicy', '2026-11-21T01:59:59Z', 'early'),
    call('ListUsers', '2026-11-21T02:00:05Z', 'reader'),
    call('DetachUserPolicy', '2026-11-21T02:00:05Z', 'mallory'),
    call('UpdateAccessKey', '2026-11-21T02:00:06Z', 'mallory'),
    call('PutUserPolicy', '2026-11-21T02:00:00Z', 'same second'),
    call('CreateAccessKey', '2026-11-21T02:00:07Z', 'helper'),
  ];
  expect(whoReversed(detections, '2026-11-21T02:00:00.700Z')).toEqual(['mallory', 'same second', 'helper']);
});

test('what contain put back in a pass of its own counts as well', () => {
  const twice = deny('done').entries.map((entry) => ({ ...entry, reasserted: 2 }));
  const [first, ...rest] = twice;
  if (first === undefined) throw new Error('a chain has an entry');
  expect(mostReasserted([deny('done'), { ...deny('done'), entries: [first, ...rest] }])).toBe(2);
  expect(mostReasserted([])).toBe(0);
});
