import { parseArn } from '../../shared/access/arn.ts';
import type { PrincipalLookup } from '../../shared/cases/subject-of.ts';
import type { SessionReader } from '../../shared/ports/session-reader.ts';
import { CommandProblem } from '../stack/problem.ts';
import { resolvePrincipal } from './resolve-principal.ts';

const HOW =
  'Give an access key id (ASIA…, AKIA…), the ARN of a role session (arn:aws:sts::111122223333:assumed-role/ROLE/SESSION) or AROA…:SESSION.';

/** So many sessions of one name are told, the newest. */
export const SESSIONS_OF_A_NAME = 10;

/** The key ids that are asked about, the newest first: one, or one for each session of a name. */
export async function resolveSession(
  text: string,
  account: string,
  {
    lookup,
    sessions,
    since,
  }: { readonly lookup: PrincipalLookup; readonly sessions: SessionReader; readonly since: string },
): Promise<readonly string[]> {
  if (/^(ASIA|AKIA)[A-Z0-9]{4,124}$/.test(text)) return [text];
  const name = /^AROA\w+:./.test(text) ? text : await nameOf(text, account, lookup);
  const facts = await sessions.sessionsOf({ kind: 'name', key: name }, { since, limit: 3 * SESSIONS_OF_A_NAME });
  const held = facts.filter((fact) => fact.kind === 'held');
  // Of the key ids of one session the one that was handed out; each of those is a session, also of one second.
  const issued = held.filter(({ told }) => told === 'by its issue');
  const known = new Map(issued.map(({ accessKeyId, issuedAt }) => [accessKeyId, issuedAt]));
  const times = new Set(known.values());
  for (const { issuedAt, accessKeyId } of held) {
    if (!times.has(issuedAt)) known.set(accessKeyId, issuedAt);
    times.add(issuedAt);
  }
  return [...known]
    .sort(([, a], [, b]) => b.localeCompare(a))
    .slice(0, SESSIONS_OF_A_NAME)
    .map(([accessKeyId]) => accessKeyId);
}

async function nameOf(text: string, account: string, lookup: PrincipalLookup): Promise<string> {
  if (parseArn(text)?.resource.startsWith('assumed-role/') !== true) {
    throw new CommandProblem(`${JSON.stringify(text.slice(0, 80))} is no session. ${HOW}`, 2);
  }
  const { key, sessionName = '' } = await resolvePrincipal(text, account, lookup);
  return `${key.replace(/^role:/, '')}:${sessionName}`;
}
