import type { AccessEvent } from '../access/access-event.ts';
import { sessionOpenedBy } from '../access/federated-login.ts';
import { isIdentityCenterRole } from '../access/person.ts';
import { type Principal, principalLabel } from '../access/principal.ts';
import { isJsonObject } from '../json.ts';
import type { RoleIdentity, UserIdentity } from '../ports/iam.ts';
import type { SubjectSelector } from '../rules/rule.ts';
import { beyond, ofPerson } from './beyond/beyond.ts';
import { undoByHand } from './beyond/change-steps.ts';
import { commandWord, lookUp } from './beyond/command-word.ts';
import { identityCenterUserSteps, permissionSetSteps } from './beyond/identity-center-steps.ts';
import { foreignSteps, otherAccountSteps } from './beyond/other-account-steps.ts';
import { anonymousSteps } from './beyond/resource-steps.ts';
import { rootSteps } from './beyond/root-steps.ts';
import { serviceLinkedSteps, serviceSteps } from './beyond/service-steps.ts';
import { externalUserSteps, nobodySteps, unknownSteps } from './beyond/unknown-steps.ts';
import { changedOn } from './changed-on.ts';
import { grantedBy } from './granted.ts';
import type { Subject } from './subject.ts';

/** Finds the unique id behind a name that a request used; `undefined` when nobody bears it. */
export type PrincipalLookup = {
  getUser(userName: string): Promise<UserIdentity | undefined>;
  getRole(roleName: string): Promise<RoleIdentity | undefined>;
};

/** A rule's own, or, where the answer is `revert`, what the call changed: whoever made the change is another question. */
export function selectorFor(playbook: string, selector: SubjectSelector): SubjectSelector | 'changed' {
  return playbook === 'revert' ? 'changed' : selector;
}

/** Whom a detection is about. Only a `target-…` rule costs a lookup: the request names its target without the unique id. */
export async function subjectOf(
  event: AccessEvent,
  selector: SubjectSelector | 'changed',
  lookup: PrincipalLookup,
): Promise<Subject> {
  switch (selector) {
    case 'actor':
    case 'session':
      return subjectOfActor(event);
    case 'target-user':
      return targetUser(event, lookup);
    case 'target-role':
      return targetRole(event, lookup);
    case 'resource':
      return resource(event);
    case 'changed':
      return changed(event, lookup);
  }
}

/** Who acted. Whoever logs in at an identity provider is from then on the session that the login opened. */
export function subjectOfActor(event: AccessEvent): Subject {
  return subjectOfPrincipal(sessionOpenedBy(event) ?? event.principal, event.account, seenIn(event));
}

/** What a call changed, where Rescind knows how to undo it. */
function changed(event: AccessEvent, lookup: PrincipalLookup): Promise<Subject> | Subject {
  const thing = changedOn(event);
  if (thing !== undefined) return { kind: 'resource', key: `resource:${thing.resource.arn}`, ...thing.resource };
  switch (event.eventSource === 'iam.amazonaws.com' ? event.eventName : '') {
    case 'AttachUserPolicy':
    case 'PutUserPolicy':
    case 'CreateAccessKey':
      return targetUser(event, lookup);
    case 'AttachRolePolicy':
    case 'PutRolePolicy':
      return targetRole(event, lookup);
    case 'UpdateAssumeRolePolicy':
      return grantedBy(event).length > 0 ? targetRole(event, lookup) : notUndone(event);
    default:
      return notUndone(event);
  }
}

function notUndone(event: AccessEvent): Subject {
  const what = `${event.eventSource}/${event.eventName}`;
  const { thing, steps } = undoByHand(event);
  const label = thing === undefined ? what : `${what} of ${thing}`;
  return beyond(`change:${label}`, event.account, label, `Rescind does not know how to undo ${what}.`, [
    ...steps,
    `Look at the record of ${what} by ${principalLabel(event.principal)}, and undo by hand what it changed: ${lookUp('EventId', event.eventId, 'EVENT-ID')}`,
  ]);
}

async function targetUser(event: AccessEvent, lookup: PrincipalLookup): Promise<Subject> {
  const userName = requestText(event, 'userName');
  // IAM takes a call without a user name as one about the caller.
  if (userName === undefined) return subjectOfActor(event);
  const user = isName(userName) ? await lookup.getUser(userName) : undefined;
  if (user === undefined) return nobody(event, 'user', userName);
  return { kind: 'user', key: `user:${user.userId}`, account: event.account, ...user };
}

async function targetRole(event: AccessEvent, lookup: PrincipalLookup): Promise<Subject> {
  const roleName = requestText(event, 'roleName');
  const role = roleName !== undefined && isName(roleName) ? await lookup.getRole(roleName) : undefined;
  if (role === undefined) return nobody(event, 'role', roleName ?? 'without a name');
  const { roleId, arn } = role;
  return { kind: 'role', key: `role:${roleId}`, account: event.account, roleId, roleName: role.roleName, arn };
}

function resource(event: AccessEvent): Subject {
  const arn = toldArn(event) ?? `${event.eventSource}/${event.eventName}`;
  return beyond(`resource:${arn}`, event.account, arn, 'A resource has no credentials of its own to take back.', [
    `Look at who accessed ${arn}, and contain them: npx rescind who ${commandWord(toldArn(event), 'RESOURCE-ARN')}`,
  ]);
}

/** What a record tells of a call by which a person finds it, or what it was made on. */
export type Seen = { readonly eventId: string; readonly resourceArn?: string };

