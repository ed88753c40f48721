import type { ContainableSubject } from './read-subject.ts';
import type { LiveState, Snapshot } from './snapshot.ts';

/** Why the subject is gone, if it is: a name is deleted and created again, and nothing is ever done to an impostor. */
export function whyGone(subject: ContainableSubject, found: LiveState | Snapshot): string | undefined {
  // An id of Identity Center is never given anew, and its sessions outlive it: there is something to deny either way.
  if (subject.kind === 'person') return undefined;
  // A thing bears no unique id beside its ARN: what it was made anew with is compared before it is changed.
  if (subject.kind === 'resource') {
    return found.kind === 'absent' ? `There is no ${found.name} any more.` : undefined;
  }
  const [kind, name, id] =
    subject.kind === 'user'
      ? (['user', subject.userName, subject.userId] as const)
      : (['role', subject.roleName, subject.roleId] as const);
  if (found.kind === 'absent') return `There is no ${kind} ${name} any more: it was deleted or renamed.`;
  if (found.kind === 'resource') throw new TypeError(`${found.arn} is no ${kind}`);
  const foundId = found.kind === 'user' ? found.userId : found.roleId;
  if (found.kind === kind && foundId === id) return undefined;
  return `The ${kind} ${name} of today is another one: its id is ${foundId}, not ${id}.`;
}
