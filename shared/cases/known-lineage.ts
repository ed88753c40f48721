import type { Partners, PartnersOf } from '../access/partners.ts';
import { type LineageOf, NO_LINEAGE, type SessionLineage } from '../access/session-lineage.ts';
import type { Mode } from '../config/policy.ts';
import type { ContainableSubject } from '../containment/read-subject.ts';
import { hasPart } from '../containment/registry.ts';
import { BY_HAND } from './asked-by-hand.ts';
import type { Case, Detection } from './case.ts';
import { revertedBy } from './detection-of.ts';
import { makesHold } from './hold.ts';
import { isGrantOn } from './is-grant-on.ts';

/** Asks the access record. Throws when it cannot be read. */
export type FindLineage = (of: LineageOf) => Promise<SessionLineage>;

/** As `FindLineage`. */
export type FindPartners = (of: PartnersOf) => Promise<Partners>;

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

/**
 * Of the accounts to which the detected calls opened the subject, those that had been let in before: a call that names them
 * again opened nothing to them, and a deny would cut off who is at work. Undefined where no such call is to be undone.
 */
export async function knownPartners(
  find: FindPartners | undefined,
  { mode }: Pick<Case, 'mode'>,
  subject: ContainableSubject,
  detections: readonly Detection[],
): Promise<Partners | undefined> {
  if (find === undefined || subject.kind !== 'role') return undefined;
  const opening = revertedBy(detections, mode).flatMap(({ granted, eventTime }) =>
    granted.flatMap((grant) =>
      grant.kind === 'trust-opened' && isGrantOn(subject, grant) ? [{ grant, eventTime }] : [],
    ),
  );
  const named = opening.flatMap(({ grant }) => grant.accounts).filter((account) => account !== '*');
  const accounts = [...new Set(named)].sort();
  const [before] = opening.map(({ eventTime }) => eventTime).sort();
  if (accounts.length === 0 || before === undefined) return undefined;
  // Nobody is cut off because the record could not be read: it is said, and left to a person.
  return find({ roleId: subject.roleId, accounts, before }).catch(() => ({ known: [], untold: accounts }));
}
