import type { SessionReader } from '../ports/session-reader.ts';
import type { HeldSession } from './held-session.ts';
import { sameIssue } from './same-issue.ts';

/**
 * Other key ids of a session, as the console uses them: of the same role and name, issued at the same time. One that a call
 * handed out by itself is a session of its own, and may be somebody else's.
 */
export async function keysAlike(
  reader: Pick<SessionReader, 'sessionsOf'>,
  { accessKeyId, name, issuedAt }: Pick<HeldSession, 'accessKeyId' | 'name' | 'issuedAt'>,
): Promise<readonly HeldSession[]> {
  if (name === undefined) return [];
  const asked = { ...sameIssue(issuedAt), limit: KEYS_OF_ONE_SESSION };
  const facts = await reader.sessionsOf({ kind: 'name', key: name }, asked);
  const held = facts.filter((fact) => fact.kind === 'held' && fact.accessKeyId !== accessKeyId);
  const issued = new Set(
    held.flatMap((fact) => (fact.kind === 'held' && fact.told === 'by its issue' ? [fact.accessKeyId] : [])),
  );
  return held.flatMap((fact) => (fact.kind === 'held' && !issued.has(fact.accessKeyId) ? [fact] : []));
}

const KEYS_OF_ONE_SESSION = 100;
