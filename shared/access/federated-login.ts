import { storable } from '../cases/storable.ts';
import { textAt } from '../cloudtrail/text-at.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { AccessEvent } from './access-event.ts';
import type { Principal } from './principal.ts';

/**
 * Who logged in at an identity provider to open a session of a role, as the condition keys of a trust policy name it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
export type FederatedLogin = {
  /** ARN of the provider in the account, or the host of one that AWS knows by itself. */
  readonly provider: string;
  /** Who it is at the provider. */
  readonly sub: string;
  /** Condition keys and what they hold for this login: all of them together are one login. */
  readonly claims: Readonly<Record<string, string>>;
  /** The provider gives the same person another `sub` at the next login. */
  readonly transient?: true;
};

/** What a login must be to be denied by name: no policy variable, and letters that IAM takes in a document. */
const DENIABLE = /^[\x20-\x7e\xa0-\xff]{1,512}$/;

/** Longer than what is denied, so that a text that was cut never is. */
const LONGEST = 600;

/** The login that a call opened a session with; `undefined` for every other call, and where it was refused. */
export function federatedLogin(event: AccessEvent): FederatedLogin | undefined {
  if (event.eventSource !== 'sts.amazonaws.com' || event.errorCode !== undefined) return undefined;
  const request = objectOf(event.record.requestParameters);
  const response = objectOf(event.record.responseElements);
  switch (event.eventName) {
    case 'AssumeRoleWithSAML':
      return samlLogin(request, response);
    case 'AssumeRoleWithWebIdentity':
      return webLogin(event, response);
    default:
      return undefined;
  }
}

/** The session that a login opened: from then on, that is who acts. `undefined` where the record does not tell it whole. */
export function sessionOpenedBy(event: AccessEvent): Extract<Principal, { kind: 'role-session' }> | undefined {
  if (federatedLogin(event) === undefined) return undefined;
  const response = objectOf(event.record.responseElements);
  const opened = objectOf(response?.assumedRoleUser);
  const roleArn = textAt(objectOf(event.record.requestParameters), 'roleArn');
  // arn:aws:sts::<account>:assumed-role/<role>/<session>; the path of the role stands only in the role's own ARN.
  const [, account, roleName, sessionName] =
    /^arn:[^:]+:sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/.exec(textAt(opened, 'arn') ?? '') ?? [];
  const roleId = textAt(opened, 'assumedRoleId')?.split(':')[0];
  if (account === undefined || roleName === undefined || sessionName === undefined) return undefined;
  if (roleId === undefined || roleArn?.endsWith(`/${roleName}`) !== true) return undefined;
  return { kind: 'role-session', account, roleId, roleName, roleArn, sessionName, serviceLinked: false };
}

/** Whether a document can name it. */
export function isDeniable({ claims }: FederatedLogin): boolean {
  return Object.values(claims).every((value) => DENIABLE.test(value) && !value.includes('${'));
}

/** A subject is one person's only together with the qualifier, a hash over issuer, account and provider. */
function samlLogin(request: JsonObject | undefined, response: JsonObject | undefined): FederatedLogin | undefined {
  const provider = kept(request, 'principalArn');
  const sub = kept(response, 'subject');
  if (provider === undefined || sub === undefined) return undefined;
  const qualifier = kept(response, 'nameQualifier');
  const transient = textAt(response, 'subjectType')?.endsWith('transient') === true;
  return {
    provider,
    sub,
    claims: { ...(qualifier === undefined ? {} : { 'saml:namequalifier': qualifier }), 'saml:sub': sub },
    ...(transient ? { transient: true } : {}),
  };
}

function webLogin({ principal }: AccessEvent, response: JsonObject | undefined): FederatedLogin | undefined {
  const sub = kept(response, 'subjectFromWebIdentityToken');
  if (principal.kind !== 'web-identity-user' || sub === undefined) return undefined;
  const provider = storable(principal.provider, LONGEST);
  const host = hostOf(provider);
  return host === undefined ? undefined : { provider, sub, claims: { [SUBJECT_KEYS[host] ?? `${host}:sub`]: sub } };
}

/** Every other provider's key is `<host and path>:sub`. */
const SUBJECT_KEYS: Readonly<Record<string, string>> = {
  'www.amazon.com': 'www.amazon.com:user_id',
  'graph.facebook.com': 'graph.facebook.com:id',
};

/** `arn:aws:iam::<account>:oidc-provider/<host and path>`, or the host itself. */
export function hostOf(provider: string): string | undefined {
  const host = /^arn:[^:]+:iam::\d{12}:oidc-provider\/(.+)$/.exec(provider)?.[1] ?? provider;
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[\w./~-]*)?$/i.test(host) ? host : undefined;
}

function kept(object: JsonObject | undefined, key: string): string | undefined {
  const text = textAt(object, key);
  return text === undefined ? undefined : storable(text, LONGEST);
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}
