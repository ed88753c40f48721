import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderCase } from '../../../cli/cases/render-case.ts';
import { renderCases } from '../../../cli/cases/render-cases.ts';
import type { WholeCase } from '../../../cli/cases/whole-case.ts';
import type { Case } from '../../../shared/cases/case.ts';
import type { Hold } from '../../../shared/cases/hold.ts';
import { newCase } from '../../support/case-scene.ts';

const hold: Hold = {
  caseId: 'C-1',
  ruleId: 'rule-a',
  playbook: 'lock',
  startedAt: '2026-11-21T02:00:02.000Z',
  until: '2026-11-21T06:00:02.000Z',
};
const { until: _until, ...forGood } = { ...hold, ruleId: 'rule-b', playbook: 'contain' };
const whole = (of: Partial<Case>, holds: readonly Hold[]): WholeCase => ({
  case: newCase({ state: 'contained', ...of }),
  holds,
  detections: [],
  ledger: [],
  verifications: [],
  outbox: [],
  timeline: [],
});
const lock = newCase({ state: 'contained', until: '2026-11-21T06:00:02.000Z' });
const afterLock = newCase({
  caseId: 'C-2',
  state: 'releasing',
  release: {
    all: false,
    by: 'the end of its time',
    at: '2026-11-21T06:00:02.000Z',
    withheld: [],
    conflicts: [],
    failed: [],
    timed: {
      stage: 'tokens',
      tokensUntil: '2026-11-22T14:01:03.000Z',
      lookAt: '2026-11-22T14:31:03.000Z',
    },
  },
});

beforeEach(() => {
  const here = Intl.DateTimeFormat().resolvedOptions();
  vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockReturnValue({ ...here, timeZone: 'Europe/Zurich' });
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a case as it is shown', () => {
  test('says that it came late, and after which release', () => {
    const late = { releasedSince: { caseId: 'C-0', at: '2026-11-21T06:00:02.000Z' } };
    expect(renderCase(whole({ state: 'awaiting-approval', ...late }, [])).join('\n')).toContain(
      'Late      it happened before 2026-11-21 07:00:02 Europe/Zurich (UTC+01:00), when a person let the subject go (C-0)',
    );
    expect(renderCase(whole({}, [])).join('\n')).not.toContain('Late');
  });

  test('says until when it is locked in the zone of whoever looks, by which rule, and who moved the end', () => {
    const extensions = [{ by: 'arn:aws:iam::111122223333:user/oncall', at: hold.startedAt, until: lock.until ?? '' }];
    const text = renderCase(whole(lock, [{ ...hold, extensions }])).join('\n');
    expect(text).toContain('Until     2026-11-21 07:00:02 Europe/Zurich (UTC+01:00), then it is released by itself');
    expect(text).toContain(
      '  hold      lock of rule rule-a since 2026-11-21 03:00:02 Europe/Zurich (UTC+01:00), until 2026-11-21 07:00:02 Europe/Zurich (UTC+01:00), extended by arn:aws:iam::111122223333:user/oncall',
    );
  });

  test('names each hold, also one that a person must end', () => {
    const text = renderCase(whole({}, [hold, forGood])).join('\n');
    expect(text).not.toContain('Until ');
    expect(text).toContain(
      'contain of rule rule-b since 2026-11-21 03:00:02 Europe/Zurich (UTC+01:00), until a person releases',
    );
  });

  test('says until when tokens from before a lock stay denied', () => {
    expect(renderCase(whole(afterLock, [])).join('\n')).toContain(
      'Until     2026-11-22 15:01:03 Europe/Zurich (UTC+01:00) tokens from before the lock stay denied; the lock is over',
    );
  });
});

describe('the list of cases', () => {
  test('has a column for the end where a case has one', () => {
    const [head, ...rows] = renderCases([lock, afterLock, newCase({ caseId: 'C-3' })], false);
    expect(head).toContain('UNTIL (UTC)');
    expect(rows.map((row) => /2026-11-2[12] (06|14):\S+/.exec(row)?.[0])).toEqual([
      '2026-11-21 06:00:02',
      '2026-11-22 14:01:03',
      undefined,
    ]);
  });

  test('and none where no case ends by itself', () => {
    expect(renderCases([newCase()], false)[0]).not.toContain('UNTIL');
  });
});
