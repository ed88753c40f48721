/** `2026-11-20 02:10:00`, in a zone. */
export function createZonedTime(zone: string): (time: number) => string {
  // Sweden writes times as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return (time) => format.format(time);
}
