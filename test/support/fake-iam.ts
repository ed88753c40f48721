import { callResultOf, errorNameOf, isMissing, isUnavailable, messageOf } from '../../shared/aws/iam-errors.ts';
import type { Retry } from '../../shared/aws/iam-retry.ts';
import type { Call, CallResult } from '../../shared/containment/call.ts';
import type { Credential, CredentialStatus, Read } from '../../shared/containment/snapshot.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Iam } from '../../shared/ports/iam.ts';
import { createIamAccount, type FakeRole, type FakeUser, IamFault } from './iam-account.ts';
import { createPastViews } from './past-views.ts';

export {
  ADMINISTRATOR_ARN,
  type FakeRole,
  type FakeUser,
  QUARANTINE_ARN,
  READ_ONLY_ARN,
} from './iam-account.ts';

/** Runs each call; a test passes one that crashes before or after the call it chooses. */
export type Around = <T>(call: () => Promise<T>) => Promise<T>;

/** What happens to one call instead of, or in the case of `answer-lost` after, what was asked. */
export const FAULTS = [
  'denied',
  'throttled',
  'server-error',
  'missing',
  'quota',
  'unavailable',
  'timeout',
  'answer-lost',
] as const;
export type Fault = (typeof FAULTS)[number];

/** By the names and words of IAM. */
const ERRORS: Readonly<Record<Fault, readonly [name: string, words: string]>> = {
  denied: ['AccessDenied', 'not authorized'],
  throttled: ['Throttling', 'Rate exceeded'],
  'server-error': ['ServiceFailure', 'internal error'],
  missing: ['NoSuchEntity', 'cannot be found'],
  quota: ['LimitExceeded', 'LimitExceeded'],
  unavailable: ['InvalidAction', 'InvalidAction'],
  timeout: ['TimeoutError', 'no connection'],
  'answer-lost': ['TimeoutError', 'no answer'],
};

export type FakeIamOptions = {
  readonly attachQuota?: number;
  readonly around?: Around;
  /** Reads tell what was true so long ago: asked anew for each read. */
  readonly lag?: { readonly clock: Pick<Clock, 'now'>; readonly milliseconds: () => number };
};

