import type { SessionReader } from '../ports/session-reader.ts';
import type { HeldSession } from './held-session.ts';
import { sameIssue } from './same-issue.ts';

/** `shared`: another session of the name was issued at the time too, and the key may be of that one. */
export type KeyAlike = HeldSession & { readonly shared?: true };

/**
 * Other key ids of a session, as the console uses them: of the same role and name, issued at the same time. One that a call
 * handed out by itself is a session of its own, and may be somebody else's.
 */
export async function keysAlike(
  reader: Pick<SessionReader, 'sessionsOf'>,
  { accessKeyId, name, issuedAt }: Pick<HeldSession, 'accessKeyId' | 'name' | 'issuedAt'>,
): Promise<readonly KeyAlike[]> {
  if (name === undefined) return [];
  const asked = { ...sameIssue(issuedAt), limit: KEYS_OF_ONE_SESSION };
  const facts = await reader.sessionsOf({ kind: 'name', key: name }, asked);
  const held = facts.filter((fact) => fact.kind === 'held').filter((fact) => fact.accessKeyId !== accessKeyId);
  const issued = new Set(held.filter(({ told }) => told === 'by its issue').map((fact) => fact.accessKeyId));
  const own = held.filter((fact) => !issued.has(fact.accessKeyId));
  return issued.size === 0 ? own : own.map((fact) => ({ ...fact, shared: true }));
}

const KEYS_OF_ONE_SESSION = 100;
