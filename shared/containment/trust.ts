import type { Subject } from '../cases/subject.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { canonicalJson } from './canonical-json.ts';
import { LONGEST_MFA_SECONDS } from './documents.ts';
import { policyNameOf } from './policy-name-of.ts';
import { elementsOf, type Span, statementSpan } from './policy-text.ts';
import { member, statementsOf, textsOf } from './privileged.ts';

/** A statement of ours in a role's trust policy: it denies, and its Sid says whose it is. */
export type TrustDeny = JsonObject & { readonly Sid: string; readonly Effect: 'Deny' };

/**
 * Nobody assumes the role any more, in whatever way; sessions that are open are another matter. Each subject has a statement
 * of its own: a role's and those of its sessions are cases beside each other, and the release of one leaves the others theirs.
 *
 * For one session's sake no AWS service is kept out: what runs with the role could not renew its credentials, and nobody was
 * asked about that. A login at a provider is not signed and has no such key, which `IfExists` takes for no service.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
 */
export function blockTrustDeny({ kind, key }: Pick<Subject, 'kind' | 'key'>): TrustDeny {
  return {
    Sid: policyNameOf('RescindBlockTrust', key),
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:AssumeRole*',
    ...(kind === 'session' ? { Condition: { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } } : {}),
  };
}

/**
 * Nobody but an AWS service opens a session of the role without MFA, or with MFA that is too old. Where there is no MFA there is
 * no age, which `IfExists` takes for too old; a service has none, and is not meant.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthage
 */
export function requireMfaDeny(subjectKey: string): TrustDeny {
  return {
    Sid: policyNameOf('RescindRequireMfa', subjectKey),
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:AssumeRole',
    Condition: {
      NumericGreaterThanIfExists: { 'aws:MultiFactorAuthAge': String(LONGEST_MFA_SECONDS) },
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
    },
  };
}

/** One login of an identity provider, by the condition keys that name it, opens no session of the role any more. */
export function loginDeny(subjectKey: string, claims: Readonly<Record<string, string>>): TrustDeny {
  return {
    Sid: policyNameOf('RescindDenyLogin', subjectKey + canonicalJson(claims)),
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:AssumeRole*',
    Condition: { StringEquals: claims },
  };
}

/** Begins the Sid of what `foreignDeny` makes. */
export const REVERT_TRUST_SID = 'RescindRevertTrust';

/**
 * Nobody of these accounts opens a session of the role; `*`: nobody of any other account. By condition and not by principal:
 * IAM would rewrite principals, and refuses one who is not there. A service has no account, and is meant by neither.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalaccount
 */
export function foreignDeny(accounts: readonly string[], own: string): TrustDeny {
  return {
    Sid: policyNameOf(REVERT_TRUST_SID, accounts.join()),
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:AssumeRole*',
    Condition: accounts.includes('*')
      ? { StringNotEquals: { 'aws:PrincipalAccount': own }, Null: { 'aws:PrincipalAccount': 'false' } }
      : { StringEquals: { 'aws:PrincipalAccount': accounts } },
  };
}

export type TrustEdit =
  | { readonly kind: 'edit'; readonly document: string }
  /** Why IAM would refuse it, or why it would not be safe. */
  | { readonly kind: 'not-editable'; readonly why: string };

