import type { RoleIdentity } from '../ports/iam.ts';
import type { Subject } from './subject.ts';
import { type PrincipalLookup, subjectOfPrincipal } from './subject-of.ts';

/** Whom a person names. The unique id is looked up; where the person knew one, it must be that. */
export type NamedPrincipal =
  | { readonly kind: 'user'; readonly name: string; readonly uniqueId?: string }
  | { readonly kind: 'role'; readonly name: string; readonly uniqueId?: string }
  | { readonly kind: 'session'; readonly name: string; readonly sessionName: string; readonly uniqueId?: string };

export type NamedSubject =
  | { readonly kind: 'subject'; readonly subject: Subject }
  | { readonly kind: 'nobody'; readonly why: string };

/** Binds the name to whoever bears it now: a case is about a unique id, never about a name. */
export async function subjectOfNamed(named: NamedPrincipal, lookup: PrincipalLookup): Promise<NamedSubject> {
  if (named.kind === 'user') {
    const user = await lookup.getUser(named.name);
    if (user === undefined) return nobody(`There is no user ${named.name} in this account.`);
    if (isAnother(named, user.userId)) return nobody(another(named, user.userId));
    return found({ kind: 'user', key: `user:${user.userId}`, account: accountOf(user.arn), ...user });
  }
  const role = await lookup.getRole(named.name);
  if (role === undefined) return nobody(`There is no role ${named.name} in this account.`);
  if (isAnother(named, role.roleId)) return nobody(another(named, role.roleId));
  const session = sessionOf(role, named.kind === 'session' ? named.sessionName : ANY_SESSION);
  return found(named.kind === 'session' ? session : roleOf(role, session));
}

/** A role whose sessions cannot be reached cannot be reached itself. */
function roleOf({ roleId, roleName, arn }: RoleIdentity, session: Subject): Subject {
  const key = `role:${roleId}`;
  if (session.kind !== 'beyond') return { kind: 'role', key, account: accountOf(arn), roleId, roleName, arn };
  // What to do about one user is not what to do about all.
  const ofOneUser = session.humanSteps.some((step) => step.includes(ANY_SESSION));
  const humanSteps = ofOneUser ? permissionSetSteps(roleName) : session.humanSteps;
  const { person: _oneOfThem, ...role } = session;
  return { ...role, key, label: `role ${roleName}`, humanSteps };
}

/** Longer than a name of a session may be, so that it is none. */
const ANY_SESSION = '*'.repeat(65);

function permissionSetSteps(roleName: string): readonly string[] {
  return [
    `In IAM Identity Center, remove the assignments of the permission set behind ${roleName} in this account.`,
    'Role sessions already issued live on for up to 12 hours: add a deny of everything to the permission set, and provision it again.',
  ];
}

function sessionOf({ roleId, roleName, arn: roleArn, path }: RoleIdentity, sessionName: string): Subject {
  const account = accountOf(roleArn);
  const serviceLinked = path.startsWith('/aws-service-role/');
  return subjectOfPrincipal(
    { kind: 'role-session', account, roleId, roleName, roleArn, sessionName, serviceLinked },
    account,
  );
}

function isAnother({ uniqueId }: NamedPrincipal, id: string): boolean {
  return uniqueId !== undefined && uniqueId !== id;
}

function another({ kind, name, uniqueId }: NamedPrincipal, id: string): string {
  return `${kind === 'user' ? 'User' : 'Role'} ${name} is ${id} now, not ${uniqueId}: somebody was deleted and the name given anew.`;
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

function found(subject: Subject): NamedSubject {
  return { kind: 'subject', subject };
}

function nobody(why: string): NamedSubject {
  return { kind: 'nobody', why };
}
