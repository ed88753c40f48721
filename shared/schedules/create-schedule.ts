import { type Deed, isBy, isFor } from './deed.ts';
import type { HourRange, Schedule } from './schedule.ts';
import { createWallClock, dayBefore, type WallTime, weekdayOf } from './wall-clock.ts';

/** Does a schedule approve of a deed at its time? Not when the deed is none of those that the schedule is for. */
export type Approval = (deed: Deed) => boolean;

export function createSchedule(schedule: Schedule): Approval {
  const wallTime = createWallClock(schedule.zone);
  const days = new Set<string>(schedule.days);
  const holidays = new Set(schedule.holidays);
  const overrides = schedule.overrides.map(({ kind, from, to, principals }) => {
    const [start, end] = [Date.parse(from), Date.parse(to)];
    return {
      principals,
      holds: (time: number, { date }: WallTime) =>
        kind === 'dates' ? from <= date && date <= to : start <= time && time < end,
    };
  });
  const begins = (date: string): boolean => !holidays.has(date) && days.has(weekdayOf(date) ?? '');
  const holds = ({ from, to }: HourRange, { date, minutes }: WallTime): boolean => {
    if (from < to) return from <= minutes && minutes < to && begins(date);
    // Into the next day: the part after midnight is that of the day before.
    return (from <= minutes && begins(date)) || (minutes < to && begins(dayBefore(date)));
  };
  return (deed) => {
    if (Number.isNaN(deed.time) || !isFor(schedule, deed)) return false;
    const wall = wallTime(deed.time);
    return (
      schedule.hours.some((range) => holds(range, wall)) ||
      overrides.some((override) => override.holds(deed.time, wall) && isBy(override.principals, deed))
    );
  };
}
