import { nearest } from './nearest.ts';

/** True for an IANA zone that this runtime knows. Offsets such as `+01:00` are none: they would be wrong for half the year. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The zone that was most likely meant: `Europe/Zürich` and `Zurich` are `Europe/Zurich`. */
export function nearestTimeZone(name: string): string | undefined {
  const zones = Intl.supportedValuesOf('timeZone');
  const city = name.replace(/ /g, '_').toLowerCase();
  return zones.find((zone) => zone.toLowerCase().endsWith(`/${city}`)) ?? nearest(name.replace(/ /g, '_'), zones);
}
