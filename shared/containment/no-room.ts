import { commandWord } from '../cases/beyond/command-word.ts';
import type { Residual } from '../cases/outcome.ts';
import type { Subject } from '../cases/subject.ts';
import type { StepVerdict } from './verify.ts';

/** Denies of a role that have a condition: no policy of ours that is ready to be attached can bear theirs. */
const ONLY_INLINE = ['revoke-session', 'revoke-sessions', 'lock-session'];

/**
 * Of a role whose inline policies have no room for a deny of some of its sessions. The policy that could be attached, and a
 * boundary, deny all of them: that takes more people's access than was asked for, so it is a person's to decide, and what
 * they then do is one command.
 */
export function residualWithoutRoom(subject: Subject, steps: readonly StepVerdict[]): readonly Residual[] {
  if (subject.kind !== 'role' && subject.kind !== 'session') return [];
  return steps
    .filter(
      ({ stepKey, state, detail }) =>
        state !== 'holds' &&
        detail?.startsWith('quota: ') === true &&
        ONLY_INLINE.some((action) => stepKey.startsWith(`${action}#`)),
    )
    .map(({ target }) => ({
      what: `${target} goes on: the inline policies of role ${subject.roleName} have no room for a deny, and whatever else there is denies all its sessions, for as long as it stands`,
      humanStep: `To end all its sessions now, and keep new ones out, which stops whoever else uses the role: ${lockOf(subject)}. To end no more than was asked for, make room first (10,240 characters in all): aws iam list-role-policies --role-name ${commandWord(subject.roleName, 'ROLE-NAME')}; then again: ${againOf(subject)}.`,
    }));
}

type OfRole = Extract<Subject, { readonly kind: 'role' | 'session' }>;

/** The quarantine policy is attached, which takes no room; by then the last token from before it has expired. */
function lockOf({ roleId }: OfRole): string {
  return `npx rescind contain ${commandWord(roleId, 'ROLE-ID')} --for 12h --enforce`;
}

function againOf(subject: OfRole): string {
  const [partition = 'aws'] = subject.arn.split(':').slice(1);
  const who =
    subject.kind === 'role'
      ? commandWord(subject.roleId, 'ROLE-ID')
      : commandWord(
          `arn:${partition}:sts::${subject.account}:assumed-role/${subject.roleName}/${subject.sessionName}`,
          'SESSION-ARN',
        );
  return `npx rescind contain ${who} --playbook ${subject.kind === 'role' ? 'revoke-sessions' : 'revoke-session'} --enforce`;
}
