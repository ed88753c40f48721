import { timeInZone } from '../../shared/alerts/time-in-zone.ts';

/** An instant in the zone of this machine, with its name and offset. */
export function localTime(instant: string): string {
  return timeInZone(instant, Intl.DateTimeFormat().resolvedOptions().timeZone);
}