function seenIn(event: AccessEvent): Seen {
  const resourceArn = toldArn(event);
  return { eventId: event.eventId, ...(resourceArn === undefined ? {} : { resourceArn }) };
}

/** The first resource that CloudTrail itself tells. */
function toldArn({ record: { resources } }: AccessEvent): string | undefined {
  const first = Array.isArray(resources) ? resources.find(isJsonObject) : undefined;
  return typeof first?.ARN === 'string' ? first.ARN : undefined;
}

/**
 * Whether IAM could know a user or role by this name. What it would refuse is borne by nobody, and need not be asked for.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
function isName(text: string): boolean {
  return /^[\w+=,.@-]{1,128}$/.test(text);
}

/** The subject behind the caller of a record: what can be contained, or why it cannot. */
export function subjectOfPrincipal(principal: Principal, account: string, seen?: Seen): Subject {
  switch (principal.kind) {
    case 'user': {
      const { userId, userName, arn } = principal;
      if (principal.account !== account) return foreign(`user:${userId}`, principal, account, seen);
      return { kind: 'user', key: `user:${userId}`, account: principal.account, userId, userName, arn };
    }
    // A federated session lives on its issuing user: denying the user ends it.
    case 'federated-user': {
      const { issuerId: userId, issuerName: userName } = principal;
      if (principal.account !== account) return foreign(`user:${userId}`, principal, account, seen);
      const partition = principal.arn.split(':')[1] ?? 'aws';
      const arn = `arn:${partition}:iam::${principal.account}:user/${userName}`;
      return { kind: 'user', key: `user:${userId}`, account: principal.account, userId, userName, arn };
    }
    case 'role-session':
      return subjectOfSession(principal, account, seen);
    case 'root':
      return beyond(
        `root:${principal.account}`,
        principal.account,
        principalLabel(principal),
        'No IAM policy restricts the root user.',
        rootSteps(principal.account, principal.accessKeyId),
      );
    case 'service':
      return beyond(
        `service:${principal.invokedBy}`,
        account,
        principal.invokedBy,
        'An AWS service acted by itself: it has no credentials to take back.',
        serviceSteps(principal.invokedBy, seen?.eventId),
      );
    case 'account':
      return beyond(
        `account:${principal.account}`,
        account,
        principalLabel(principal),
        'The caller belongs to another account, whose IAM is out of reach.',
        otherAccountSteps(principal.account, seen?.resourceArn),
      );
    case 'saml-user':
    case 'web-identity-user':
      return beyond(
        `${principal.kind}:${principal.name}`,
        account,
        principal.name,
        'The record names a login at an identity provider, not yet a role session.',
        externalUserSteps(principal),
      );
    case 'identity-center-user':
      return ofPerson(
        beyond(
          `idc:${principal.userId}`,
          account,
          principalLabel(principal),
          'A user of IAM Identity Center is contained there, which a person does.',
          identityCenterUserSteps(principal.userId),
        ),
        { userId: principal.userId },
      );
    case 'anonymous':
      return beyond(
        'anonymous',
        account,
        'somebody without credentials',
        'No credentials were used: there is none to take back.',
        anonymousSteps(seen?.resourceArn),
      );
    case 'unknown':
      return beyond(
        'unknown',
        account,
        'somebody unknown',
        `The record does not say who acted: ${principal.reason}`,
        unknownSteps(seen?.eventId),
      );
  }
}

function subjectOfSession(
  session: Extract<Principal, { kind: 'role-session' }>,
  account: string,
  seen: Seen | undefined,
): Subject {
  const { roleId, roleName, roleArn: arn, sessionName } = session;
  const key = `session:${roleId}:${sessionName}`;
  if (session.account !== account) return foreign(key, session, account, seen);
  if (session.serviceLinked) {
    return beyond(
      key,
      account,
      principalLabel(session),
      'AWS does not let anybody change a service-linked role.',
      serviceLinkedSteps(roleName, arn),
    );
  }
  if (isIdentityCenterRole(arn)) {
    return ofPerson(
      beyond(
        key,
        account,
        principalLabel(session),
        'A permission-set role of IAM Identity Center can be changed only from there, which a person does.',
        permissionSetSteps(roleName, account, { userName: sessionName }),
      ),
      // The sessions of such a role bear the user's name, which their holder cannot choose.
      session.onBehalfOf === undefined
        ? { userName: sessionName }
        : { userId: session.onBehalfOf, userName: sessionName },
    );
  }
  return { kind: 'session', key, account: session.account, roleId, roleName, arn, sessionName };
}

/** Only its own account can take access from it; one of the same name here is somebody else. */
function foreign(
  key: string,
  principal: Extract<Principal, { kind: 'user' | 'federated-user' | 'role-session' }>,
  account: string,
  seen: Seen | undefined,
): Subject {
  const label = `${principalLabel(principal)} of account ${principal.account}`;
  const why = `It belongs to account ${principal.account}, where Rescind changes nothing.`;
  return beyond(key, account, label, why, foreignSteps(principal, seen?.resourceArn));
}

function nobody(event: AccessEvent, kind: 'user' | 'role', name: string): Subject {
  return beyond(
    `${kind}-name:${event.account}:${name}`,
    event.account,
    `${kind} ${name}`,
    `There is no ${kind} ${name} any more.`,
    nobodySteps(name, principalLabel(event.principal)),
  );
}

function requestText(event: AccessEvent, name: string): string | undefined {
  const parameters = event.record.requestParameters;
  const value = isJsonObject(parameters) ? parameters[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
