import type { CredentialStatus } from '../../shared/containment/snapshot.ts';

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
  /** When each MFA device was enabled: ISO 8601. */
  readonly mfaDevices?: readonly string[];
  /** ARN of the permissions boundary. */
  boundary?: string | undefined;
  /** Value of the tag `rescind:held`; this account keeps no other. */
  held?: string | undefined;
};
export type FakeRole = {
  readonly roleName: string;
  readonly roleId: string;
  readonly arn: string;
  readonly path: string;
  /** The trust policy, byte for byte. */
  trust: string;
  readonly attached: Set<string>;
  readonly inline: Map<string, string>;
  boundary?: string | undefined;
  held?: string | undefined;
};
export type FakeGroup = {
  readonly groupName: string;
  readonly groupId: string;
  readonly arn: string;
  readonly attached: Set<string>;
  readonly inline: Map<string, string>;
};
type Holder = Pick<FakeUser, 'attached' | 'inline'>;

export const ACCOUNT = '111122223333';
export const QUARANTINE_ARN = `arn:aws:iam::${ACCOUNT}:policy/Rescind-Quarantine`;
export const ADMINISTRATOR_ARN = 'arn:aws:iam::aws:policy/AdministratorAccess';
export const READ_ONLY_ARN = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

/**
 * Quotas of IAM (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). Inline policies are
 * counted together and without whitespace, a trust policy with it.
 */
export const QUOTAS = {
  attached: 10,
  inline: { user: 2_048, group: 5_120, role: 10_240 },
  trust: 2_048,
  accessKeys: 2,
} as const;

