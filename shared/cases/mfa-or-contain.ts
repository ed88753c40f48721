import { playbookActions } from '../containment/playbooks.ts';
import type { Read } from '../containment/snapshot.ts';
import type { Case, Detection } from './case.ts';

/** When each MFA device of a user was enabled: ISO 8601. */
export type MfaDevices = (userName: string) => Promise<Read<readonly string[]>>;

/**
 * MFA is required only of a user who had a device before the first detection: one that was enabled since may be the
 * attacker's. Where there is none, or nobody can say, the case contains instead, in the mode in which MFA was asked for.
 */
export async function mfaOrContain(
  mfaDevices: MfaDevices | undefined,
  found: Case,
  detections: readonly Pick<Detection, 'eventTime'>[],
): Promise<Case> {
  const { subject, actions } = found;
  if (subject.kind !== 'user' || !actions.includes('require-mfa') || actions.includes('quarantine')) return found;
  const devices = await mfaDevices?.(subject.userName);
  const first = Math.min(...detections.map(({ eventTime }) => Date.parse(eventTime)));
  if (devices?.kind === 'read' && devices.value.some((at) => Date.parse(at) < first)) return found;
  const instead = playbookActions('contain', subject);
  if (instead.kind !== 'actions') throw new TypeError(`Nobody says how to contain ${subject.key}`);
  const mode = found.asked?.['require-mfa'] ?? found.mode;
  return {
    ...found,
    actions: [...new Set([...actions, ...instead.actions])],
    asked: { ...found.asked, ...Object.fromEntries(instead.actions.map((action) => [action, mode])) },
  };
}
