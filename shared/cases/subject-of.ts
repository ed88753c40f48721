import type { AccessEvent } from '../access/access-event.ts';
import { type Principal, principalLabel } from '../access/principal.ts';
import { isJsonObject } from '../json.ts';
import type { RoleIdentity, UserIdentity } from '../ports/iam.ts';
import type { SubjectSelector } from '../rules/rule.ts';
import { storable } from './storable.ts';
import type { Subject } from './subject.ts';

/** Finds the unique id behind a name that a request used; `undefined` when nobody bears it. */
export type PrincipalLookup = {
  getUser(userName: string): Promise<UserIdentity | undefined>;
  getRole(roleName: string): Promise<RoleIdentity | undefined>;
};

/** Whom a detection is about. Only a `target-…` rule costs a lookup: the request names its target without the unique id. */
export async function subjectOf(
  event: AccessEvent,
  selector: SubjectSelector,
  lookup: PrincipalLookup,
): Promise<Subject> {
  switch (selector) {
    case 'actor':
    case 'session':
      return subjectOfPrincipal(event.principal, event.account);
    case 'target-user':
      return targetUser(event, lookup);
    case 'target-role':
      return targetRole(event, lookup);
    case 'resource':
      return resource(event);
  }
}

async function targetUser(event: AccessEvent, lookup: PrincipalLookup): Promise<Subject> {
  const userName = requestText(event, 'userName');
  // IAM takes a call without a user name as one about the caller.
  if (userName === undefined) return subjectOfPrincipal(event.principal, event.account);
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
  const resources = event.record.resources;
  const first = Array.isArray(resources) ? resources.find(isJsonObject) : undefined;
  const arn = typeof first?.ARN === 'string' ? first.ARN : `${event.eventSource}/${event.eventName}`;
  return beyond(`resource:${arn}`, event.account, arn, 'A resource has no credentials of its own to take back.', [
    `Look at who accessed ${arn}, and contain them.`,
  ]);
}

/**
 * Whether IAM could know a user or role by this name. What it would refuse is borne by nobody, and need not be asked for.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
function isName(text: string): boolean {
  return /^[\w+=,.@-]{1,128}$/.test(text);
}

/** The subject behind the caller of a record: what can be contained, or why it cannot. */
export function subjectOfPrincipal(principal: Principal, account: string): Subject {
  switch (principal.kind) {
    case 'user': {
      const { userId, userName, arn } = principal;
      if (principal.account !== account) return foreign(`user:${userId}`, principal, account);
      return { kind: 'user', key: `user:${userId}`, account: principal.account, userId, userName, arn };
    }
    // A federated session lives on its issuing user: denying the user ends it.
    case 'federated-user': {
      const { issuerId: userId, issuerName: userName } = principal;
      if (principal.account !== account) return foreign(`user:${userId}`, principal, account);
      const partition = principal.arn.split(':')[1] ?? 'aws';
      const arn = `arn:${partition}:iam::${principal.account}:user/${userName}`;
      return { kind: 'user', key: `user:${userId}`, account: principal.account, userId, userName, arn };
    }
    case 'role-session':
      return subjectOfSession(principal, account);
    case 'root':
      return beyond(
        `root:${principal.account}`,
        principal.account,
        principalLabel(principal),
        'No IAM policy restricts the root user.',
        [
          'Sign in as root, change its password and its e-mail password, and delete its access keys under "My security credentials".',
          'Check the MFA devices of root and remove those that nobody of yours owns.',
          'In a member account: deny root by a service control policy from the management account.',
        ],
      );
    case 'service':
      return beyond(
        `service:${principal.invokedBy}`,
        account,
        principal.invokedBy,
        'An AWS service acted by itself: it has no credentials to take back.',
        [`Find out who configured ${principal.invokedBy} to make this call, and contain them.`],
      );
    case 'account':
      return beyond(
        `account:${principal.account}`,
        account,
        principalLabel(principal),
        'The caller belongs to another account, whose IAM is out of reach.',
        ['Remove what grants that account access here: resource policies and role trust policies that name it.'],
      );
    case 'saml-user':
    case 'web-identity-user':
      return beyond(
        `${principal.kind}:${principal.name}`,
        account,
        principal.name,
        'The record names a login at an identity provider, not yet a role session.',
        [`Disable ${principal.name} at ${principal.provider}.`],
      );
    case 'identity-center-user':
      return beyond(
        `idc:${principal.userId}`,
        account,
        principalLabel(principal),
        'A user of IAM Identity Center is contained there, which is not built yet.',
        [`Disable user ${principal.userId} in IAM Identity Center and remove its account assignments.`],
      );
    case 'anonymous':
      return beyond(
        'anonymous',
        account,
        'somebody without credentials',
        'No credentials were used: there is none to take back.',
        ['Close what is open to everybody: the policy or access list of the resource that was called.'],
      );
    case 'unknown':
      return beyond('unknown', account, 'somebody unknown', `The record does not say who acted: ${principal.reason}`, [
        'Read the record and find out who acted.',
      ]);
  }
}

function subjectOfSession(session: Extract<Principal, { kind: 'role-session' }>, account: string): Subject {
  const { roleId, roleName, roleArn: arn, sessionName } = session;
  const key = `session:${roleId}:${sessionName}`;
  if (session.account !== account) return foreign(key, session, account);
  if (session.serviceLinked) {
    return beyond(key, account, principalLabel(session), 'AWS does not let anybody change a service-linked role.', [
      `Find out who configured the service behind ${roleName}, and contain them.`,
    ]);
  }
  if (roleName.startsWith('AWSReservedSSO_')) {
    return beyond(
      key,
      account,
      principalLabel(session),
      'A permission-set role of IAM Identity Center can be changed only from there, which is not built yet.',
      [
        `In IAM Identity Center, disable the user ${sessionName} and delete its active sessions.`,
        'Role sessions already issued live on for up to 12 hours: remove the assignment, or add a deny to the permission set.',
      ],
    );
  }
  return { kind: 'session', key, account: session.account, roleId, roleName, arn, sessionName };
}

/** Only its own account can take access from it; one of the same name here is somebody else. */
function foreign(key: string, principal: Principal & { readonly account: string }, account: string): Subject {
  const label = `${principalLabel(principal)} of account ${principal.account}`;
  return beyond(key, account, label, `It belongs to account ${principal.account}, where Rescind changes nothing.`, [
    `Contain ${principalLabel(principal)} in account ${principal.account}.`,
    `Remove what lets account ${principal.account} in: the resource policies and role trust policies that name it.`,
  ]);
}

function nobody(event: AccessEvent, kind: 'user' | 'role', name: string): Subject {
  return beyond(
    `${kind}-name:${event.account}:${name}`,
    event.account,
    `${kind} ${name}`,
    `There is no ${kind} ${name} any more.`,
    [`Look at what ${principalLabel(event.principal)} did next.`],
  );
}

function beyond(key: string, account: string, label: string, why: string, humanSteps: readonly string[]): Subject {
  // The key is part of a partition key of 2,048 bytes; a letter has at most three in UTF-8.
  return {
    kind: 'beyond',
    key: storable(key, 640),
    account,
    label: storable(label, LONGEST_TEXT),
    why: storable(why, LONGEST_TEXT),
    humanSteps: humanSteps.map((step) => storable(step, LONGEST_TEXT)),
  };
}

const LONGEST_TEXT = 2_048;

function requestText(event: AccessEvent, name: string): string | undefined {
  const parameters = event.record.requestParameters;
  const value = isJsonObject(parameters) ? parameters[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
