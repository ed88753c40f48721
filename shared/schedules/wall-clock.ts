import { WEEKDAYS, type Weekday } from './schedule.ts';

/** What a clock and a calendar on the wall show at an instant. */
export type WallTime = {
  /** `2026-10-25`. */
  readonly date: string;
  /** After midnight. An hour that comes twice, at the end of summer time, shows the same minutes twice. */
  readonly minutes: number;
};

/**
 * The clock of a zone, by the zone data of the platform. Making one takes a thousand times as long as reading it, so it
 * is made once. Throws a RangeError for a zone that the runtime does not know.
 */
export function createWallClock(zone: string): (time: number) => WallTime {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    return {
      date: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
      minutes: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
    };
  };
}

/** Of a date, which needs no zone. */
export function weekdayOf(date: string): Weekday | undefined {
  // 1 January 1970 was a Thursday; the week begins on Monday.
  return WEEKDAYS[(Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS) + 3) % 7];
}

export function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
}

const DAY_MS = 24 * 3600 * 1000;
