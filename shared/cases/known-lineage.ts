import { type LineageOf, NO_LINEAGE, type SessionLineage } from '../access/session-lineage.ts';
import type { Mode } from '../config/policy.ts';
import type { ContainableSubject } from '../containment/read-subject.ts';
import { hasPart } from '../containment/registry.ts';
import { BY_HAND } from './asked-by-hand.ts';
import type { Case, Detection } from './case.ts';
import { makesHold } from './hold.ts';

/** Asks the access record. Throws when it cannot be read. */
export type FindLineage = (of: LineageOf) => Promise<SessionLineage>;

/**
 * What is on record of the subject's sessions, with the logins that its detections were. That the record cannot be read
 * keeps nothing from being contained: it is said, and the outcome is not whole.
 */
export async function knownLineage(
  find: FindLineage | undefined,
  { actions, mode }: Pick<Case, 'actions' | 'mode'>,
  subject: ContainableSubject,
  all: readonly Detection[],
): Promise<SessionLineage | undefined> {
  const detections = answered(mode, all);
  const of = lineageWanted(subject, detections);
  if (of === undefined || !hasPart('contain', actions)) return undefined;
  const told = detections.flatMap(({ login }) => (login === undefined ? [] : [login]));
  if (find === undefined && told.length === 0) return undefined;
  const found = find === undefined ? NO_LINEAGE : await find(of).catch(unread);
  const logins = new Map([...told, ...found.logins].map((login) => [JSON.stringify(login.claims), login]));
  return { ...found, logins: [...logins.values()] };
}

/**
 * Whoever opens a session chooses its name, so somebody else's may be in the same case: what a rule only told is no leave to
 * deny that login. A person who orders it by hand has seen the whole case.
 */
function answered(inForce: Mode, detections: readonly Detection[]): readonly Detection[] {
  const acts = detections.filter((one) => makesHold(one, inForce));
  return acts.some(({ eventSource }) => eventSource === BY_HAND) ? detections : acts;
}

function lineageWanted(subject: ContainableSubject, detections: readonly Detection[]): LineageOf | undefined {
  const keys = [...new Set(detections.flatMap(({ accessKeyId }) => (accessKeyId === undefined ? [] : [accessKeyId])))];
  if (subject.kind === 'user') return { principal: `user:${subject.userId}`, keys: [] };
  if (subject.kind === 'resource' || subject.kind === 'person') return undefined;
  const principal = `role:${subject.roleId}`;
  return subject.kind === 'session'
    ? { principal, session: `${subject.roleId}:${subject.sessionName}`, keys }
    : { principal, keys: [] };
}

function unread(error: unknown): SessionLineage {
  return { ...NO_LINEAGE, unread: error instanceof Error ? error.name : 'unknown error' };
}
