import { type Call, type CallResult, parameter } from '../../shared/containment/call.ts';
import type { Credential, CredentialStatus, Read } from '../../shared/containment/snapshot.ts';
import type { Iam } from '../../shared/ports/iam.ts';

/** Runs each call; a test passes one that crashes before or after the call it chooses. */
export type Around = <T>(call: () => Promise<T>) => Promise<T>;

/** What happens to one call instead of, or in the case of `answer-lost` after, what was asked. */
export type Fault = 'denied' | 'throttled' | 'quota' | 'unavailable' | 'answer-lost';

export type FakeUser = {
  userName: string;
  readonly userId: string;
  readonly arn: string;
  readonly attached: Set<string>;
  readonly inline: Map<string, string>;
  readonly accessKeys: Map<string, CredentialStatus>;
  readonly serviceCredentials: Map<string, CredentialStatus>;
  readonly sshKeys: Map<string, CredentialStatus>;
  readonly certificates: Map<string, CredentialStatus>;
};
export type FakeRole = {
  readonly roleName: string;
  readonly roleId: string;
  readonly arn: string;
  readonly path: string;
  readonly attached: Set<string>;
  readonly inline: Map<string, string>;
};
type Holder = Pick<FakeUser, 'attached' | 'inline'>;

export const QUARANTINE_ARN = 'arn:aws:iam::111122223333:policy/Rescind-Quarantine';
export const ADMINISTRATOR_ARN = 'arn:aws:iam::aws:policy/AdministratorAccess';
export const READ_ONLY_ARN = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const ACCOUNT = '111122223333';

/** Characters of all inline policies of a principal without whitespace, as IAM counts them. */
const INLINE_QUOTA = { user: 2_048, role: 10_240 };

