import type { AccessEntry } from '../access/access-entry.ts';
import type { AccessEvent } from '../access/access-event.ts';
import { partitionOfRegion } from '../access/arn.ts';
import { principalLabel } from '../access/principal.ts';
import { commandWord, lookUp } from '../cases/beyond/command-word.ts';
import { requestOf } from '../cases/changed-on.ts';
import { isOwnRole } from '../cases/own-roles.ts';
import { storable } from '../cases/storable.ts';
import type { PrincipalSubject } from '../cases/subject.ts';
import { undoneBy } from '../cases/undone-by.ts';
import { textAt } from '../cloudtrail/text-at.ts';
import type { Found } from './deed.ts';

/**
 * Calls on somebody contained that may open what was closed, although their records do not tell what stood there before: a
 * trust policy without our statement, or a boundary in which the deny stood.
 */
const OPENING: ReadonlyMap<string, string> = new Map([
  ['UpdateAssumeRolePolicy', 'trust policy changed'],
  ['PutUserPermissionsBoundary', 'permissions boundary changed'],
  ['PutRolePermissionsBoundary', 'permissions boundary changed'],
  ['DeleteUserPermissionsBoundary', 'permissions boundary deleted'],
  ['DeleteRolePermissionsBoundary', 'permissions boundary deleted'],
]);

/**
 * Who else changed the subject since its case was opened: proposed, and never contained by itself, for whoever is in charge
 * looks just like a helper. `since` is compared with whole seconds, as records tell them.
 */
export function helpOf(subject: PrincipalSubject, since: string, event: AccessEvent): Found | undefined {
  const { principal, eventName, eventTime, errorCode } = event;
  if (event.eventSource !== 'iam.amazonaws.com' || errorCode !== undefined || isBefore(eventTime, since))
    return undefined;
  if (!isOn(subject, event) || isOwnDoing(subject, event)) return undefined;
  const done = OPENING.get(eventName) ?? (undoneBy(event) === undefined ? undefined : eventName);
  if (done === undefined) return undefined;
  const by = storable(principalLabel(principal), LONGEST_NAME);
  return {
    key: `help ${by} ${eventName}`,
    what: whatOf(subject, done, by),
    by,
    at: eventTime,
    eventId: storable(event.eventId, LONGEST_NAME),
    contain: containWho(event),
    check: { kind: 'none' },
  };
}

/** The same of what the access table keeps, which tells no parameters: `undefined` where those would have to say it. */
export function helpIn(
  subject: PrincipalSubject,
  since: string,
  entry: AccessEntry,
): Omit<Found, 'key' | 'check'> | undefined {
  const { action, who, at, eventId, principal, account, region } = entry;
  const done = OPENING.get(action);
  if (done === undefined || entry.result !== 'success' || isBefore(at, since)) return undefined;
  const [kind, id] = principal.split(':');
  const [roleName = '', sessionName] = who.split('/');
  if (kind === 'user' ? subject.kind === 'user' && id === subject.userId : isOwnRole(roleName)) return undefined;
  if (kind === 'role' && isOwnSession(subject, id, sessionName)) return undefined;
  return {
    what: whatOf(subject, done, who),
    by: who,
    at,
    eventId,
    contain: commandFor(kind, id, { account, region, who, eventId }),
  };
}

function commandFor(
  kind: string | undefined,
  id: string | undefined,
  { account, region, who, eventId }: Pick<AccessEntry, 'account' | 'region' | 'who' | 'eventId'>,
): string {
  if (kind === 'user') return contain(id, 'USER-ID');
  return kind === 'role'
    ? contain(sessionArn(account, region, who), 'SESSION-ARN')
    : lookUp('EventId', eventId, 'EVENT-ID');
}

function containWho({ principal, account, region, eventId }: AccessEvent): string {
  // Whoever belongs to another account is contained there.
  if ('account' in principal && principal.account === account) {
    if (principal.kind === 'user') return contain(principal.userId, 'USER-ID');
    if (principal.kind === 'federated-user') return contain(principal.issuerId, 'USER-ID');
    if (principal.kind === 'role-session') {
      return contain(sessionArn(account, region, `${principal.roleName}/${principal.sessionName}`), 'SESSION-ARN');
    }
  }
  return lookUp('EventId', eventId, 'EVENT-ID');
}

function contain(who: string | undefined, standIn: string): string {
  return `npx rescind contain ${commandWord(who, standIn)} --enforce`;
}

function sessionArn(account: string, region: string, who: string): string {
  return `arn:${partitionOfRegion(region)}:sts::${account}:assumed-role/${who}`;
}

function isOn(subject: PrincipalSubject, event: AccessEvent): boolean {
  const request = requestOf(event);
  const [asked, name] =
    subject.kind === 'user'
      ? [textAt(request, 'userName'), subject.userName]
      : [textAt(request, 'roleName'), subject.roleName];
  // IAM takes a name in any case.
  return asked?.toLowerCase() === name.toLowerCase();
}

/** Of the subject itself, or of Rescind. */
function isOwnDoing(subject: PrincipalSubject, { principal, account }: AccessEvent): boolean {
  switch (principal.kind) {
    case 'user':
      return subject.kind === 'user' && principal.userId === subject.userId;
    case 'federated-user':
      return subject.kind === 'user' && principal.issuerId === subject.userId;
    case 'role-session':
      return (
        (principal.account === account && isOwnRole(principal.roleName)) ||
        isOwnSession(subject, principal.roleId, principal.sessionName)
      );
    default:
      return false;
  }
}

function isOwnSession(subject: PrincipalSubject, roleId: string | undefined, sessionName: string | undefined): boolean {
  if (subject.kind === 'user' || subject.roleId !== roleId) return false;
  return subject.kind === 'role' || subject.sessionName === sessionName;
}

function whatOf(subject: PrincipalSubject, done: string, by: string): string {
  const name = subject.kind === 'user' ? `user ${subject.userName}` : `role ${subject.roleName}`;
  return storable(`${name}, ${done} by ${by} since its case was opened`, LONGEST_WHAT);
}

function isBefore(at: string, since: string): boolean {
  return Date.parse(at) < Math.floor(Date.parse(since) / 1_000) * 1_000;
}

const LONGEST_WHAT = 300;
const LONGEST_NAME = 200;
