import { storable } from '../cases/storable.ts';
import { textAt } from '../cloudtrail/text-at.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { AccessEvent } from './access-event.ts';
import { principalLabel } from './principal.ts';
import { principalKey } from './principal-key.ts';

/**
 * Where temporary credentials came from: what leads from a session back to who asked for it, and from there further back.
 * The key id is the id of the credentials, and nothing secret.
 */
export type IssuedSession = {
  readonly accessKeyId: string;
  readonly eventId: string;
  readonly at: string;
  /** Who asked, and in which session of their own. */
  readonly by: string;
  readonly who: string;
  readonly bySession?: string;
  /** What they became: `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  readonly became?: string;
  readonly sourceIdentity?: string;
  /** Until when the credentials work, as the record writes it. */
  readonly expires?: string;
};

/** The session that a call handed out; `undefined` for every other call, and where it was refused. */
export function issuedSession(event: AccessEvent): IssuedSession | undefined {
  if (event.eventSource !== 'sts.amazonaws.com') return undefined;
  const { principal } = event;
  const response = objectOf(event.record.responseElements);
  const credentials = objectOf(member(response, 'credentials'));
  const accessKeyId = textAt(credentials, 'accessKeyId');
  if (accessKeyId === undefined) return undefined;
  const user = objectOf(member(response, 'assumedRoleUser')) ?? objectOf(member(response, 'federatedUser'));
  const bySession = 'accessKeyId' in principal ? principal.accessKeyId : undefined;
  const optional = {
    bySession,
    became: textAt(user, 'arn'),
    sourceIdentity:
      textAt(response, 'sourceIdentity') ?? textAt(objectOf(event.record.requestParameters), 'sourceIdentity'),
    expires: textAt(credentials, 'expiration'),
  };
  return {
    accessKeyId: storable(accessKeyId, LONGEST),
    eventId: storable(event.eventId, LONGEST),
    at: new Date(event.eventTime).toISOString(),
    by: principalKey(principal),
    who: storable(principalLabel(principal), LONGEST),
    ...Object.fromEntries(
      Object.entries(optional).flatMap(([name, text]) => (text === undefined ? [] : [[name, storable(text, LONGEST)]])),
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