/** IAM in memory behind the port that Rescind uses, with a log of calls and a script of faults. */
export function createFakeIam(options: FakeIamOptions = {}) {
  const { attachQuota, around = (call) => call(), lag } = options;
  const account = createIamAccount(attachQuota === undefined ? {} : { attachQuota });
  const past = lag === undefined ? undefined : createPastViews(account, lag.clock);
  const log: { readonly operation: string; readonly kind: 'read' | 'write'; readonly call?: Call }[] = [];
  const faults: { readonly operation: string; occurrence: number; last: number; readonly fault: Fault }[] = [];

  const faultOf = (operation: string): Fault | undefined => {
    let found: Fault | undefined;
    for (const one of faults) {
      if (one.operation !== operation) continue;
      one.occurrence -= 1;
      one.last -= 1;
      if (one.occurrence <= 0 && one.last >= 0) found ??= one.fault;
    }
    return found;
  };

  const iamWith = (retry: Retry): Iam => {
    type Reading<T> = (at: ReturnType<typeof createIamAccount>['operations']) => T;
    const look = <T>(operation: string, read: Reading<T>): T => {
      log.push({ operation, kind: 'read' });
      const fault = faultOf(operation);
      if (fault !== undefined) throw new IamFault(...ERRORS[fault]);
      return read(past === undefined || lag === undefined ? account.operations : past.asOf(lag.milliseconds()));
    };
    /** Only what a fault ended is sent again: without one there is nothing to send again. */
    const sent = <T>(send: () => Promise<T>): Promise<T> => (faults.length === 0 ? send() : retry(send));
    const ask = <T>(operation: string, read: Reading<T>): Promise<T> => sent(async () => look(operation, read));
    /** Undefined for NoSuchEntity, and a throw for every other fault: as the adapter does. */
    const askFor = <T>(operation: string, read: Reading<T>): Promise<T | undefined> =>
      sent(async () => {
        try {
          return look(operation, read);
        } catch (error) {
          if (!isMissing(error)) throw error;
        }
      });
    const identity = <T>(operation: string, read: Reading<T>): Promise<T | undefined> =>
      around(() => askFor(operation, read));
    const list = <T>(operation: string, read: Reading<T>): Promise<Read<T>> =>
      around(async (): Promise<Read<T>> => {
        try {
          return { kind: 'read', value: await ask(operation, read) };
        } catch (error) {
          if (isUnavailable(error)) return { kind: 'unavailable', operation, reason: messageOf(error) };
          return { kind: 'failed', operation, error: `${errorNameOf(error)}: ${messageOf(error)}` };
        }
      });
    const text = (operation: string, read: Reading<string | undefined>): Promise<Read<string | undefined>> =>
      around(async (): Promise<Read<string | undefined>> => {
        try {
          return { kind: 'read', value: await askFor(operation, read) };
        } catch (error) {
          if (isUnavailable(error)) return { kind: 'unavailable', operation, reason: messageOf(error) };
          return { kind: 'failed', operation, error: `${errorNameOf(error)}: ${messageOf(error)}` };
        }
      });

    const iam: Iam = {
      getUser: (name) =>
        identity('GetUser', (at) => {
          const { userName, userId, arn, ...rest } = at.GetUser({ UserName: name });
          return { userName, userId, arn, ...withPrincipal(rest) };
        }),
      getRole: (name) =>
        identity('GetRole', (at) => {
          const { roleName, roleId, arn, path, trust, ...rest } = at.GetRole({ RoleName: name });
          return { roleName, roleId, arn, path, trust, ...withPrincipal(rest) };
        }),
      attachedUserPolicies: (name) =>
        list('ListAttachedUserPolicies', (at) => attachedOf(at.ListAttachedUserPolicies({ UserName: name }))),
      attachedRolePolicies: (name) =>
        list('ListAttachedRolePolicies', (at) => attachedOf(at.ListAttachedRolePolicies({ RoleName: name }))),
      // Most of these are not there: undefined says so at once, without an error that would only be caught.
      userPolicy: (name, policy) => text('GetUserPolicy', (at) => at.GetUser({ UserName: name }).inline.get(policy)),
      rolePolicy: (name, policy) => text('GetRolePolicy', (at) => at.GetRole({ RoleName: name }).inline.get(policy)),
      accessKeys: (name) => list('ListAccessKeys', (at) => credentialsOf(at.ListAccessKeys({ UserName: name }))),
      mfaDevices: (name) => list('ListMFADevices', (at) => at.ListMFADevices({ UserName: name })),
      serviceCredentials: (name) =>
        list('ListServiceSpecificCredentials', (at) =>
          credentialsOf(at.ListServiceSpecificCredentials({ UserName: name })),
        ),
      sshKeys: (name) => list('ListSSHPublicKeys', (at) => credentialsOf(at.ListSSHPublicKeys({ UserName: name }))),
      certificates: (name) =>
        list('ListSigningCertificates', (at) => credentialsOf(at.ListSigningCertificates({ UserName: name }))),
      groupsOfUser: (name) => list('ListGroupsForUser', (at) => at.ListGroupsForUser({ UserName: name })),
      attachedGroupPolicies: (name) =>
        list('ListAttachedGroupPolicies', (at) => attachedOf(at.ListAttachedGroupPolicies({ GroupName: name }))),
      inlineDocuments: (kind, name) =>
        list(INLINE_LISTS[kind], (at) => {
          switch (kind) {
            case 'user':
              return at
                .ListUserPolicies({ UserName: name })
                .map((PolicyName) => at.GetUserPolicy({ UserName: name, PolicyName }));
            case 'role':
              return at
                .ListRolePolicies({ RoleName: name })
                .map((PolicyName) => at.GetRolePolicy({ RoleName: name, PolicyName }));
            case 'group':
              return at
                .ListGroupPolicies({ GroupName: name })
                .map((PolicyName) => at.GetGroupPolicy({ GroupName: name, PolicyName }));
          }
        }),
      hasPassword: async (name) => {
        const read = await text('GetLoginProfile', (at) => {
          at.GetLoginProfile({ UserName: name });
          return 'a password';
        });
        return read.kind === 'read' ? { kind: 'read', value: read.value !== undefined } : read;
      },
      accountAccess: () =>
        list('GetAccountAuthorizationDetails', (at) => {
          const { users, groups, roles } = at.GetAccountAuthorizationDetails();
          const policies = ({ inline, attached }: { inline: Map<string, string>; attached: Set<string> }) => ({
            inline: [...inline.values()],
            attached: [...attached],
          });
          return {
            users: users.map((one) => ({
              userName: one.userName,
              arn: one.arn,
              groups: one.groups,
              ...policies(one),
              ...withPrincipal({ boundary: one.boundary }),
            })),
            groups: groups.map((one) => ({ groupName: one.groupName, ...policies(one) })),
            roles: roles.map((one) => ({
              roleName: one.roleName,
              arn: one.arn,
              trust: one.trust,
              ...policies(one),
              ...withPrincipal({ boundary: one.boundary }),
            })),
          };
        }),
      managedPolicy: (arn) => text('GetPolicyVersion', (at) => at.GetPolicyVersion({ PolicyArn: arn })),
      execute: (call) =>
        around(async (): Promise<CallResult> => {
          try {
            await retry(async () => {
              log.push({ operation: call.operation, kind: 'write', call });
              const fault = faultOf(call.operation);
              if (fault !== undefined && fault !== 'answer-lost') throw new IamFault(...ERRORS[fault]);
              perform(call.operation, call.input);
              if (fault !== undefined) throw new IamFault(...ERRORS[fault]);
            });
            return { kind: 'done' };
          } catch (error) {
            return callResultOf(error);
          }
        }),
    };

    return iam;
  };

  /** A call of anybody's, at once: what somebody else does to the account. Throws IamFault. */
  const perform = (operation: string, input: Call['input']): unknown => {
    const answer = account.call(operation, input);
    past?.note();
    return answer;
  };

  return {
    /** Each fault is told at once. */
    iam: iamWith((send) => send()),
    /** As the adapter: passing faults are repeated. */
    iamWith,
    log,
    account,
    perform,
    /** What IAM's enforcement holds to be true now, so long after it was written. */
    asOf: (milliseconds: number) => past?.asOf(milliseconds) ?? account.operations,
    /** Names of the writes so far, in order. */
    writes: (): readonly string[] => log.flatMap(({ operation, kind }) => (kind === 'write' ? [operation] : [])),
    reads: (): readonly string[] => log.flatMap(({ operation, kind }) => (kind === 'read' ? [operation] : [])),
    calls: (): readonly Call[] => log.flatMap(({ call }) => (call === undefined ? [] : [call])),
    forget(): void {
      log.length = 0;
    },
    /** The n-th call of this operation from now, counted from 1, meets this fault; and so do the next ones, `times` in all. */
    failOn(operation: string, occurrence: number, fault: Fault, times = 1): void {
      faults.push({ operation, occurrence, last: occurrence + times - 1, fault });
    },
    createUser(...of: Parameters<typeof account.createUser>): FakeUser {
      const user = account.createUser(...of);
      past?.note();
      return user;
    },
    deleteUser(userName: string): void {
      account.users.delete(userName.toLowerCase());
      past?.note();
    },
    createRole(...of: Parameters<typeof account.createRole>): FakeRole {
      const role = account.createRole(...of);
      past?.note();
      return role;
    },
    deleteRole(roleName: string): void {
      account.roles.delete(roleName.toLowerCase());
      past?.note();
    },
    putPolicy(arn: string, document: string): void {
      account.policies.set(arn, document);
    },
    deletePolicy: account.deletePolicy,
    state: account.state,
  };
}

export type FakeIam = ReturnType<typeof createFakeIam>;

const INLINE_LISTS = { user: 'ListUserPolicies', role: 'ListRolePolicies', group: 'ListGroupPolicies' } as const;

function withPrincipal({ boundary, held }: Pick<FakeUser, 'boundary' | 'held'>) {
  return { ...(boundary === undefined ? {} : { boundary }), ...(held === undefined ? {} : { held }) };
}

function attachedOf(arns: ReadonlySet<string>) {
  return [...arns].map((arn) => ({ arn, name: arn.slice(arn.lastIndexOf('/') + 1) }));
}

function credentialsOf(some: ReadonlyMap<string, CredentialStatus>): readonly Credential[] {
  return [...some].map(([id, status]) => ({ id, status }));
}
