import type { ResourceDeny } from './resource-deny.ts';

/**
 * Every policy document that Rescind can write, from fixed templates: all of them Deny. Nothing of a record's
 * text reaches a document save a unique id, a session name of IAM's own alphabet, an instant, and the ARN of a resource
 * whose every part is of the alphabet of its service.
 */

/** Name of the pre-created managed policy, and of the inline policy that stands in for it when it cannot be attached. */
export const QUARANTINE_POLICY_NAME = 'Rescind-Quarantine';
export const REVOKE_SESSIONS_POLICY_NAME = 'Rescind-RevokeSessions';
export const REVOKE_SESSION_POLICY_PREFIX = 'Rescind-RevokeSession-';
export const LOCK_SESSION_POLICY_PREFIX = 'Rescind-LockSession-';
export const DENY_CHAINING_POLICY_PREFIX = 'Rescind-DenyChaining-';
export const CUT_OFF_TOKENS_POLICY_PREFIX = 'Rescind-CutOffTokens-';
export const REQUIRE_MFA_POLICY_NAME = 'Rescind-RequireMfa';
export const DENY_RESOURCE_POLICY_PREFIX = 'Rescind-DenyResource-';

/** What the names of all of them begin with, in small letters: IAM takes a name in any case. */
export const OWN_POLICY_PREFIX = 'rescind-';

type DenyCondition = Readonly<Record<string, Readonly<Record<string, string>>>>;

function denyAll(sid: string, condition?: DenyCondition, action = '*'): string {
  return document([
    {
      Sid: sid,
      Effect: 'Deny',
      Action: action,
      Resource: '*',
      ...(condition === undefined ? {} : { Condition: condition }),
    },
  ]);
}

/** Denies everything, without condition: a date condition never matches a long-term key. */
export function quarantineDocument(): string {
  return denyAll('RescindQuarantine');
}

/**
 * Ends one role session. `aws:userid` of an assumed role is `<role id>:<session name>`
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable).
 */
export function revokeSessionDocument(roleId: string, sessionName: string, cutOff: string): string {
  return denyAll('RescindRevokeSession', {
    StringEquals: { 'aws:userid': `${roleId}:${sessionName}` },
    DateLessThan: { 'aws:TokenIssueTime': cutOff },
  });
}

/** Ends every session of a role that was issued before the cut-off. */
export function revokeSessionsDocument(cutOff: string): string {
  return denyAll('RescindRevokeSessions', { DateLessThan: { 'aws:TokenIssueTime': cutOff } });
}

/** Denies everything to one role session, and to whoever opens another one under its name. */
export function lockSessionDocument(roleId: string, sessionName: string): string {
  return denyAll('RescindLockSession', { StringEquals: { 'aws:userid': `${roleId}:${sessionName}` } });
}

/**
 * Denies everything to tokens issued before the cut-off: of a user or a role, or of one session of it. A long-term key
 * has no issue time, so it is never meant.
 */
export function cutOffTokensDocument(cutOff: string, userId?: string): string {
  return denyAll('RescindCutOffTokens', {
    ...(userId === undefined ? {} : { StringEquals: { 'aws:userid': userId } }),
    DateLessThan: { 'aws:TokenIssueTime': cutOff },
  });
}

/** Sessions of the role, or one of them, do their work, but open no sessions of other roles, nor of this one. */
export function denyChainingDocument(userId?: string): string {
  const condition = userId === undefined ? undefined : { StringEquals: { 'aws:userid': userId } };
  return denyAll('RescindDenyChaining', condition, 'sts:AssumeRole');
}

/** How old MFA may be, in seconds: the example of AWS (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_sample-code.html). */
export const LONGEST_MFA_SECONDS = 3_600;

/**
 * Denies everything without MFA, or with MFA that is too old. Long-term keys bear no MFA at all, which `IfExists` takes for
 * none; `GetSessionToken` is left, for by it they get credentials with MFA. Devices are not changed by whoever has passed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only.html
 */
export function requireMfaDocument(): string {
  return document([
    {
      Sid: 'RescindRequireMfa',
      Effect: 'Deny',
      NotAction: 'sts:GetSessionToken',
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    },
    {
      Sid: 'RescindRequireFreshMfa',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { NumericGreaterThan: { 'aws:MultiFactorAuthAge': String(LONGEST_MFA_SECONDS) } },
    },
    {
      Sid: 'RescindKeepMfaDevices',
      Effect: 'Deny',
      Action: [
        'iam:CreateVirtualMFADevice',
        'iam:DeactivateMFADevice',
        'iam:DeleteVirtualMFADevice',
        'iam:EnableMFADevice',
        'iam:ResyncMFADevice',
      ],
      Resource: '*',
    },
  ]);
}

/** Denies everything on some resources: to whoever bears the policy, or to one session of a role, however often it is opened. */
export function denyResourcesDocument(denies: readonly ResourceDeny[], userId?: string): string {
  const bySid = new Map<string, { readonly action: string; readonly resources: Set<string> }>();
  for (const { sid, action, resources } of denies) {
    const same = bySid.get(sid) ?? { action, resources: new Set() };
    for (const resource of resources) same.resources.add(resource);
    bySid.set(sid, same);
  }
  return document(
    [...bySid].map(([Sid, { action, resources }]) => ({
      Sid,
      Effect: 'Deny',
      Action: action,
      Resource: [...resources],
      ...forSession(userId),
    })),
  );
}

/** The same where the ARNs do not fit: every resource of their services. */
export function denyServicesDocument(denies: readonly ResourceDeny[], userId?: string): string {
  const actions = [...new Set(denies.map(({ action }) => action))];
  return document([
    { Sid: 'RescindDenyServices', Effect: 'Deny', Action: actions, Resource: '*', ...forSession(userId) },
  ]);
}

function forSession(userId: string | undefined): { readonly Condition?: DenyCondition } {
  return userId === undefined ? {} : { Condition: { StringEquals: { 'aws:userid': userId } } };
}

function document(statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** The alphabet of session names (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html): no policy variable fits into it. */
export function isSessionName(name: string): boolean {
  return /^[\w+=,.@-]{2,64}$/.test(name);
}
