import { storable } from '../cases/storable.ts';
import { textAt } from '../cloudtrail/text-at.ts';
import { isJsonObject } from '../json.ts';
import type { AccessEvent } from './access-event.ts';

/**
 * The roles that Identity Center makes of its permission sets. By their path, which IAM gives to nobody else: a name like
 * theirs anybody may give to a role.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export function isIdentityCenterRole(roleArn: string): boolean {
  return /^arn:[^:]+:iam::\d{12}:role\/aws-reserved\/sso\.amazonaws\.com\//.test(roleArn);
}

type Session = {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly sourceIdentity?: string;
  readonly onBehalfOf?: string;
};

/**
 * The person whom a role's session names in a way that its holder cannot change: the user of Identity Center whom an
 * application acts for, a source identity (which stays from role to role, and is worth what the trust policy demands of
 * it), or the name of an Identity Center user, which its sessions bear. Any other session name is the asker's choice.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export function personNamed({ roleArn, sessionName, sourceIdentity, onBehalfOf }: Session): string | undefined {
  if (onBehalfOf !== undefined) return `idc:${onBehalfOf}`;
  if (sourceIdentity !== undefined) return `source-identity:${sourceIdentity}`;
  return isIdentityCenterRole(roleArn) ? identityCenterName(sessionName) : undefined;
}

/** Names are kept in small letters: Identity Center takes them in any. */
export function identityCenterName(name: string): string {
  return `idc-name:${name.toLowerCase()}`;
}

/** That a user of Identity Center bore a name at a time; both as `personNamed` writes them. */
export type PersonName = { readonly person: string; readonly name: string; readonly at: string };

/**
 * The name of a user of Identity Center is told once a sign-in, and the id alone ever after.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/username-sign-in-cloudtrail-events.html
 */
export function personName({ principal, record, eventTime }: AccessEvent): PersonName | undefined {
  if (principal.kind !== 'identity-center-user') return undefined;
  const { additionalEventData } = record;
  const name = isJsonObject(additionalEventData) ? textAt(additionalEventData, 'UserName') : undefined;
  if (name === undefined) return undefined;
  return {
    person: storable(`idc:${principal.userId}`, LONGEST),
    name: storable(identityCenterName(name), LONGEST),
    at: new Date(eventTime).toISOString(),
  };
}

const LONGEST = 256;
