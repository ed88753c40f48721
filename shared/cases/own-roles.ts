/** One Lambda function a job; each has its own role. */
export const JOBS = [
  'evaluate',
  'plan',
  'contain',
  'revert',
  'verify',
  'restore',
  'notify',
  'operate',
  'record',
  'sweep',
  'evidence',
  'reconcile',
] as const;
export type Job = (typeof JOBS)[number];

/** Those that change something in IAM; all others only read it. */
export const IAM_WRITERS = ['contain', 'revert', 'restore'] as const satisfies readonly Job[];

/** On a rule that answers `alert`: it judges the calls of Rescind's own roles too, which no other rule does. */
export const OWN_ROLES_TAG = 'rescind.own-roles';

/** Fixed, and spelled out: with a prefix instead, anybody could name a role so that Rescind would not touch it. */
export function ownRoleName(job: Job): string {
  return `Rescind-${job}`;
}

const OWN_ROLE_NAMES: ReadonlySet<string> = new Set(JOBS.map(ownRoleName));

/**
 * Whether a role of this account bears a name of Rescind's own: such a one is never changed, and the guard policy denies
 * it by the same names. Whose calls are not judged is decided by unique id instead, see `ownRoleIds`.
 */
export function isOwnRole(roleName: string): boolean {
  return OWN_ROLE_NAMES.has(roleName);
}
