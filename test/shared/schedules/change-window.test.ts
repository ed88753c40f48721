import { describe, expect, it } from 'vitest';
import { createChangeWindow, windowLabel } from '../../../shared/schedules/create-change-window.ts';
import { createSchedule } from '../../../shared/schedules/create-schedule.ts';
import type { ChangeWindow } from '../../../shared/schedules/schedule.ts';

const release: ChangeWindow = {
  name: 'release 42',
  ticket: 'CHG-1234',
  accounts: ['111122223333'],
  principals: ['arn:aws:iam::*:role/Deployer'],
  resources: [],
  during: { kind: 'instants', from: '2026-12-05T17:00:00.000Z', to: '2026-12-05T21:00:00.000Z' },
};
const deed = (time: string, account = '111122223333', arn = 'arn:aws:iam::111122223333:role/Deployer') => ({
  time: Date.parse(time),
  account,
  principals: [arn],
  resources: [],
});

describe('a change window', () => {
  it.each([
    ['covers its first instant', deed('2026-12-05T17:00:00Z'), true],
    ['does not cover the instant before', deed('2026-12-05T16:59:59Z'), false],
    ['does not cover its last', deed('2026-12-05T21:00:00Z'), false],
    ['does not cover another account', deed('2026-12-05T18:00:00Z', '444455556666'), false],
    [
      'does not cover another role',
      deed('2026-12-05T18:00:00Z', '111122223333', 'arn:aws:iam::111122223333:role/X'),
      false,
    ],
  ])('%s', (_, event, covered) => {
    expect(createChangeWindow(release, new Map())(event)).toBe(covered);
  });

  it('covers whenever its schedule holds', () => {
    const patching = createSchedule({
      zone: 'UTC',
      days: ['sat'],
      hours: [{ from: 0, to: 120 }],
      holidays: [],
      overrides: [],
      principals: [],
      resources: [],
    });
    const weekly: ChangeWindow = { ...release, during: { kind: 'schedule', schedule: 'patching' } };
    const covers = createChangeWindow(weekly, new Map([['patching', patching]]));
    expect(covers(deed('2026-12-05T01:59:00Z'))).toBe(true);
    expect(covers(deed('2026-12-05T02:00:00Z'))).toBe(false);
    expect(covers(deed('2026-12-12T01:59:00Z'))).toBe(true);
  });

  it('is named with its ticket', () => {
    const { ticket: _, ...unticketed } = release;
    expect([windowLabel(release), windowLabel(unticketed)]).toEqual(['release 42 (CHG-1234)', 'release 42']);
  });
});
