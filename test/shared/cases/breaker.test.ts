import { describe, expect, it } from 'vitest';
import { closeBreaker, passBreaker } from '../../../shared/cases/breaker.ts';
import type { Breaker } from '../../../shared/ports/case-store.ts';

const LIMITS = { subjects: 2, windowSeconds: 900 };
const at = (time: string) => new Date(`2026-11-21T${time}Z`);
const passed = (of: Record<string, string>): Breaker => ({ passed: of, revision: 7 });

describe('the breaker', () => {
  it('lets so many subjects through in a window', () => {
    const first = passBreaker(passed({}), LIMITS, 'user:A', at('02:00:00'));
    expect(first).toEqual({ kind: 'pass', next: { passed: { 'user:A': '2026-11-21T02:00:00.000Z' }, revision: 8 } });
    const one = passed({ 'user:A': '2026-11-21T02:00:00.000Z' });
    expect(passBreaker(one, LIMITS, 'user:B', at('02:01:00')).kind).toBe('pass');
  });

  it('opens at the next one, says so once, and keeps the others out', () => {
    const two = passed({ 'user:A': '2026-11-21T02:00:00.000Z', 'user:B': '2026-11-21T02:01:00.000Z' });
    const opening = passBreaker(two, LIMITS, 'user:C', at('02:02:00'));
    expect(opening).toEqual({
      kind: 'refused',
      next: { passed: two.passed, openedAt: '2026-11-21T02:02:00.000Z', revision: 8 },
    });
    const open = { ...two, openedAt: '2026-11-21T02:02:00.000Z', revision: 8 };
    expect(passBreaker(open, LIMITS, 'user:D', at('02:03:00'))).toEqual({ kind: 'refused' });
    // Long after the window: only a person closes it.
    expect(passBreaker(open, LIMITS, 'user:D', at('09:00:00'))).toEqual({ kind: 'refused' });
  });

  it('lets a subject of this window through again, also while it is open', () => {
    const two = passed({ 'user:A': '2026-11-21T02:00:00.000Z', 'user:B': '2026-11-21T02:01:00.000Z' });
    expect(passBreaker(two, LIMITS, 'user:A', at('02:02:00'))).toEqual({ kind: 'pass' });
    const open = { ...two, openedAt: '2026-11-21T02:02:00.000Z' };
    expect(passBreaker(open, LIMITS, 'user:B', at('02:03:00'))).toEqual({ kind: 'pass' });
  });

  it('counts a subject of an earlier window like any other', () => {
    const old = passed({ 'user:A': '2026-11-20T02:00:00.000Z', 'user:B': '2026-11-21T02:00:00.000Z' });
    expect(passBreaker(old, LIMITS, 'user:A', at('02:10:00'))).toEqual({
      kind: 'pass',
      next: {
        passed: { 'user:B': '2026-11-21T02:00:00.000Z', 'user:A': '2026-11-21T02:10:00.000Z' },
        revision: 8,
      },
    });
    const full = passed({
      'user:A': '2026-11-20T02:00:00.000Z',
      'user:B': '2026-11-21T02:00:00.000Z',
      'user:C': '2026-11-21T02:01:00.000Z',
    });
    expect(passBreaker(full, LIMITS, 'user:A', at('02:10:00'))).toMatchObject({
      kind: 'refused',
      next: { openedAt: '2026-11-21T02:10:00.000Z' },
    });
  });

  it('forgets who went through long ago', () => {
    const old = passed({ 'user:A': '2026-11-21T01:00:00.000Z', 'user:B': '2026-11-21T01:01:00.000Z' });
    expect(passBreaker(old, LIMITS, 'user:C', at('02:00:00'))).toEqual({
      kind: 'pass',
      next: { passed: { 'user:C': '2026-11-21T02:00:00.000Z' }, revision: 8 },
    });
  });

  it('starts its window anew once a person has closed it', () => {
    const open = { ...passed({ 'user:A': '2026-11-21T02:00:00.000Z' }), openedAt: '2026-11-21T02:01:00.000Z' };
    expect(closeBreaker(open)).toEqual({ passed: {}, revision: 8 });
  });
});