/** IAM in memory: unique ids, names in any case, quotas, a log of calls and a script of faults. */
export function createFakeIam(options: { readonly attachQuota?: number; readonly around?: Around } = {}) {
  const { attachQuota = 10, around = (call) => call() } = options;
  const users = new Map<string, FakeUser>();
  const roles = new Map<string, FakeRole>();
  const policies = new Map<string, string>([
    [QUARANTINE_ARN, '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'],
    [ADMINISTRATOR_ARN, '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'],
    [READ_ONLY_ARN, '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*"],"Resource":"*"}]}'],
  ]);
  const log: { readonly operation: string; readonly kind: 'read' | 'write'; readonly call?: Call }[] = [];
  const faults: { readonly operation: string; occurrence: number; readonly fault: Fault }[] = [];
  let ids = 0;
  const uniqueId = (prefix: string): string => {
    ids += 1;
    return `${prefix}EXAMPLE${String(ids).padStart(10, '0')}`;
  };

  const faultOf = (operation: string): Fault | undefined => {
    let found: Fault | undefined;
    for (const one of faults) {
      if (one.operation !== operation) continue;
      one.occurrence -= 1;
      if (one.occurrence === 0) found ??= one.fault;
    }
    return found;
  };

  const lookUp = (operation: string): Fault | undefined => {
    log.push({ operation, kind: 'read' });
    return faultOf(operation);
  };
  const identity = <T>(operation: string, find: () => T): Promise<T> =>
    around(async () => {
      const fault = lookUp(operation);
      if (fault !== undefined) throw new Error(`${operation}: ${fault}`);
      return find();
    });
  const list = <T>(operation: string, find: () => T): Promise<Read<T>> =>
    around(async (): Promise<Read<T>> => {
      const fault = lookUp(operation);
      if (fault === 'unavailable') return { kind: 'unavailable', operation, reason: 'InvalidAction' };
      if (fault !== undefined) return { kind: 'failed', operation, error: fault };
      return { kind: 'read', value: find() };
    });

  const userOf = (name: string): FakeUser | undefined => users.get(name.toLowerCase());
  const roleOf = (name: string): FakeRole | undefined => roles.get(name.toLowerCase());
  const attachedTo = (holder: Holder | undefined) =>
    [...(holder?.attached ?? [])].map((arn) => ({ arn, name: arn.slice(arn.lastIndexOf('/') + 1) }));
  const credentialsOf = (some: ReadonlyMap<string, CredentialStatus> | undefined): readonly Credential[] =>
    [...(some ?? [])].map(([id, status]) => ({ id, status }));

  const apply = (call: Call): CallResult => {
    const onUser = call.input.UserName !== undefined;
    const user = onUser ? userOf(parameter(call, 'UserName')) : undefined;
    const holder: Holder | undefined = onUser ? user : roleOf(parameter(call, 'RoleName'));
    if (holder === undefined) return { kind: 'missing', detail: 'no such principal' };
    switch (call.operation) {
      case 'AttachUserPolicy':
      case 'AttachRolePolicy': {
        const arn = parameter(call, 'PolicyArn');
        if (!policies.has(arn)) return { kind: 'missing', detail: `Policy ${arn} does not exist` };
        if (!holder.attached.has(arn) && holder.attached.size >= attachQuota) {
          return { kind: 'quota', detail: `Cannot exceed quota for PoliciesPerPrincipal: ${attachQuota}` };
        }
        holder.attached.add(arn);
        return { kind: 'done' };
      }
      case 'DetachUserPolicy':
      case 'DetachRolePolicy':
        return holder.attached.delete(parameter(call, 'PolicyArn')) ? { kind: 'done' } : missing('attachment');
      case 'PutUserPolicy':
      case 'PutRolePolicy': {
        const name = parameter(call, 'PolicyName');
        const document = parameter(call, 'PolicyDocument');
        const others = [...holder.inline].filter(([other]) => other !== name).map(([, text]) => text);
        const size = [...others, document].join('').replace(/\s/g, '').length;
        if (size > INLINE_QUOTA[onUser ? 'user' : 'role']) return { kind: 'quota', detail: 'Maximum policy size' };
        holder.inline.set(name, document);
        return { kind: 'done' };
      }
      case 'DeleteUserPolicy':
      case 'DeleteRolePolicy':
        return holder.inline.delete(parameter(call, 'PolicyName')) ? { kind: 'done' } : missing('inline policy');
      case 'UpdateAccessKey':
        return setStatus(user?.accessKeys, parameter(call, 'AccessKeyId'), call);
      case 'UpdateServiceSpecificCredential':
        return setStatus(user?.serviceCredentials, parameter(call, 'ServiceSpecificCredentialId'), call);
      case 'UpdateSSHPublicKey':
        return setStatus(user?.sshKeys, parameter(call, 'SSHPublicKeyId'), call);
      case 'UpdateSigningCertificate':
        return setStatus(user?.certificates, parameter(call, 'CertificateId'), call);
    }
  };

  const iam: Iam = {
    getUser: (name) =>
      identity('GetUser', () => {
        const user = userOf(name);
        return user === undefined ? undefined : { userName: user.userName, userId: user.userId, arn: user.arn };
      }),
    getRole: (name) =>
      identity('GetRole', () => {
        const role = roleOf(name);
        if (role === undefined) return undefined;
        return { roleName: role.roleName, roleId: role.roleId, arn: role.arn, path: role.path };
      }),
    attachedUserPolicies: (name) => list('ListAttachedUserPolicies', () => attachedTo(userOf(name))),
    attachedRolePolicies: (name) => list('ListAttachedRolePolicies', () => attachedTo(roleOf(name))),
    userPolicy: (name, policy) => list('GetUserPolicy', () => userOf(name)?.inline.get(policy)),
    rolePolicy: (name, policy) => list('GetRolePolicy', () => roleOf(name)?.inline.get(policy)),
    accessKeys: (name) => list('ListAccessKeys', () => credentialsOf(userOf(name)?.accessKeys)),
    serviceCredentials: (name) =>
      list('ListServiceSpecificCredentials', () => credentialsOf(userOf(name)?.serviceCredentials)),
    sshKeys: (name) => list('ListSSHPublicKeys', () => credentialsOf(userOf(name)?.sshKeys)),
    certificates: (name) => list('ListSigningCertificates', () => credentialsOf(userOf(name)?.certificates)),
    managedPolicy: (arn) => list('GetPolicyVersion', () => policies.get(arn)),
    execute: (call) =>
      around(async (): Promise<CallResult> => {
        log.push({ operation: call.operation, kind: 'write', call });
        const fault = faultOf(call.operation);
        switch (fault) {
          case undefined:
            return apply(call);
          case 'denied':
            return { kind: 'failed', error: 'AccessDenied', detail: 'not authorized' };
          case 'throttled':
            return { kind: 'failed', error: 'Throttling', detail: 'Rate exceeded' };
          case 'quota':
            return { kind: 'quota', detail: 'LimitExceeded' };
          case 'unavailable':
            return { kind: 'unavailable', detail: 'InvalidAction' };
          case 'answer-lost':
            apply(call);
            return { kind: 'failed', error: 'TimeoutError', detail: 'no answer' };
        }
      }),
  };

  return {
    iam,
    log,
    /** Names of the writes so far, in order. */
    writes: (): readonly string[] => log.flatMap(({ operation, kind }) => (kind === 'write' ? [operation] : [])),
    reads: (): readonly string[] => log.flatMap(({ operation, kind }) => (kind === 'read' ? [operation] : [])),
    calls: (): readonly Call[] => log.flatMap(({ call }) => (call === undefined ? [] : [call])),
    forget(): void {
      log.length = 0;
    },
    /** The n-th call of this operation from now, counted from 1, meets this fault. */
    failOn(operation: string, occurrence: number, fault: Fault): void {
      faults.push({ operation, occurrence, fault });
    },
    createUser(userName: string, access: Partial<Omit<FakeUser, 'userName' | 'userId' | 'arn'>> = {}): FakeUser {
      if (users.has(userName.toLowerCase())) throw new Error(`EntityAlreadyExists: ${userName}`);
      const user: FakeUser = {
        userName,
        userId: uniqueId('AIDA'),
        arn: `arn:aws:iam::${ACCOUNT}:user/${userName}`,
        attached: new Set(),
        inline: new Map(),
        accessKeys: new Map(),
        serviceCredentials: new Map(),
        sshKeys: new Map(),
        certificates: new Map(),
        ...access,
      };
      users.set(userName.toLowerCase(), user);
      return user;
    },
    deleteUser(userName: string): void {
      users.delete(userName.toLowerCase());
    },
    createRole(roleName: string, of: Partial<Pick<FakeRole, 'path' | 'attached' | 'inline'>> = {}): FakeRole {
      if (roles.has(roleName.toLowerCase())) throw new Error(`EntityAlreadyExists: ${roleName}`);
      const { path = '/' } = of;
      const role: FakeRole = {
        roleName,
        roleId: uniqueId('AROA'),
        arn: `arn:aws:iam::${ACCOUNT}:role${path}${roleName}`,
        attached: new Set(),
        inline: new Map(),
        path,
        ...of,
      };
      roles.set(roleName.toLowerCase(), role);
      return role;
    },
    deleteRole(roleName: string): void {
      roles.delete(roleName.toLowerCase());
    },
    putPolicy(arn: string, document: string): void {
      policies.set(arn, document);
    },
    deletePolicy(arn: string): void {
      policies.delete(arn);
      for (const { attached } of [...users.values(), ...roles.values()]) attached.delete(arn);
    },
    /** Everything that IAM holds of its principals, in an order that does not depend on history. */
    state(): unknown {
      const plain = (value: unknown): unknown => {
        if (value instanceof Set) return [...value].sort();
        if (value instanceof Map) return Object.fromEntries([...value].sort(([a], [b]) => (a < b ? -1 : 1)));
        return value;
      };
      return [...users.values(), ...roles.values()].map((principal) =>
        Object.fromEntries(Object.entries(principal).map(([key, value]) => [key, plain(value)])),
      );
    },
  };
}

export type FakeIam = ReturnType<typeof createFakeIam>;

function missing(what: string): CallResult {
  return { kind: 'missing', detail: `no such ${what}` };
}

function setStatus(some: Map<string, CredentialStatus> | undefined, id: string, call: Call): CallResult {
  if (some?.has(id) !== true) return missing('credential');
  some.set(id, parameter(call, 'Status') === 'Active' ? 'Active' : 'Inactive');
  return { kind: 'done' };
}
