/** CloudTrail's times have no fraction of a second: 2026-01-31T09:05:07Z. */
export function recordTime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

/** A time inside the response elements of IAM and STS, which CloudTrail writes as Java prints it: Jan 31, 2026 9:05:07 AM. */
export function responseTime(at: Date): string {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const two = (value: number) => String(value).padStart(2, '0');
  const hour = at.getUTCHours();
  const date = `${months[at.getUTCMonth()]} ${at.getUTCDate()}, ${at.getUTCFullYear()}`;
  const time = `${hour % 12 || 12}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return `${date} ${time} ${hour < 12 ? 'AM' : 'PM'}`;
}
