import { storable } from '../cases/storable.ts';
import { textAt } from '../cloudtrail/text-at.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { AccessEvent } from './access-event.ts';
import { type FederatedLogin, federatedLogin } from './federated-login.ts';
import { usedMultiFactor } from './multi-factor.ts';
import { principalLabel } from './principal.ts';
import { principalKey } from './principal-key.ts';
import { sessionOf } from './session-of.ts';

/**
 * Where temporary credentials came from: what leads from a session back to who asked for it, and from there further back.
 * The key id is the id of the credentials, and nothing secret.
 */
export type IssuedSession = {
  readonly accessKeyId: string;
  readonly eventId: string;
  readonly at: string;
  /** Who asked, and in which session of their own, or with which long-term key. */
  readonly by: string;
  readonly who: string;
  readonly bySession?: string;
  /** Of a role's session that asked: `<role id>:<session name>`. */
  readonly byName?: string;
  /** Where the asker called from, and whether with a second factor: one given before, or in this call. */
  readonly sourceIp?: string;
  readonly mfa?: boolean;
  /** Under what the accesses made with it are kept, see `principalKey`. */
  readonly holder: string;
  /** Which session of a role it is: `<role id>:<session name>`. */
  readonly name?: string;
  /** The login at an identity provider that the call was. */
  readonly login?: FederatedLogin;
  /** What they became: `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  readonly became?: string;
  /** Of the role, with its path, which `became` has not. */
  readonly roleArn?: string;
  readonly sourceIdentity?: string;
  /** Until when the credentials work, as the record writes it. */
  readonly expires?: string;
};

/** The session that a call handed out; `undefined` for every other call, and where it was refused. */
export function issuedSession(event: AccessEvent): IssuedSession | undefined {
  if (event.eventSource !== 'sts.amazonaws.com') return undefined;
  const { principal, record } = event;
  const response = objectOf(record.responseElements);
  const request = objectOf(record.requestParameters);
  const credentials = objectOf(member(response, 'credentials'));
  const accessKeyId = textAt(credentials, 'accessKeyId');
  if (accessKeyId === undefined) return undefined;
  const role = objectOf(member(response, 'assumedRoleUser'));
  const name = textAt(role, 'assumedRoleId');
  const by = principalKey(principal);
  const optional = {
    bySession: sessionOf(principal) ?? ('accessKeyId' in principal ? principal.accessKeyId : undefined),
    byName: principal.kind === 'role-session' ? `${principal.roleId}:${principal.sessionName}` : undefined,
    sourceIp: event.sourceIp,
    name,
    became: textAt(role ?? objectOf(member(response, 'federatedUser')), 'arn'),
    roleArn: name === undefined ? undefined : textAt(request, 'roleArn'),
    sourceIdentity: textAt(response, 'sourceIdentity') ?? textAt(request, 'sourceIdentity'),
    expires: textAt(credentials, 'expiration'),
  };
  // AWS checked the code of the device that the call names, or there would be no credentials.
  const mfa = textAt(request, 'serialNumber') === undefined ? usedMultiFactor(event) : true;
  const [roleId] = name?.split(':') ?? [];
  const login = federatedLogin(event);
  return {
    accessKeyId: storable(accessKeyId, LONGEST),
    eventId: storable(event.eventId, LONGEST),
    at: new Date(event.eventTime).toISOString(),
    by,
    who: storable(principalLabel(principal), LONGEST),
    // Sessions of a user, and what a user handed to others, are kept under the user.
    holder: roleId === undefined ? by : storable(`role:${roleId}`, LONGEST),
    ...(mfa === undefined ? {} : { mfa }),
    ...(login === undefined ? {} : { login }),
    ...Object.fromEntries(
      Object.entries(optional).flatMap(([field, text]) =>
        text === undefined ? [] : [[field, storable(text, LONGEST)]],
      ),
    ),
  };
}

const LONGEST = 256;

function objectOf(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

function member(object: JsonObject | undefined, name: string): Json | undefined {
  return object === undefined || !Object.hasOwn(object, name) ? undefined : object[name];
}