/** An error of IAM, by the name that the SDK gives it. */
export class IamFault extends Error {
  override readonly name: string;
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export type Input = Readonly<Record<string, unknown>>;

/** What IAM holds of an account, and what each call makes of it: unique ids, names in any case, quotas, errors by name. */
export function createIamAccount({ attachQuota = QUOTAS.attached as number } = {}) {
  const users = new Map<string, FakeUser>();
  const roles = new Map<string, FakeRole>();
  const groups = new Map<string, FakeGroup>();
  const members = new Map<string, Set<string>>();
  /** By the user's unique id, what the last call set. */
  const passwords = new Map<string, { readonly password: string; readonly resetRequired: boolean }>();
  const policies = new Map<string, string>([
    [QUARANTINE_ARN, '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'],
    [ADMINISTRATOR_ARN, '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'],
    [READ_ONLY_ARN, '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*"],"Resource":"*"}]}'],
  ]);
  let ids = 0;
  const uniqueId = (prefix: string): string => {
    ids += 1;
    return `${prefix}EXAMPLE${String(ids).padStart(10, '0')}`;
  };

  const user = (input: Input): FakeUser => found(users.get(text(input, 'UserName').toLowerCase()), 'user');
  const role = (input: Input): FakeRole => found(roles.get(text(input, 'RoleName').toLowerCase()), 'role');
  const group = (input: Input): FakeGroup => found(groups.get(text(input, 'GroupName').toLowerCase()), 'group');

  const attach = (holder: Holder, input: Input): void => {
    const arn = text(input, 'PolicyArn');
    if (!policies.has(arn)) throw new IamFault('NoSuchEntity', `Policy ${arn} does not exist`);
    if (!holder.attached.has(arn) && holder.attached.size >= attachQuota) {
      throw new IamFault('LimitExceeded', `Cannot exceed quota for PoliciesPerPrincipal: ${attachQuota}`);
    }
    holder.attached.add(arn);
  };
  const detach = (holder: Holder, input: Input): void => {
    if (!holder.attached.delete(text(input, 'PolicyArn'))) throw missing('attachment');
  };
  const bind = (of: Pick<FakeUser, 'boundary'>, input: Input): void => {
    const arn = text(input, 'PermissionsBoundary');
    if (!policies.has(arn)) throw new IamFault('NoSuchEntity', `Policy ${arn} does not exist`);
    of.boundary = arn;
  };
  const unbind = (of: Pick<FakeUser, 'boundary'>): void => {
    if (of.boundary === undefined) throw missing('permissions boundary');
    of.boundary = undefined;
  };
  const tag = (of: Pick<FakeUser, 'held'>, input: Input): void => {
    for (const { Key, Value } of Array.isArray(input.Tags) ? input.Tags : []) {
      if (Key !== 'rescind:held') throw new IamFault('InvalidInput', 'This account keeps no other tag');
      of.held = String(Value);
    }
  };
  // IAM says nothing where the tag was not there.
  const untag = (of: Pick<FakeUser, 'held'>, input: Input): void => {
    if (Array.isArray(input.TagKeys) && input.TagKeys.includes('rescind:held')) of.held = undefined;
  };
  const put = (holder: Holder, quota: number, input: Input): void => {
    const name = text(input, 'PolicyName');
    const document = text(input, 'PolicyDocument');
    const others = [...holder.inline].filter(([other]) => other !== name).map(([, other]) => other);
    if (sizeOf([...others, document]) > quota) {
      throw new IamFault('LimitExceeded', `Maximum policy size of ${quota} bytes exceeded`);
    }
    holder.inline.set(name, document);
  };
  const remove = (holder: Holder, input: Input): void => {
    if (!holder.inline.delete(text(input, 'PolicyName'))) throw missing('inline policy');
  };
  const document = (holder: Holder, input: Input): string =>
    found(holder.inline.get(text(input, 'PolicyName')), 'inline policy');
  const mustBeEmpty = (...some: readonly { readonly size: number }[]): void => {
    if (some.some(({ size }) => size > 0)) throw new IamFault('DeleteConflict', 'It must be emptied first');
  };

  const createUser = (userName: string, access: Partial<Omit<FakeUser, 'userName' | 'userId' | 'arn'>> = {}) => {
    if (users.has(userName.toLowerCase())) throw new IamFault('EntityAlreadyExists', userName);
    const made: FakeUser = {
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
    users.set(userName.toLowerCase(), made);
    return made;
  };
  const createRole = (
    roleName: string,
    of: Partial<Pick<FakeRole, 'path' | 'trust' | 'attached' | 'inline' | 'boundary' | 'held'>> = {},
  ): FakeRole => {
    if (roles.has(roleName.toLowerCase())) throw new IamFault('EntityAlreadyExists', roleName);
    const { path = '/' } = of;
    const made: FakeRole = {
      roleName,
      roleId: uniqueId('AROA'),
      arn: `arn:aws:iam::${ACCOUNT}:role${path}${roleName}`,
      trust: '{"Version":"2012-10-17","Statement":[]}',
      attached: new Set(),
      inline: new Map(),
      ...of,
      path,
    };
    roles.set(roleName.toLowerCase(), made);
    return made;
  };

  const groupsOf = ({ userName }: FakeUser): readonly string[] =>
    [...groups.values()]
      .map(({ groupName }) => groupName)
      .filter((name) => members.get(name.toLowerCase())?.has(userName.toLowerCase()) === true);

  /** Each call by its name. What it returns is what a caller of it wants to know, not the shape of IAM's answer. */
  const operations = {
    CreateUser: (input: Input) => createUser(text(input, 'UserName')),
    GetUser: user,
    DeleteUser: (input: Input) => {
      const { userName, attached, inline, accessKeys, ...rest } = user(input);
      const ofGroups = [...members.values()].filter((names) => names.has(userName.toLowerCase()));
      mustBeEmpty(attached, inline, accessKeys, rest.serviceCredentials, rest.sshKeys, rest.certificates, {
        size: ofGroups.length,
      });
      users.delete(userName.toLowerCase());
    },
    CreateAccessKey: (input: Input) => {
      const { accessKeys } = user(input);
      if (accessKeys.size >= QUOTAS.accessKeys) {
        throw new IamFault('LimitExceeded', `Cannot exceed quota for AccessKeysPerUser: ${QUOTAS.accessKeys}`);
      }
      const id = uniqueId('AKIA');
      accessKeys.set(id, 'Active');
      return id;
    },
    DeleteAccessKey: (input: Input) => {
      if (!user(input).accessKeys.delete(text(input, 'AccessKeyId'))) throw missing('access key');
    },
    ListAccessKeys: (input: Input) => user(input).accessKeys,
    ListMFADevices: (input: Input) => user(input).mfaDevices ?? [],
    UpdateAccessKey: (input: Input) => setStatus(user(input).accessKeys, input, 'AccessKeyId'),
    ListServiceSpecificCredentials: (input: Input) => user(input).serviceCredentials,
    UpdateServiceSpecificCredential: (input: Input) =>
      setStatus(user(input).serviceCredentials, input, 'ServiceSpecificCredentialId'),
    ListSSHPublicKeys: (input: Input) => user(input).sshKeys,
    UpdateSSHPublicKey: (input: Input) => setStatus(user(input).sshKeys, input, 'SSHPublicKeyId'),
    ListSigningCertificates: (input: Input) => user(input).certificates,
    UpdateSigningCertificate: (input: Input) => setStatus(user(input).certificates, input, 'CertificateId'),
    AttachUserPolicy: (input: Input) => attach(user(input), input),
    DetachUserPolicy: (input: Input) => detach(user(input), input),
    ListAttachedUserPolicies: (input: Input) => user(input).attached,
    PutUserPolicy: (input: Input) => put(user(input), QUOTAS.inline.user, input),
    DeleteUserPolicy: (input: Input) => remove(user(input), input),
    GetUserPolicy: (input: Input) => document(user(input), input),
    ListUserPolicies: (input: Input) => [...user(input).inline.keys()],
    PutUserPermissionsBoundary: (input: Input) => bind(user(input), input),
    DeleteUserPermissionsBoundary: (input: Input) => unbind(user(input)),
    TagUser: (input: Input) => tag(user(input), input),
    UntagUser: (input: Input) => untag(user(input), input),

    CreateRole: (input: Input) => {
      const trust = text(input, 'AssumeRolePolicyDocument');
      mustFit(trust);
      return createRole(text(input, 'RoleName'), { trust });
    },
    GetRole: role,
    DeleteRole: (input: Input) => {
      const { roleName, attached, inline } = role(input);
      mustBeEmpty(attached, inline);
      roles.delete(roleName.toLowerCase());
    },
    UpdateAssumeRolePolicy: (input: Input) => {
      const trust = text(input, 'PolicyDocument');
      const of = role(input);
      mustFit(trust);
      of.trust = trust;
    },
    AttachRolePolicy: (input: Input) => attach(role(input), input),
    DetachRolePolicy: (input: Input) => detach(role(input), input),
    ListAttachedRolePolicies: (input: Input) => role(input).attached,
    PutRolePolicy: (input: Input) => put(role(input), QUOTAS.inline.role, input),
    DeleteRolePolicy: (input: Input) => remove(role(input), input),
    GetRolePolicy: (input: Input) => document(role(input), input),
    ListRolePolicies: (input: Input) => [...role(input).inline.keys()],
    PutRolePermissionsBoundary: (input: Input) => bind(role(input), input),
    DeleteRolePermissionsBoundary: (input: Input) => unbind(role(input)),
    TagRole: (input: Input) => tag(role(input), input),
    UntagRole: (input: Input) => untag(role(input), input),

    CreateGroup: (input: Input) => {
      const groupName = text(input, 'GroupName');
      if (groups.has(groupName.toLowerCase())) throw new IamFault('EntityAlreadyExists', groupName);
      const arn = `arn:aws:iam::${ACCOUNT}:group/${groupName}`;
      const made = { groupName, groupId: uniqueId('AGPA'), arn, attached: new Set<string>(), inline: new Map() };
      groups.set(groupName.toLowerCase(), made);
      return made;
    },
    DeleteGroup: (input: Input) => {
      const { groupName, attached, inline } = group(input);
      mustBeEmpty(attached, inline, members.get(groupName.toLowerCase()) ?? new Set());
      groups.delete(groupName.toLowerCase());
    },
    PutGroupPolicy: (input: Input) => put(group(input), QUOTAS.inline.group, input),
    DeleteGroupPolicy: (input: Input) => remove(group(input), input),
    GetGroupPolicy: (input: Input) => document(group(input), input),
    AttachGroupPolicy: (input: Input) => attach(group(input), input),
    ListAttachedGroupPolicies: (input: Input) => group(input).attached,
    ListGroupPolicies: (input: Input) => [...group(input).inline.keys()],
    ListGroupsForUser: (input: Input) => groupsOf(user(input)),
    CreateLoginProfile: (input: Input) => {
      passwords.set(user(input).userId, passwordIn(input));
    },
    UpdateLoginProfile: (input: Input) => {
      const { userId } = user(input);
      if (!passwords.has(userId)) throw missing('login profile');
      passwords.set(userId, passwordIn(input));
    },
    GetLoginProfile: (input: Input) => {
      return found(passwords.get(user(input).userId), 'login profile');
    },
    GetAccountAuthorizationDetails: () => ({
      users: [...users.values()].map((one) => ({ ...one, groups: groupsOf(one) })),
      groups: [...groups.values()],
      roles: [...roles.values()],
    }),
    AddUserToGroup: (input: Input) => {
      const name = group(input).groupName.toLowerCase();
      members.set(name, new Set([...(members.get(name) ?? []), user(input).userName.toLowerCase()]));
    },
    RemoveUserFromGroup: (input: Input) => {
      const { userName } = user(input);
      if (members.get(group(input).groupName.toLowerCase())?.delete(userName.toLowerCase()) !== true) {
        throw missing('membership');
      }
    },

    CreatePolicy: (input: Input) => {
      const arn = `arn:aws:iam::${ACCOUNT}:policy/${text(input, 'PolicyName')}`;
      if (policies.has(arn)) throw new IamFault('EntityAlreadyExists', arn);
      policies.set(arn, text(input, 'PolicyDocument'));
      return arn;
    },
    DeletePolicy: (input: Input) => {
      const arn = text(input, 'PolicyArn');
      found(policies.get(arn), 'policy');
      mustBeEmpty({ size: holders().filter(({ attached }) => attached.has(arn)).length });
      policies.delete(arn);
    },
    GetPolicyVersion: (input: Input) => found(policies.get(text(input, 'PolicyArn')), 'policy'),
  };
  const holders = (): readonly Holder[] => [...users.values(), ...roles.values(), ...groups.values()];
  const known: Readonly<Record<string, (input: Input) => unknown>> = operations;

  return {
    users,
    roles,
    groups,
    policies,
    createUser,
    createRole,
    operations,
    /** One call, as IAM answers it now. Throws IamFault, `InvalidAction` for a call that this account does not know. */
    call(operation: string, input: Input): unknown {
      const answer = Object.hasOwn(operations, operation) ? known[operation] : undefined;
      if (answer === undefined) throw new IamFault('InvalidAction', `${operation} is not known`);
      return answer(input);
    },
    deletePolicy(arn: string): void {
      policies.delete(arn);
      for (const { attached } of holders()) attached.delete(arn);
    },
    /** Everything that IAM holds of its principals, in an order that does not depend on history. */
    state(): unknown {
      return [...users.values(), ...roles.values(), ...groups.values()].map((principal) =>
        Object.fromEntries(Object.entries(principal).map(([key, value]) => [key, plain(value)])),
      );
    },
  };
}

export type IamAccount = ReturnType<typeof createIamAccount>;

/** Characters without whitespace, as IAM counts inline policies. */
export function sizeOf(documents: readonly string[]): number {
  return documents.join('').replace(/\s/g, '').length;
}

function plain(value: unknown): unknown {
  if (value instanceof Set) return [...value].sort();
  if (value instanceof Map) return Object.fromEntries([...value].sort(([a], [b]) => (a < b ? -1 : 1)));
  return value;
}

function mustFit(trust: string): void {
  if (trust.length > QUOTAS.trust) {
    throw new IamFault('LimitExceeded', `Cannot exceed quota for ACLSizePerRole: ${QUOTAS.trust}`);
  }
}

function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== 'string') throw new IamFault('ValidationError', `${name} is missing`);
  return value;
}

function passwordIn(input: Input) {
  return {
    password: input.Password === undefined ? '' : text(input, 'Password'),
    resetRequired: String(input.PasswordResetRequired) === 'true',
  };
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw missing(what);
  return value;
}

/** Made once of each: most reads of IAM are of something that is not there, and making an error takes longer than the read. */
function missing(what: string): IamFault {
  const fault = MISSING.get(what) ?? new IamFault('NoSuchEntity', `no such ${what}`);
  MISSING.set(what, fault);
  return fault;
}
const MISSING = new Map<string, IamFault>();

function setStatus(some: Map<string, CredentialStatus>, input: Input, name: string): void {
  const id = text(input, name);
  if (!some.has(id)) throw missing('credential');
  some.set(id, text(input, 'Status') === 'Active' ? 'Active' : 'Inactive');
}
