/** Is it a day that the calendar has, written `2026-12-25`? */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  // JavaScript takes 30 February for 2 March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Milliseconds since 1970 of an instant that names its zone, such as `2026-12-24T18:00:00+01:00`; undefined for anything else. */
export function instantOf(text: string): number | undefined {
  const [, date, hours] = /^(\d{4}-\d\d-\d\d)T(\d\d):\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  if (date === undefined || !isDate(date) || Number(hours) > 23) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
