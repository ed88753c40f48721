import type { Subject } from '../../cases/subject.ts';
import type { Action } from '../action.ts';
import { type Call, parameter } from '../call.ts';
import { readOn } from '../read-on.ts';
import { newPassword } from '../residual.ts';
import type { ResourceRef } from '../resource.ts';

/**
 * Replaces the console password by one that nobody knows and that must be changed: whoever makes the call makes it up, and
 * no plan, ledger or answer holds it. A role that may set passwords could set one that it knows, on everybody; so no role of
 * Rescind may, and it is done with the caller's own credentials or not at all.
 */
export const resetConsole: Action = {
  id: 'reset-console',
  title: 'Replace the console password by one that nobody knows, to be changed at the next sign-in',
  stage: 'credentials',
  onlyByCaller: true,
  requires: [{ phase: 'apply', actions: ['iam:UpdateLoginProfile', 'iam:GetLoginProfile'], on: 'user' }],
  inlineNames: () => [],
  plan: (snapshot, { subject, releases = 0 }) => {
    if (snapshot.kind !== 'user' || subject.kind !== 'user') return [];
    const on = consoleOf(subject);
    const read = readOn(snapshot, on, 'login-profile');
    if (read?.kind !== 'read' || read.value === undefined) return [];
    return [
      {
        // After a release it may have a password that somebody knows.
        key: `reset-console#password${releases === 0 ? '' : `#${releases}`}`,
        actionId: 'reset-console',
        target: 'console password',
        title: 'replace the console password by one that nobody knows; no release takes that back',
        call: {
          service: 'iam-console',
          operation: 'UpdateLoginProfile',
          input: { UserName: snapshot.userName, PasswordResetRequired: true },
          on,
        },
        prior: { resetRequired: read.value.resetRequired },
        fallbacks: [],
        stage: 'credentials',
      },
    ];
  },
  state: ({ call, state }, live) => {
    const read = call.service === 'iam' ? undefined : readOn(live, call.on, 'login-profile');
    if (read?.kind !== 'read') return 'unknown';
    if (read.value === undefined) return 'holds';
    // One that had to be changed before may be known to somebody: only what the ledger calls made is ours.
    return read.value.resetRequired && state === 'done' ? 'holds' : 'undone';
  },
  explain: ({ call }, live) => {
    const read = call.service === 'iam' ? undefined : readOn(live, call.on, 'login-profile');
    return read?.kind === 'read' && read.value?.resetRequired === false ? SET_ANEW : undefined;
  },
  // A release never comes as far: see withhold.
  undo: ({ call }) => ({ kind: 'conflict', detail: notGivenBack(call) }),
};

const SET_ANEW = 'the console password need not be changed at the next sign-in: somebody set it anew';

/** The user as the thing that has a password, which IAM knows everywhere. */
export function consoleOf({ account, arn }: Extract<Subject, { kind: 'user' }>): ResourceRef {
  return { account, region: 'aws-global', arn };
}

export function notGivenBack(call: Call): string {
  return `nobody knows the new password, and somebody may know the one before; to let them sign in again: ${newPassword(parameter(call, 'UserName'))}`;
}
