import { storable } from '../cases/storable.ts';
import { isUtcInstant } from '../cloudtrail/decode-record.ts';
import type { AccessEvent } from './access-event.ts';
import type { IssuedSession } from './issued-session.ts';
import { usedMultiFactor } from './multi-factor.ts';
import { personNamed } from './person.ts';
import { principalLabel } from './principal.ts';
import { principalKey } from './principal-key.ts';

/**
 * Whose temporary credentials are. Known by the call that handed them out, and by each call made with them: the console
 * works with key ids that no call of ours handed out, and those are told apart by name and time of issue alone.
 */
export type HeldSession = {
  readonly accessKeyId: string;
  readonly told: 'by its issue' | 'by its use';
  /** Under what its accesses are kept, see `principalKey`. */
  readonly holder: string;
  readonly who: string;
  /** Of a role's session: `<role id>:<session name>`. */
  readonly name?: string;
  /** In milliseconds, as in `AccessEntry`. */
  readonly issuedAt: string;
  /** The person whom the session itself names, see `personNamed`. */
  readonly person?: string;
  readonly mfa?: boolean;
};

const LONGEST = 256;

/** Of the session that a call was made in, if it was one with temporary credentials. The same for each call of a session. */
export function sessionInUse(event: AccessEvent): HeldSession | undefined {
  const { principal } = event;
  if (principal.kind !== 'role-session' || principal.accessKeyId === undefined) return undefined;
  const { roleId, sessionName, accessKeyId, issuedAt } = principal;
  const mfa = usedMultiFactor(event);
  return {
    accessKeyId: storable(accessKeyId, LONGEST),
    told: 'by its use',
    holder: principalKey(principal),
    who: storable(principalLabel(principal), LONGEST),
    name: storable(`${roleId}:${sessionName}`, LONGEST),
    // Where a record does not say, the day is what the calls of a session have most likely in common.
    issuedAt: new Date(isInstant(issuedAt) ? issuedAt : event.eventTime.slice(0, 10)).toISOString(),
    ...person(personNamed(principal)),
    ...(mfa === undefined ? {} : { mfa }),
  };
}

/** What the call that issued a session says of its holder. */
export function sessionGiven({
  accessKeyId,
  holder,
  who,
  name,
  became,
  roleArn = '',
  at,
  sourceIdentity,
}: IssuedSession): HeldSession {
  // arn:aws:sts::<account>:assumed-role/<role>/<session>
  const [, roleName = '', sessionName = ''] = became?.split(':')[5]?.split('/') ?? [];
  return {
    accessKeyId,
    told: 'by its issue',
    holder,
    who: name === undefined ? who : `${roleName}/${sessionName}`,
    issuedAt: at,
    ...(name === undefined ? {} : { name }),
    ...person(personNamed({ roleArn, sessionName, ...(sourceIdentity === undefined ? {} : { sourceIdentity }) })),
  };
}

function isInstant(text: string | undefined): text is string {
  return text !== undefined && isUtcInstant(text);
}

function person(key: string | undefined): { readonly person?: string } {
  return key === undefined ? {} : { person: storable(key, LONGEST) };
}
