import type { Principal } from '../../access/principal.ts';
import { commandWord, lookUp } from './command-word.ts';

/** The record does not say who acted, and nobody guesses. */
export function unknownSteps(eventId: string | undefined, accessKeyId?: string): readonly string[] {
  return [
    `Read the whole record, in the console under CloudTrail / Event history by its event id: ${lookUp('EventId', eventId, 'EVENT-ID')}`,
    `If it names an access key, ask whose it is: aws iam get-access-key-last-used --access-key-id ${commandWord(accessKeyId, 'KEY-ID')}`,
    'When you know who acted: npx rescind contain PRINCIPAL-ARN --enforce',
  ];
}

/** A login at an identity provider that did not become a session here: it lives on there. */
export function externalUserSteps({
  kind,
  name,
  provider,
}: Extract<Principal, { kind: 'saml-user' | 'web-identity-user' }>): readonly string[] {
  const operation = kind === 'saml-user' ? 'AssumeRoleWithSAML' : 'AssumeRoleWithWebIdentity';
  return [
    `Disable ${name} at its provider, ${provider}.`,
    `See which roles it became, under "assumedRoleUser" of its ${operation} records: ${lookUp('Username', name, 'NAME')}`,
    'End each of those sessions: npx rescind contain arn:aws:sts::ACCOUNT-ID:assumed-role/ROLE-NAME/SESSION-NAME --enforce',
  ];
}

/** A user or role that was deleted: its sessions ended with it, what it made did not. */
export function nobodySteps(name: string, actor: string): readonly string[] {
  return [
    `Look at what ${actor} did next, and what ${name} did before it was deleted: ${lookUp('ResourceName', name, 'NAME')}`,
    'Keys, roles and functions that it made live on: look for Create calls in its records, and contain what it made.',
  ];
}