/** The document with our statement appended and every other byte as it is. One of ours that is there already stays the only one. */
export function appendDeny(trust: string, deny: TrustDeny): TrustEdit {
  const orphans = orphanedIds(trust);
  if (orphans.length > 0) {
    return {
      kind: 'not-editable',
      why: `it names ${orphans.join(', ')}, whom nobody bears any more, and IAM takes no document that does`,
    };
  }
  const span = spanOf(trust);
  if (span === undefined) return { kind: 'not-editable', why: 'it is not clear where its statements are' };
  if (denies(trust, deny)) return { kind: 'edit', document: trust };
  if (ofSid(trust, deny.Sid).length > 0) {
    return { kind: 'not-editable', why: `somebody else’s statement in it bears the Sid ${deny.Sid}` };
  }
  const ours = JSON.stringify(deny);
  if (trust[span.start] !== '[') {
    const single = trust.slice(span.start, span.end);
    return { kind: 'edit', document: `${trust.slice(0, span.start)}[${single},${ours}]${trust.slice(span.end)}` };
  }
  const last = elementsOf(trust, span.start).at(-1);
  const at = last?.end ?? span.start + 1;
  return { kind: 'edit', document: `${trust.slice(0, at)}${last === undefined ? '' : ','}${ours}${trust.slice(at)}` };
}

/** The document without that one statement of ours and every other byte as it is; `undefined` where it is not there once. */
export function removeDeny(trust: string, deny: TrustDeny): string | undefined {
  const span = spanOf(trust);
  if (span === undefined || trust[span.start] !== '[' || !denies(trust, deny)) return undefined;
  const all = elementsOf(trust, span.start);
  const index = all.findIndex((one) => isDeny(parsed(trust.slice(one.start, one.end)), deny));
  const [before, ours, after] = [all[index - 1], all[index], all[index + 1]];
  if (ours === undefined) return undefined;
  if (before !== undefined) return trust.slice(0, before.end) + trust.slice(ours.end);
  return trust.slice(0, ours.start) + trust.slice(after?.start ?? ours.end);
}

/** Whether the document holds that statement of ours, exactly once and unchanged. */
export function denies(trust: string, deny: TrustDeny): boolean {
  const named = ofSid(trust, deny.Sid);
  return named.length === 1 && isDeny(named[0], deny);
}

/** The one statement that a document has and another has not: what a call that appended it was about. */
export function addedDeny(before: string, after: string): TrustDeny | undefined {
  const known = new Set(statementsOf(before).map(canonicalJson));
  const [only, ...more] = statementsOf(after).filter((one) => !known.has(canonicalJson(one)));
  if (only === undefined || more.length > 0) return undefined;
  const { Sid, Effect } = only;
  return typeof Sid === 'string' && Effect === 'Deny' ? { ...only, Sid, Effect } : undefined;
}

/** Whether two documents say the same, a single statement being a list of one. */
export function sameTrust(a: string, b: string): boolean {
  const [left, right] = [listed(a), listed(b)];
  return left !== undefined && left === right;
}

/**
 * Unique ids among the principals: IAM writes one where the user or role behind an ARN was deleted. Such a document cannot
 * be saved again (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
 */
export function orphanedIds(trust: string): readonly string[] {
  const ids = statementsOf(trust).flatMap((one) => {
    const principal = member(one, 'Principal') ?? member(one, 'NotPrincipal');
    return isJsonObject(principal) ? textsOf(member(principal, 'AWS')) : [];
  });
  return [...new Set(ids.filter((text) => /^A(?:ROA|IDA)[A-Z0-9]+$/.test(text)))];
}

function spanOf(trust: string): Span | undefined {
  return parsed(trust) === undefined ? undefined : statementSpan(trust);
}

function ofSid(trust: string, sid: string): readonly JsonObject[] {
  return statementsOf(trust).filter((one) => member(one, 'Sid') === sid);
}

function isDeny(statement: Json | undefined, deny: TrustDeny): boolean {
  return statement !== undefined && canonicalJson(statement) === canonicalJson(deny);
}

function listed(document: string): string | undefined {
  const json = parsed(document);
  if (!isJsonObject(json)) return undefined;
  const { Statement } = json;
  return canonicalJson(
    Statement === undefined || Array.isArray(Statement) ? json : { ...json, Statement: [Statement] },
  );
}

function parsed(text: string): Json | undefined {
  try {
    const json: Json = JSON.parse(text);
    return json;
  } catch {
    // Not JSON: it is not edited.
    return undefined;
  }
}
