import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSchedule } from '../../../shared/schedules/create-schedule.ts';
import type { Deed } from '../../../shared/schedules/deed.ts';
import { formatHourRange, parseHourRange } from '../../../shared/schedules/hour-range.ts';
import { type Schedule, WEEKDAYS } from '../../../shared/schedules/schedule.ts';

const office: Schedule = {
  zone: 'Europe/Zurich',
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  hours: [{ from: 8 * 60, to: 18 * 60 }],
  holidays: [],
  overrides: [],
  principals: [],
  resources: [],
};
const ALICE = 'arn:aws:iam::111122223333:user/alice';
const BOB = 'arn:aws:sts::111122223333:assumed-role/Operations/bob';

function deed(time: string, of: Partial<Deed> = {}): Deed {
  return { time: Date.parse(time), account: '111122223333', principals: [ALICE], resources: [], ...of };
}

const approves = (schedule: Partial<Schedule>, time: string, of: Partial<Deed> = {}): boolean =>
  createSchedule({ ...office, ...schedule })(deed(time, of));

describe('approved hours', () => {
  it.each([
    ['begin with the first minute', '2026-11-20T07:00:00Z', true],
    ['do not begin a second before', '2026-11-20T06:59:59Z', false],
    ['last through the last second', '2026-11-20T16:59:59Z', true],
    ['end with the minute that ends them', '2026-11-20T17:00:00Z', false],
    ['are none on a Saturday', '2026-11-21T10:00:00Z', false],
  ])('%s', (_, time, inside) => {
    expect(approves({}, time)).toBe(inside);
  });

  it.each([
    // In Zurich clocks go forward on 29 March 2026 at 01:00 UTC and back on 25 October 2026 at 01:00 UTC.
    ['the Friday before summer time: 08:30 is inside', '2026-03-27T07:30:00Z', true],
    ['the Friday before summer time: 07:30 is outside', '2026-03-27T06:30:00Z', false],
    ['the Monday after: the same instant of the day is an hour later, and inside', '2026-03-30T06:30:00Z', true],
    ['the Monday after: 18:30 is outside', '2026-03-30T16:30:00Z', false],
    ['the Friday before winter time: 17:30 is inside', '2026-10-23T15:30:00Z', true],
    ['the Monday after: the same instant of the day is 16:30, and inside', '2026-10-26T15:30:00Z', true],
    ['the Monday after: 07:30 is outside, which was 08:30 on Friday', '2026-10-26T06:30:00Z', false],
    ['the Friday before: 08:30 was inside', '2026-10-23T06:30:00Z', true],
  ])('follow the clocks on the wall: %s', (_, time, inside) => {
    expect(approves({}, time)).toBe(inside);
  });

  it.each([
    ['the first 02:30, in summer time', '2026-10-25T00:30:00Z', true],
    ['the second 02:30, an hour later', '2026-10-25T01:30:00Z', true],
    ['01:59, before them', '2026-10-24T23:59:00Z', false],
    ['03:00, after both', '2026-10-25T02:00:00Z', false],
  ])('hold twice for the hour that comes twice: %s', (_, time, inside) => {
    expect(approves({ days: ['sun'], hours: [{ from: 120, to: 180 }] }, time)).toBe(inside);
  });

  it.each([
    ['01:59, the last minute before', '2026-03-29T00:59:00Z', false],
    ['03:00, the first minute after', '2026-03-29T01:00:00Z', false],
  ])('never hold in an hour that does not come: %s', (_, time, inside) => {
    expect(approves({ days: ['sun'], hours: [{ from: 120, to: 180 }] }, time)).toBe(inside);
  });

  it.each([
    ['Friday 22:00', '2026-11-20T21:00:00Z', true],
    ['Saturday 05:59, which belongs to Friday', '2026-11-21T04:59:00Z', true],
    ['Saturday 06:00', '2026-11-21T05:00:00Z', false],
    ['Saturday 22:00', '2026-11-21T21:00:00Z', false],
    ['Friday 05:59, which belongs to Thursday', '2026-11-20T04:59:00Z', false],
  ])('of a night belong to the day on which they begin: %s', (_, time, inside) => {
    expect(approves({ days: ['fri'], hours: [{ from: 22 * 60, to: 6 * 60 }] }, time)).toBe(inside);
  });

  it('of a night do not begin on a holiday, and those begun before go on into it', () => {
    const night = { hours: [{ from: 22 * 60, to: 6 * 60 }], holidays: ['2026-12-25'] };
    expect(approves(night, '2026-12-25T02:00:00Z')).toBe(true);
    expect(approves(night, '2026-12-25T22:00:00Z')).toBe(false);
  });

  it('of a whole day have no gap at midnight', () => {
    const whole = { hours: [{ from: 0, to: 24 * 60 }] };
    expect(approves(whole, '2026-11-19T22:59:59Z')).toBe(true);
    expect(approves(whole, '2026-11-19T23:00:00Z')).toBe(true);
    expect(approves(whole, '2026-11-20T22:59:59Z')).toBe(true);
    expect(approves(whole, '2026-11-20T23:00:00Z')).toBe(false);
  });

  it.each([
    ['Asia/Kolkata, half an hour off', 'Asia/Kolkata', '2026-11-20T02:30:00Z', true],
    ['Asia/Kolkata, before it', 'Asia/Kolkata', '2026-11-20T02:29:59Z', false],
    ['America/New_York on the day when its clocks went back', 'America/New_York', '2026-11-02T13:00:00Z', true],
    ['America/New_York an hour before, inside three days earlier', 'America/New_York', '2026-11-02T12:00:00Z', false],
    ['Pacific/Auckland, where it is Saturday already', 'Pacific/Auckland', '2026-11-20T11:30:00Z', false],
  ])('are those of the zone: %s', (_, zone, time, inside) => {
    expect(approves({ zone }, time)).toBe(inside);
  });
});

