import type { Subject } from '../../shared/cases/subject.ts';
import { nameId } from './lookup-by-name.ts';

export type MergedSubjects = {
  readonly subjectAt: (place: number) => Subject | undefined;
  /** How many are known by name alone. */
  readonly byName: number;
};

/**
 * A target is named in a request without its unique id. Where exactly one user or role of that name and account acted
 * in these detections, the two are one subject; otherwise the name stays a subject of its own.
 */
export function mergeNamedSubjects(subjects: readonly Subject[]): MergedSubjects {
  const bearers = new Map<string, Set<Subject>>();
  for (const subject of subjects) {
    const name = namedKey(subject);
    if (name === undefined || isByName(subject)) continue;
    bearers.set(name, (bearers.get(name) ?? new Set()).add(subject));
  }
  const merged = subjects.map((subject) => {
    const name = namedKey(subject);
    if (name === undefined || !isByName(subject)) return subject;
    const [bearer, another] = bearers.get(name) ?? [];
    return bearer === undefined || another !== undefined ? subject : bearer;
  });
  return { subjectAt: (place) => merged[place], byName: merged.filter(isByName).length };
}

export function isByName(subject: Subject): boolean {
  if (subject.kind === 'user') return subject.userId === nameId(subject.account, subject.userName);
  return subject.kind === 'role' && subject.roleId === nameId(subject.account, subject.roleName);
}

function namedKey(subject: Subject): string | undefined {
  if (subject.kind === 'user') return `user ${nameId(subject.account, subject.userName)}`;
  return subject.kind === 'role' ? `role ${nameId(subject.account, subject.roleName)}` : undefined;
}
