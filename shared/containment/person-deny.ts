import type { PersonSubject } from '../cases/subject.ts';
import { policyNameOf } from './policy-name-of.ts';
import type { TrustDeny } from './trust.ts';

/**
 * One user of Identity Center, by the id that no other ever bears, is denied everything; with a cut-off, only in sessions
 * from before it. The Sid tells the two apart: a case may hold both.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/prereqs-revoking-user-permissions.html
 */
export function personDeny({ key, userId }: Pick<PersonSubject, 'key' | 'userId'>, cutOff?: string): TrustDeny {
  return {
    Sid: policyNameOf(cutOff === undefined ? 'RescindDenyPerson' : 'RescindEndSessions', key),
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: {
      StringEquals: { 'identitystore:userId': userId },
      ...(cutOff === undefined ? {} : { DateLessThan: { 'aws:TokenIssueTime': cutOff } }),
    },
  };
}
