import { resourceLabel } from '../containment/resource.ts';
import type { PersonNamed } from '../identity-center/reach.ts';

/**
 * Whom a case is about. The key carries the unique id, never the name alone: a name can be
 * deleted and created again, and an impostor must not inherit a case, a hold or a restore.
 */
export type Subject =
  | {
      readonly kind: 'user';
      readonly key: string; // user:<AIDA…>
      readonly account: string;
      readonly userId: string;
      readonly userName: string;
      readonly arn: string;
    }
  | {
      readonly kind: 'role';
      readonly key: string; // role:<AROA…>
      readonly account: string;
      readonly roleId: string;
      readonly roleName: string;
      readonly arn: string;
    }
  | {
      readonly kind: 'session';
      readonly key: string; // session:<AROA…>:<name>
      readonly account: string;
      readonly roleId: string;
      readonly roleName: string;
      /** ARN of the role, not of the session. */
      readonly arn: string;
      readonly sessionName: string;
    }
  /** A user of IAM Identity Center, whose access comes from its permission sets, in whatever account. */
  | {
      readonly kind: 'person';
      readonly key: string; // idc:<id>
      readonly account: string;
      /** Where Identity Center is asked. */
      readonly region: string;
      readonly userId: string;
      /** As the user's sessions are called, where that is known. */
      readonly userName?: string;
      /** Of the user in the identity store. */
      readonly arn: string;
      readonly label: string;
    }
  /** Something that a detected call changed. It has no access to be taken back, but the change is undone. */
  | {
      readonly kind: 'resource';
      readonly key: string; // resource:<arn>
      readonly account: string;
      /** Where it is asked for; a bucket's ARN does not say. */
      readonly region: string;
      readonly arn: string;
    }
  /** Somebody whom no IAM change of ours can contain: root, a service, another account, the unknown. */
  | {
      readonly kind: 'beyond';
      readonly key: string;
      readonly account: string;
      readonly label: string;
      /** Why not, and what a human must do instead. */
      readonly why: string;
      readonly humanSteps: readonly string[];
      /** A user of IAM Identity Center, of whom more can be read there. */
      readonly person?: PersonNamed;
    };

/** Whose access is taken back. */
export type PrincipalSubject = Extract<Subject, { kind: 'user' | 'role' | 'session' }>;
export type PersonSubject = Extract<Subject, { kind: 'person' }>;

/** Somebody whom IAM knows. */
export function isPrincipal(subject: Subject): subject is PrincipalSubject {
  return subject.kind === 'user' || subject.kind === 'role' || subject.kind === 'session';
}

/** A name for tables and alerts. Text from outside: cut and escape it where it is shown. */
export function subjectLabel(subject: Subject): string {
  switch (subject.kind) {
    case 'user':
      return `user ${subject.userName}`;
    case 'role':
      return `role ${subject.roleName}`;
    case 'session':
      return `session ${subject.roleName}/${subject.sessionName}`;
    case 'resource':
      return resourceLabel(subject);
    case 'person':
    case 'beyond':
      return subject.label;
  }
}
