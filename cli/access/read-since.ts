import { ACCESS_LIFETIME_SECONDS } from '../../shared/aws/access-items.ts';
import { parseDuration } from '../../shared/config/duration.ts';
import { CommandProblem } from '../stack/problem.ts';

/** The instant that `--since` means: a time back from now (`7d`, `36 h`), a day or an instant in UTC. */
export function readSince(text: string, now: Date): Date {
  const since = instantOf(text, now);
  if (since === undefined) {
    throw new CommandProblem(
      `--since takes a time back (7 d, 36 h), a day (2026-11-14) or an instant in UTC (2026-11-14T08:00:00Z), not ${JSON.stringify(text.slice(0, 60))}.`,
      2,
    );
  }
  if (since > now) throw new CommandProblem('--since lies in the future.', 2);
  if (now.getTime() - since.getTime() > ACCESS_LIFETIME_SECONDS * 1000) {
    throw new CommandProblem(
      'Accesses are kept for 90 days: --since can go back no further. Older ones are in the trail.',
      2,
    );
  }
  return since;
}

function instantOf(text: string, now: Date): Date | undefined {
  const duration = parseDuration(text);
  if (duration.kind === 'seconds') return new Date(now.getTime() - duration.seconds * 1000);
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/.test(text)) return undefined;
  const instant = new Date(text);
  // A day that the calendar lacks is moved to the next month by the platform.
  return Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== text.slice(0, 10)
    ? undefined
    : instant;
}
