import type { ChainedSession } from '../access/session-lineage.ts';
import type { Case, Detection } from './case.ts';
import { againWhenStale, changeCase } from './change-case.ts';
import { isOver } from './contain-case.ts';
import { type JoinForDeps, joinFor } from './join-for.ts';
import { leavesSessions } from './leaves-sessions.ts';
import { subjectOfNamed } from './named-principal.ts';
import type { Subject } from './subject.ts';
import type { PrincipalLookup } from './subject-of.ts';

export type FollowDeps = JoinForDeps & { readonly lookup: PrincipalLookup };

/** More than the breaker lets through at once; what is beyond is listed in the case. */
const MOST_FOLLOWED = 20;

/** What is asked for a session that came of a subject for which this was asked. */
const FOR_SESSION: Readonly<Record<string, string>> = {
  contain: 'contain',
  lock: 'lock',
  // Nobody knows whether MFA opened the session in the beginning.
  'require-mfa': 'revoke-session',
  'revoke-session': 'revoke-session',
  'revoke-sessions': 'revoke-session',
};

/**
 * A deny on one principal does not end the sessions that it opened elsewhere. Each of them gets a case of its own, by the
 * same rule and in the same mode, with the gates of every other: so a circle ends, for whoever has a case joins it. Twice
 * is once.
 */
export async function followSessions(
  deps: FollowDeps,
  of: { readonly caseId: string; readonly planVersion: number },
): Promise<void> {
  const [found, detections] = await Promise.all([deps.store.read(of.caseId), deps.store.detections(of.caseId)]);
  if (found === undefined) throw new Error(`There is no case ${of.caseId}.`);
  if (isOver(found, of.planVersion) || !leavesSessions(found)) return;
  const causes = detections.filter(
    ({ playbook, mode, unfit }) => FOR_SESSION[playbook] !== undefined && mode === found.mode && unfit === undefined,
  );
  const cause = causes.at(-1);
  if (cause === undefined) return;
  // Not when the session began: a person who let it go before that knew nothing of what its maker has done since.
  const newest = new Date(Math.max(...causes.map(({ eventTime }) => Date.parse(eventTime)))).toISOString();
  const due = found.lineage?.issued.slice(0, MOST_FOLLOWED) ?? [];
  // Written before the first is tried: whatever becomes of this run, the outcome names those that nobody ends.
  await keepUnfollowed(deps, of, due);
  const failed: { readonly session: ChainedSession; readonly error: unknown }[] = [];
  for (const session of due) {
    // One that fails must not keep the others open.
    await follow(deps, found, { ...cause, newest }, session).catch((error: unknown) => failed.push({ session, error }));
  }
  await keepUnfollowed(
    deps,
    of,
    failed.map(({ session }) => session),
  );
  if (failed.length > 0) {
    throw new AggregateError(
      failed.map(({ error }) => error),
      `${failed.length} sessions could not be followed`,
    );
  }
}

async function keepUnfollowed(
  { store, clock }: FollowDeps,
  of: { readonly caseId: string; readonly planVersion: number },
  sessions: readonly ChainedSession[],
): Promise<void> {
  await changeCase(store, of.caseId, (current) => {
    if (isOver(current, of.planVersion)) return undefined;
    const { unfollowed: _known, ...rest } = current;
    const now = { revision: current.revision + 1, updatedAt: clock.now().toISOString() };
    return {
      next: sessions.length === 0 ? { ...rest, ...now } : { ...rest, ...now, unfollowed: sessions.map(shortName) },
    };
  });
}

/** `build/one`, of `arn:aws:sts::111122223333:assumed-role/build/one`. */
function shortName({ arn }: Pick<ChainedSession, 'arn'>): string {
  return arn.split('assumed-role/')[1] ?? arn;
}

async function follow(
  deps: FollowDeps,
  found: Case,
  { newest, ...cause }: Detection & { readonly newest: string },
  session: ChainedSession,
): Promise<void> {
  const subject = await subjectOf(deps, found, session);
  if (subject === undefined) return;
  await againWhenStale(() =>
    joinFor(deps, subject, detectionOf(cause, session, deps.clock.now().toISOString()), { newest }),
  );
}

/** The record names a role; whose name it is now, IAM says. What a role's own case ends needs none beside it. */
async function subjectOf(
  { lookup }: FollowDeps,
  { subject: of }: Case,
  { name, arn }: ChainedSession,
): Promise<Subject | undefined> {
  const [, account, roleName] = /^arn:[^:]+:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  const colon = name.indexOf(':');
  const roleId = name.slice(0, colon);
  // Roles of other accounts are out of reach: the case lists their sessions.
  if (roleName === undefined || account !== of.account) return undefined;
  if (of.kind === 'role' && of.roleId === roleId) return undefined;
  const named = await subjectOfNamed(
    { kind: 'session', name: roleName, sessionName: name.slice(colon + 1), uniqueId: roleId },
    lookup,
  );
  return named.kind === 'subject' ? named.subject : undefined;
}

/** Not by hand, whoever asked for the first: nobody has looked at this session, so a workload is asked about. */
function detectionOf(cause: Detection, { arn, at, eventId, by }: ChainedSession, now: string): Detection {
  const { ruleId, ruleTitle, ruleFile, level, region, playbook, mode, forSeconds } = cause;
  return {
    ruleId,
    ruleTitle,
    ruleFile,
    level,
    eventId,
    eventTime: at,
    detectedAt: now,
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    region,
    actor: `${by}, which became ${shortName({ arn })}`,
    granted: [],
    playbook: FOR_SESSION[playbook] ?? 'alert',
    ...(mode === undefined ? {} : { mode }),
    ...(forSeconds === undefined ? {} : { forSeconds }),
  };
}