describe('overrides', () => {
  const overrides: Schedule['overrides'] = [
    { kind: 'dates', from: '2026-12-26', to: '2026-12-27', principals: [] },
    {
      kind: 'instants',
      from: '2026-11-21T20:00:00.000Z',
      to: '2026-11-21T22:00:00.000Z',
      principals: ['arn:aws:sts::*:assumed-role/Operations/bob'],
    },
  ];

  it.each([
    ['the first minute of the first day, by the clocks of the zone', '2026-12-25T23:00:00Z', true],
    ['the minute before', '2026-12-25T22:59:00Z', false],
    ['the last minute of the last day', '2026-12-27T22:59:00Z', true],
    ['the minute after', '2026-12-27T23:00:00Z', false],
  ])('of days hold for whole days: %s', (_, time, inside) => {
    expect(approves({ overrides }, time)).toBe(inside);
  });

  it.each([
    ['who is on call, from the first instant', BOB, '2026-11-21T20:00:00Z', true],
    ['who is on call, not at the last instant', BOB, '2026-11-21T22:00:00Z', false],
    ['who is on call, not before', BOB, '2026-11-21T19:59:59Z', false],
    ['who is not on call', ALICE, '2026-11-21T21:00:00Z', false],
  ])('of a rota hold for %s', (_, arn, time, inside) => {
    expect(approves({ overrides }, time, { principals: [arn] })).toBe(inside);
  });
});

describe('a schedule for some', () => {
  const NOON = '2026-11-20T11:00:00Z';

  it.each([
    ['the role that is named, in any of its sessions', ['arn:aws:iam::*:role/Operations'], true],
    ['a session of it', ['arn:aws:sts::*:assumed-role/Operations/*'], true],
    ['somebody else', [ALICE], false],
  ])('approves for %s', (_, principals, inside) => {
    const role = 'arn:aws:iam::111122223333:role/Operations';
    expect(approves({ principals }, NOON, { principals: [BOB, role] })).toBe(inside);
  });

  it.each([
    ['of what it names', ['arn:aws:s3:::finance', 'arn:aws:s3:::finance/report.csv'], true],
    ['of nothing beside it', ['arn:aws:s3:::finance', 'arn:aws:s3:::payroll'], false],
    ['of nothing that is not known', [], false],
  ])('approves %s', (_, resources, inside) => {
    expect(approves({ resources: ['arn:aws:s3:::finance*'] }, NOON, { resources })).toBe(inside);
  });
});

it('hours are read as they are written, and nothing else is taken for hours', () => {
  const minute = fc.integer({ min: 0, max: 1439 });
  fc.assert(
    fc.property(minute, fc.integer({ min: 1, max: 1440 }), (from, to) => {
      fc.pre(from !== to);
      expect(parseHourRange(formatHourRange({ from, to }))).toEqual({ from, to });
    }),
  );
  for (const text of ['8-18', '08:00', '08:60-18:00', '24:00-06:00', '08:00-08:00', '25:00-26:00', '00:00-00:00', '']) {
    expect([text, parseHourRange(text)]).toEqual([text, undefined]);
  }
});

it('inside or outside, a schedule of all days and hours approves of every instant of two years', () => {
  const always = createSchedule({ ...office, days: WEEKDAYS, hours: [{ from: 0, to: 1440 }] });
  const from = Date.parse('2026-01-01T00:00:00Z');
  const to = Date.parse('2027-12-31T00:00:00Z');
  fc.assert(
    fc.property(fc.integer({ min: from, max: to }), (time) => always({ ...deed('2026-01-01T00:00:00Z'), time })),
  );
});
