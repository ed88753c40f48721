/** A zone for each hour of the day, without summer time, from the one where the day begins to the one where it ends last. */
const ZONES = [
  'Pacific/Tarawa',
  'Pacific/Guadalcanal',
  'Australia/Brisbane',
  'Asia/Tokyo',
  'Asia/Singapore',
  'Asia/Bangkok',
  'Asia/Dhaka',
  'Asia/Karachi',
  'Asia/Dubai',
  'Africa/Nairobi',
  'Africa/Johannesburg',
  'Africa/Lagos',
  'Africa/Abidjan',
  'Atlantic/Cape_Verde',
  'America/Noronha',
  'America/Sao_Paulo',
  'America/La_Paz',
  'America/Bogota',
  'America/Costa_Rica',
  'America/Phoenix',
  'Pacific/Pitcairn',
  'Pacific/Gambier',
  'Pacific/Honolulu',
  'Pacific/Pago_Pago',
] as const;

export type SmallHours = {
  /** As the time zone database calls it. */
  readonly zone: string;
  /** `Nairobi` */
  readonly city: string;
  /** `02:14` */
  readonly time: string;
};

/**
 * Where on earth it is between two and three in the morning. The records of the demo bear the time at which their calls were
 * made, and are outside anybody's office hours whenever it is played: it is the office that moves.
 */
export function smallHoursAt(now: Date): SmallHours {
  for (const zone of ZONES) {
    const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(now);
    if (time.startsWith('02')) return { zone, city: zone.replace(/^.*\//, '').replaceAll('_', ' '), time };
  }
  throw new Error('The time zones of this Node leave out an hour of the day.');
}
