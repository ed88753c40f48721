import type { AccessEvent } from '../access/access-event.ts';
import { principalLabel } from '../access/principal.ts';
import { foreignAccounts } from '../containment/read-trust.ts';
import { documentHash } from '../containment/same-document.ts';
import { isJsonObject } from '../json.ts';
import type { Granted } from './case.ts';
import { changedOn, requestOf } from './changed-on.ts';
import { LONGEST_TEXT, storable } from './storable.ts';

/** A trust policy has at most 4,096 characters. */
const MOST_ACCOUNTS = 200;

/** What the recorded call gave to somebody, or opened: a release must not give it back, and a deny on the caller does not end it. */
export function grantedBy(event: AccessEvent): readonly Granted[] {
  if (event.errorCode !== undefined) return [];
  if (event.eventSource === 'iam.amazonaws.com') return grantedInIam(event);
  const changed = changedOn(event);
  return changed === undefined ? [] : [changed];
}

function grantedInIam(event: AccessEvent): readonly Granted[] {
  const parameters = requestOf(event);
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' ? storable(value, LONGEST_TEXT) : undefined;
  switch (event.eventName) {
    case 'AttachUserPolicy':
    case 'AttachRolePolicy': {
      const policyArn = text(parameters.policyArn);
      const principal = text(parameters.userName) ?? text(parameters.roleName);
      return policyArn === undefined || principal === undefined
        ? []
        : [
            {
              kind: 'policy-attached',
              principal,
              to: event.eventName === 'AttachUserPolicy' ? 'user' : 'role',
              policyArn,
            },
          ];
    }
    case 'PutUserPolicy':
    case 'PutRolePolicy': {
      const to = event.eventName === 'PutUserPolicy' ? 'user' : 'role';
      const principal = text(to === 'user' ? parameters.userName : parameters.roleName);
      const policyName = text(parameters.policyName);
      const hash = typeof parameters.policyDocument === 'string' ? documentHash(parameters.policyDocument) : undefined;
      return principal === undefined || policyName === undefined || hash === undefined
        ? []
        : [{ kind: 'inline-policy-put', principal, to, policyName, documentHash: hash }];
    }
    case 'UpdateAssumeRolePolicy': {
      const principal = text(parameters.roleName);
      const { policyDocument } = parameters;
      const accounts = typeof policyDocument === 'string' ? foreignAccounts(policyDocument, event.account) : [];
      return principal === undefined || accounts.length === 0
        ? []
        : [{ kind: 'trust-opened', principal, accounts: accounts.slice(0, MOST_ACCOUNTS) }];
    }
    case 'CreateAccessKey': {
      const response = event.record.responseElements;
      const key = isJsonObject(response) && isJsonObject(response.accessKey) ? response.accessKey : {};
      const accessKeyId = text(key.accessKeyId);
      const principal =
        text(key.userName) ?? text(parameters.userName) ?? storable(principalLabel(event.principal), LONGEST_TEXT);
      return accessKeyId === undefined ? [] : [{ kind: 'access-key-created', principal, accessKeyId }];
    }
    default:
      return [];
  }
}
