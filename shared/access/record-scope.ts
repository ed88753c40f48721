import type { RecordScope } from '../config/policy.ts';
import { matchesGlob } from '../containment/glob.ts';
import type { TaggedResources } from '../ports/tagged-resources.ts';
import type { AccessEvent } from './access-event.ts';
import { resourcesOf } from './resources-of.ts';
import { matchesResource } from './same-resource.ts';

/**
 * Who became whom: recorded whatever the policy says, because without it no access can be told to be somebody's. The
 * console's own sign-in service is recorded whole.
 */
export const SESSION_CALLS: readonly { readonly source: string; readonly names?: readonly string[] }[] = [
  { source: 'signin.amazonaws.com' },
  { source: 'sts.amazonaws.com', names: ['AssumeRole*', 'GetSessionToken', 'GetFederationToken'] },
  // https://docs.aws.amazon.com/singlesignon/latest/userguide/understanding-sign-in-events.html
  {
    source: 'sso.amazonaws.com',
    names: ['Authenticate', 'Federate', 'UserAuthentication', 'CredentialChallenge', 'CredentialVerification'],
  },
];

/** Whether the policy wants this call recorded. Without what is known of tags, none is on anything. */
export function isRecorded(scope: RecordScope, event: AccessEvent, tagged?: TaggedResources): boolean {
  const { eventSource, eventName } = event;
  return (
    SESSION_CALLS.some(({ source, names = ['*'] }) => source === eventSource && isAmong(names, eventName)) ||
    scope.services.includes(eventSource) ||
    scope.actions.some(({ source, name }) => source === eventSource && matchesGlob(name, eventName)) ||
    (scope.resources.length + scope.tags.length > 0 &&
      resourcesOf(event).some(
        ({ arn }) =>
          scope.resources.some((pattern) => matchesResource(pattern, arn)) || tagged?.bears(scope.tags, arn) === true,
      ))
  );
}

function isAmong(names: readonly string[], eventName: string): boolean {
  return names.some((name) => matchesGlob(name, eventName));
}
