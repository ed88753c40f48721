import type { Change } from './action.ts';
import type { Call, IamCall } from './call.ts';
import { HELD_TAG, HELD_VALUE } from './held-tag.ts';
import { sameName } from './same-name.ts';
import type { RoleSnapshot, UserSnapshot } from './snapshot.ts';

type Principal = UserSnapshot | RoleSnapshot;
/** As much of it as a round of verify reads always. */
export type PrincipalIdentity = Pick<UserSnapshot, 'kind' | 'userName'> | Pick<RoleSnapshot, 'kind' | 'roleName'>;

/**
 * Prior of a change whose baseline could not be read. A deny is worth more than a smooth release: it is made all
 * the same, and the release hands it to a person instead of guessing.
 */
const UNREAD = { unread: true } as const;

/** `user alice`, `role builder`: unique in an account, and made of characters that no ledger key separates by. */
export function principalName(principal: Principal): string {
  return principal.kind === 'user' ? `user ${principal.userName}` : `role ${principal.roleName}`;
}

/** Whether a request meant it. */
export function isNamed(principal: Principal, name: string): boolean {
  const own = principal.kind === 'user' ? principal.userName : principal.roleName;
  return sameName(own, name);
}

/** Its prior is that it was attached, also where no read shows it: the record of a call that went through does. */
export function detachPolicy(principal: Principal, policyArn: string): Change {
  const call: Call =
    principal.kind === 'user'
      ? { service: 'iam', operation: 'DetachUserPolicy', input: { UserName: principal.userName, PolicyArn: policyArn } }
      : {
          service: 'iam',
          operation: 'DetachRolePolicy',
          input: { RoleName: principal.roleName, PolicyArn: policyArn },
        };
  return { call, prior: { attached: true } };
}

export function attachPolicy(principal: Principal, policyArn: string): Change {
  const { attached } = principal;
  return {
    call:
      principal.kind === 'user'
        ? {
            service: 'iam',
            operation: 'AttachUserPolicy',
            input: { UserName: principal.userName, PolicyArn: policyArn },
          }
        : {
            service: 'iam',
            operation: 'AttachRolePolicy',
            input: { RoleName: principal.roleName, PolicyArn: policyArn },
          },
    prior: attached.kind === 'read' ? { attached: attached.value.some(({ arn }) => arn === policyArn) } : UNREAD,
  };
}

/** `document` is what it says now, which a release gives back. */
export function deleteInline(principal: Principal, policyName: string, document: string): Change {
  const call: Call =
    principal.kind === 'user'
      ? {
          service: 'iam',
          operation: 'DeleteUserPolicy',
          input: { UserName: principal.userName, PolicyName: policyName },
        }
      : {
          service: 'iam',
          operation: 'DeleteRolePolicy',
          input: { RoleName: principal.roleName, PolicyName: policyName },
        };
  return { call, prior: { document } };
}

export function putInline(principal: Principal, policyName: string, document: string): Change {
  const before = principal.inline.find(({ name }) => name === policyName)?.document;
  return {
    call:
      principal.kind === 'user'
        ? {
            service: 'iam',
            operation: 'PutUserPolicy',
            input: { UserName: principal.userName, PolicyName: policyName, PolicyDocument: document },
          }
        : {
            service: 'iam',
            operation: 'PutRolePolicy',
            input: { RoleName: principal.roleName, PolicyName: policyName, PolicyDocument: document },
          },
    prior: before?.kind === 'read' ? { document: before.value ?? null } : UNREAD,
  };
}

/** What it is comes with the principal, so its prior is always known. */
export function putBoundary(principal: Principal, policyArn: string): Change {
  return { call: boundaryCall(principal, policyArn), prior: { boundary: principal.boundary ?? null } };
}

/** `undefined`: it is to have none. */
export function boundaryCall(principal: PrincipalIdentity, policyArn: string | undefined): IamCall {
  if (principal.kind === 'user') {
    const { userName: UserName } = principal;
    return policyArn === undefined
      ? { service: 'iam', operation: 'DeleteUserPermissionsBoundary', input: { UserName } }
      : {
          service: 'iam',
          operation: 'PutUserPermissionsBoundary',
          input: { UserName, PermissionsBoundary: policyArn },
        };
  }
  const { roleName: RoleName } = principal;
  return policyArn === undefined
    ? { service: 'iam', operation: 'DeleteRolePermissionsBoundary', input: { RoleName } }
    : { service: 'iam', operation: 'PutRolePermissionsBoundary', input: { RoleName, PermissionsBoundary: policyArn } };
}

/** Its prior comes with the principal, too. */
export function putHeldTag(principal: Principal): Change {
  return { call: heldCall(principal, HELD_VALUE), prior: { held: principal.held ?? null } };
}

/** `undefined`: it is not to bear the tag. */
export function heldCall(principal: PrincipalIdentity, value: string | undefined): IamCall {
  const change = value === undefined ? { TagKeys: [HELD_TAG] } : { Tags: [{ Key: HELD_TAG, Value: value }] };
  if (principal.kind === 'user') {
    const operation = value === undefined ? 'UntagUser' : 'TagUser';
    return { service: 'iam', operation, input: { UserName: principal.userName, ...change } };
  }
  const operation = value === undefined ? 'UntagRole' : 'TagRole';
  return { service: 'iam', operation, input: { RoleName: principal.roleName, ...change } };
}
