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
  /** Somebody whom no IAM change of ours can contain: root, a service, another account, the unknown. */
  | {
      readonly kind: 'beyond';
      readonly key: string;
      readonly account: string;
      readonly label: string;
      /** Why not, and what a human must do instead. */
      readonly why: string;
      readonly humanSteps: readonly string[];
    };

/** A name for tables and alerts. Text from outside: cut and escape it where it is shown. */
export function subjectLabel(subject: Subject): string {
  switch (subject.kind) {
    case 'user':
      return `user ${subject.userName}`;
    case 'role':
      return `role ${subject.roleName}`;
    case 'session':
      return `session ${subject.roleName}/${subject.sessionName}`;
    case 'beyond':
      return subject.label;
  }
}
