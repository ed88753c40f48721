import { describe, expect, it } from 'vitest';
import { endOfHolds, type Hold, holdsOf, withEnd } from '../../../shared/cases/hold.ts';
import { detection, newCase } from '../../support/case-scene.ts';

const NOW = '2026-11-21T02:00:00.000Z';
const hold = (of: Partial<Hold> = {}): Hold => ({
  caseId: 'C-1',
  ruleId: 'rule-a',
  playbook: 'lock',
  startedAt: '2026-11-21T01:00:00.000Z',
  until: '2026-11-21T05:00:00.000Z',
  ...of,
});
const { until: _until, ...forGood } = hold({ ruleId: 'rule-b', playbook: 'contain' });
const locks = { playbook: 'lock', forSeconds: 14_400, mode: 'enforce' } as const;

describe('containment lasts', () => {
  it.each<[string, readonly Hold[], ReturnType<typeof endOfHolds>]>([
    ['not at all without a hold', [], { kind: 'over' }],
    ['until its only hold ends', [hold()], { kind: 'at', at: '2026-11-21T05:00:00.000Z' }],
    [
      'until the last of several ends',
      [hold(), hold({ ruleId: 'rule-c', until: '2026-11-21T09:00:00.000Z' }), hold({ until: NOW })],
      { kind: 'at', at: '2026-11-21T09:00:00.000Z' },
    ],
    ['until a person ends it, as long as one hold has no end', [hold(), forGood], { kind: 'person' }],
    ['no longer than the very instant of its end', [hold({ until: NOW })], { kind: 'over' }],
  ])('%s', (_, holds, end) => {
    expect(endOfHolds(holds, NOW)).toEqual(end);
  });
});

describe('a detection holds', () => {
  const subject = { caseId: 'C-1', mode: 'enforce' } as const;

  it('for as long as its lock says, from now on', () => {
    expect(holdsOf(subject, [detection(locks)], [], NOW)).toEqual([
      {
        caseId: 'C-1',
        ruleId: 'rule-a',
        playbook: 'lock',
        startedAt: NOW,
        until: '2026-11-21T06:00:00.000Z',
      },
    ]);
  });

  it('until a person ends it, with every other playbook, and with a lock whose time is not known', () => {
    const [contained] = holdsOf(subject, [detection({ playbook: 'contain', mode: 'enforce' })], [], NOW);
    const [timeless] = holdsOf(subject, [detection({ playbook: 'lock', mode: 'enforce' })], [], NOW);
    expect([contained?.until, timeless?.until]).toEqual([undefined, undefined]);
    expect([contained?.playbook, timeless?.playbook]).toEqual(['contain', 'lock']);
  });

  it('only in the mode in force, and only if it asks for something', () => {
    expect(holdsOf(subject, [detection({ ...locks, mode: 'approve' })], [], NOW)).toEqual([]);
    expect(holdsOf(subject, [detection({ ...locks, mode: 'observe' })], [], NOW)).toEqual([]);
    expect(holdsOf(subject, [detection({ playbook: 'alert', mode: 'enforce' })], [], NOW)).toEqual([]);
    expect(holdsOf(subject, [detection({ ...locks, unfit: 'fits nobody' })], [], NOW)).toEqual([]);
  });

  it('as an older version wrote it, until a person ends it', () => {
    expect(holdsOf(subject, [detection()], [], NOW)).toEqual([
      { caseId: 'C-1', ruleId: 'rule-a', playbook: 'contain', startedAt: NOW },
    ]);
  });

  it('once a rule: another event does not move an end that is still to come', () => {
    const again = detection({ ...locks, eventId: 'event-2', detectedAt: NOW });
    expect(holdsOf(subject, [detection(locks), again], [hold()], NOW)).toEqual([]);
  });

  it('anew after the end of its lock, and not by what was seen before that', () => {
    const ended = hold({ until: '2026-11-21T01:30:00.000Z' });
    const before = detection({ ...locks, detectedAt: '2026-11-21T01:29:59.999Z' });
    const after = detection({ ...locks, eventId: 'event-2', detectedAt: '2026-11-21T01:30:00.000Z' });
    expect(holdsOf(subject, [before], [ended], NOW)).toEqual([]);
    expect(holdsOf(subject, [before, after], [ended], NOW).map(({ until }) => until)).toEqual([
      '2026-11-21T06:00:00.000Z',
    ]);
  });

  it('beside a hold of another case', () => {
    expect(holdsOf(subject, [detection(locks)], [hold({ caseId: 'C-9' })], NOW)).toHaveLength(1);
  });

  it('at most 60 at once, those that end last', () => {
    const many = Array.from({ length: 80 }, (_, index) =>
      detection({ ...locks, ruleId: `rule-${index}`, forSeconds: 600 + index }),
    );
    const made = holdsOf(subject, [...many, detection({ ruleId: 'rule-z', mode: 'enforce' })], [], NOW);
    expect(made).toHaveLength(60);
    expect(made.slice(0, 3).map(({ ruleId }) => ruleId)).toEqual(['rule-z', 'rule-79', 'rule-78']);
  });
});

describe('a case knows its end', () => {
  it('of its own holds alone', () => {
    const other = hold({ caseId: 'C-9', until: '2026-11-30T00:00:00.000Z' });
    expect(withEnd(newCase(), [hold(), other], [], NOW).until).toBe('2026-11-21T05:00:00.000Z');
  });
  it('as it is once a hold has moved', () => {
    expect(withEnd(newCase(), [hold()], [hold({ until: '2026-11-21T07:00:00.000Z' })], NOW).until).toBe(
      '2026-11-21T07:00:00.000Z',
    );
  });
  it('no more when a hold without an end joins', () => {
    expect(withEnd(newCase({ until: '2026-11-21T05:00:00.000Z' }), [hold()], [forGood], NOW)).not.toHaveProperty(
      'until',
    );
  });
});
