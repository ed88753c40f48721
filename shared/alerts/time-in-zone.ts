import { isTimeZone } from '../config/time-zone.ts';

/**
 * `2026-11-21 03:02:11 Europe/Zurich (UTC+01:00)`. With the offset, because at the end of summer time an hour comes
 * twice. An unknown zone gives UTC: an alert at the wrong hour is better than none.
 */
export function timeInZone(instant: string, zone: string): string {
  const time = Date.parse(instant);
  if (Number.isNaN(time)) return 'an unreadable time';
  const timeZone = isTimeZone(zone) ? zone : 'UTC';
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  }).formatToParts(time);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((found) => found.type === type)?.value ?? '';
  const day = `${part('year')}-${part('month')}-${part('day')}`;
  const clock = `${part('hour')}:${part('minute')}:${part('second')}`;
  if (timeZone === 'UTC') return `${day} ${clock} UTC`;
  // Some runtimes write no offset for none, as in London in winter.
  const offset = part('timeZoneName').replace(/^GMT/, 'UTC').replace(/^UTC$/, 'UTC+00:00');
  return `${day} ${clock} ${timeZone} (${offset})`;
}
