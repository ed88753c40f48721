import type { HourRange } from './schedule.ts';

const DAY_MINUTES = 24 * 60;

/** Reads `08:00-18:00`, `22:00-06:00` (into the next day) and `00:00-24:00`; undefined for anything else. */
export function parseHourRange(text: string): HourRange | undefined {
  const [, from, to] = /^(\d\d:\d\d) ?- ?(\d\d:\d\d)$/.exec(text.trim()) ?? [];
  const start = minutesOf(from);
  const end = minutesOf(to);
  if (start === undefined || end === undefined || start === DAY_MINUTES || start === end) return undefined;
  return { from: start, to: end === 0 ? DAY_MINUTES : end };
}

function minutesOf(text = ''): number | undefined {
  const [hours = Number.NaN, minutes = Number.NaN] = text.split(':').map(Number);
  const total = hours * 60 + minutes;
  return minutes < 60 && total <= DAY_MINUTES ? total : undefined;
}

/** `08:00-18:00`. */
export function formatHourRange({ from, to }: HourRange): string {
  return `${clock(from)}-${clock(to)}`;
}

function clock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
