import { describe, expect, test } from 'vitest';
import { smallHoursAt } from '../../../cli/demo/small-hours.ts';

describe('the place where it is two in the morning', () => {
  test.each([
    ['2026-11-21T23:14:00Z', { zone: 'Africa/Nairobi', city: 'Nairobi', time: '02:14' }],
    ['2026-07-04T02:00:00Z', { zone: 'Africa/Abidjan', city: 'Abidjan', time: '02:00' }],
    ['2026-11-21T15:59:59Z', { zone: 'Pacific/Guadalcanal', city: 'Guadalcanal', time: '02:59' }],
    ['2026-11-21T16:00:00Z', { zone: 'Australia/Brisbane', city: 'Brisbane', time: '02:00' }],
    ['2026-11-21T08:30:00Z', { zone: 'America/Costa_Rica', city: 'Costa Rica', time: '02:30' }],
  ])('at %s', (now, found) => {
    expect(smallHoursAt(new Date(now))).toEqual(found);
  });

  test.each(['2026-01-15', '2026-07-15'])('there is one at every hour of %s, and it tells the minutes', (day) => {
    const hours = Array.from({ length: 24 }, (_, hour) => `${day}T${String(hour).padStart(2, '0')}:37:00Z`);
    const found = hours.map((at) => smallHoursAt(new Date(at)));
    expect(new Set(found.map(({ zone }) => zone)).size).toBe(24);
    expect(new Set(found.map(({ time }) => time))).toEqual(new Set(['02:37']));
  });
});
