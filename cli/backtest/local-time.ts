export type LocalTime = { readonly day: string; readonly hour: number };

const QUARTER_MS = 15 * 60 * 1000;

/** The day and the hour of an instant in a zone. No zone changes its offset within a quarter of an hour, so each is asked for once. */
export function createLocalTime(zone: string): (time: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  const known = new Map<number, LocalTime>();
  return (time) => {
    const quarter = Math.floor(time / QUARTER_MS);
    const before = known.get(quarter);
    if (before !== undefined) return before;
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const found = {
      day: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
      hour: Number(parts.get('hour')),
    };
    known.set(quarter, found);
    return found;
  };
}
