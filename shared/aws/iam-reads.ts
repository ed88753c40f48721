import {
  type EntityType,
  GetAccountAuthorizationDetailsCommand,
  GetGroupPolicyCommand,
  GetLoginProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListRolePoliciesCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  ListUserPoliciesCommand,
  type PolicyDetail,
} from '@aws-sdk/client-iam';
import { HELD_TAG } from '../containment/held-tag.ts';
import type { AttachedPolicy, Credential, CredentialStatus, WithPrincipal } from '../containment/snapshot.ts';
import type { IamReads } from '../ports/iam.ts';
import type { Retry } from './iam-retry.ts';
import { orMissing, read } from './told-read.ts';

/** IAM's lists hold at most 1,000 a page and its quotas are far lower: a marker that goes on longer is a fault. */
const MAX_PAGES = 50;

export function createIamReads(client: IAMClient, retry: Retry): IamReads {
  return {
    async getUser(UserName) {
      const answer = await orMissing(retry(() => client.send(new GetUserCommand({ UserName }))));
      const user = answer?.User;
      if (user === undefined) return undefined;
      return { userName: text(user.UserName), userId: text(user.UserId), arn: text(user.Arn), ...withPrincipal(user) };
    },
    async getRole(RoleName) {
      const answer = await orMissing(retry(() => client.send(new GetRoleCommand({ RoleName }))));
      const role = answer?.Role;
      if (role === undefined) return undefined;
      return {
        roleName: text(role.RoleName),
        roleId: text(role.RoleId),
        arn: text(role.Arn),
        path: text(role.Path),
        trust: documentOf(role.AssumeRolePolicyDocument),
        ...withPrincipal(role),
      };
    },
    attachedUserPolicies: (UserName) =>
      read('ListAttachedUserPolicies', () =>
        pages(async (Marker) => {
          const page = await retry(() => client.send(new ListAttachedUserPoliciesCommand({ UserName, Marker })));
          return { items: attached(page.AttachedPolicies), marker: markerOf(page) };
        }),
      ),
    attachedRolePolicies: (RoleName) =>
      read('ListAttachedRolePolicies', () =>
        pages(async (Marker) => {
          const page = await retry(() => client.send(new ListAttachedRolePoliciesCommand({ RoleName, Marker })));
          return { items: attached(page.AttachedPolicies), marker: markerOf(page) };
        }),
      ),
    userPolicy: (UserName, PolicyName) =>
      read('GetUserPolicy', async () => {
        const answer = await orMissing(retry(() => client.send(new GetUserPolicyCommand({ UserName, PolicyName }))));
        return answer === undefined ? undefined : documentOf(answer.PolicyDocument);
      }),
    rolePolicy: (RoleName, PolicyName) =>
      read('GetRolePolicy', async () => {
        const answer = await orMissing(retry(() => client.send(new GetRolePolicyCommand({ RoleName, PolicyName }))));
        return answer === undefined ? undefined : documentOf(answer.PolicyDocument);
      }),
    accessKeys: (UserName) =>
      read('ListAccessKeys', () =>
        pages(async (Marker) => {
          const page = await retry(() => client.send(new ListAccessKeysCommand({ UserName, Marker })));
          const items = (page.AccessKeyMetadata ?? []).map((key) => credential(key.AccessKeyId, key.Status));
          return { items, marker: markerOf(page) };
        }),
      ),
    mfaDevices: (UserName) =>
      read('ListMFADevices', () =>
        pages(async (Marker) => {
          const page = await retry(() => client.send(new ListMFADevicesCommand({ UserName, Marker })));
          // One that does not say since when proves nothing.
          const items = (page.MFADevices ?? []).flatMap(({ EnableDate }) => EnableDate?.toISOString() ?? []);
          return { items, marker: markerOf(page) };
        }),
      ),
    serviceCredentials: (UserName) =>
      read('ListServiceSpecificCredentials', () =>
        pages(async (Marker) => {
          const page = await retry(() => client.send(new ListServiceSpecificCredentialsCommand({ UserName, Marker })));
          const items = (page.ServiceSpecificCredentials ?? []).map((one) =>
            credential(one.ServiceSpecificCredentialId, one.Status),
          );
          return { items, marker: markerOf(page) };
        }),
      ),
    sshKeys: (UserName) =>
      read('ListSSHPublicKeys', () =>
        pages(async (Marker) => {
          const page = await retry(() => client.send(new ListSSHPublicKeysCommand({ UserName, Marker })));
          const items = (page.SSHPublicKeys ?? []).map((key) => credential(key.SSHPublicKeyId, key.Status));
          return { items, marker: markerOf(page) };
        }),
      ),
    certificates: (UserName) =>
      read('ListSigningCertificates', () =>
        pages(async (Marker) => {
          const page = await retry(() => client.send(new ListSigningCertificatesCommand({ UserName, Marker })));
          const items = (page.Certificates ?? []).map((one) => credential(one.CertificateId, one.Status));
          return { items, marker: markerOf(page) };
        }),
      ),
    groupsOfUser: (UserName) =>
      read('ListGroupsForUser', () =>
        pages(async (Marker) => {
          const page = await retry(() => client.send(new ListGroupsForUserCommand({ UserName, Marker })));
          return { items: (page.Groups ?? []).map(({ GroupName }) => text(GroupName)), marker: markerOf(page) };
        }),
      ),
    attachedGroupPolicies: (GroupName) =>
      read('ListAttachedGroupPolicies', () =>
        pages(async (Marker) => {
          const page = await retry(() => client.send(new ListAttachedGroupPoliciesCommand({ GroupName, Marker })));
          return { items: attached(page.AttachedPolicies), marker: markerOf(page) };
        }),
      ),
    inlineDocuments: (kind, name) => {
      const { list, get } = inlineOf(client, kind, name);
      return read(INLINE_LISTS[kind], async () => {
        const names = await pages(async (Marker) => {
          const page = await retry(() => list(Marker));
          return { items: page.PolicyNames ?? [], marker: markerOf(page) };
        });
        const answers = await Promise.all(names.map((PolicyName) => orMissing(retry(() => get(PolicyName)))));
        return answers.flatMap((answer) => (answer === undefined ? [] : [documentOf(answer.PolicyDocument)]));
      });
    },
    hasPassword: (UserName) =>
      read(
        'GetLoginProfile',
        async () => (await orMissing(retry(() => client.send(new GetLoginProfileCommand({ UserName }))))) !== undefined,
      ),
    accountAccess: () =>
      read('GetAccountAuthorizationDetails', async () => {
        const Filter: EntityType[] = ['User', 'Group', 'Role'];
        const all = await pages(async (Marker) => {
          const input = { Filter, Marker, MaxItems: 1_000 };
          const page = await retry(() => client.send(new GetAccountAuthorizationDetailsCommand(input)));
          return { items: [page], marker: markerOf(page) };
        });
        return {
          users: all.flatMap(({ UserDetailList = [] }) =>
            UserDetailList.map((user) => ({
              userName: text(user.UserName),
              arn: text(user.Arn),
              ...createdAt(user),
              groups: user.GroupList ?? [],
              ...policiesOf(user.UserPolicyList, user.AttachedManagedPolicies),
              ...boundaryOf(user),
            })),
          ),
          groups: all.flatMap(({ GroupDetailList = [] }) =>
            GroupDetailList.map((group) => ({
              groupName: text(group.GroupName),
              ...policiesOf(group.GroupPolicyList, group.AttachedManagedPolicies),
            })),
          ),
          roles: all.flatMap(({ RoleDetailList = [] }) =>
            RoleDetailList.map((role) => ({
              roleName: text(role.RoleName),
              arn: text(role.Arn),
              ...createdAt(role),
              trust: documentOf(role.AssumeRolePolicyDocument),
              ...policiesOf(role.RolePolicyList, role.AttachedManagedPolicies),
              ...boundaryOf(role),
            })),
          ),
        };
      }),
    managedPolicy: (PolicyArn) =>
      read('GetPolicyVersion', async () => {
        const policy = await orMissing(retry(() => client.send(new GetPolicyCommand({ PolicyArn }))));
        if (policy === undefined) return undefined;
        const VersionId = text(policy.Policy?.DefaultVersionId);
        const version = await orMissing(
          retry(() => client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }))),
        );
        return version === undefined ? undefined : documentOf(version.PolicyVersion?.Document);
      }),
  };
}

const INLINE_LISTS = { user: 'ListUserPolicies', role: 'ListRolePolicies', group: 'ListGroupPolicies' } as const;

type InlineCalls = {
  readonly list: (Marker?: string) => Promise<Page & { readonly PolicyNames?: string[] | undefined }>;
  readonly get: (PolicyName: string) => Promise<{ readonly PolicyDocument?: string | undefined }>;
};

function inlineOf(client: IAMClient, kind: keyof typeof INLINE_LISTS, name: string): InlineCalls {
  switch (kind) {
    case 'user':
      return {
        list: (Marker) => client.send(new ListUserPoliciesCommand({ UserName: name, Marker })),
        get: (PolicyName) => client.send(new GetUserPolicyCommand({ UserName: name, PolicyName })),
      };
    case 'role':
      return {
        list: (Marker) => client.send(new ListRolePoliciesCommand({ RoleName: name, Marker })),
        get: (PolicyName) => client.send(new GetRolePolicyCommand({ RoleName: name, PolicyName })),
      };
    case 'group':
      return {
        list: (Marker) => client.send(new ListGroupPoliciesCommand({ GroupName: name, Marker })),
        get: (PolicyName) => client.send(new GetGroupPolicyCommand({ GroupName: name, PolicyName })),
      };
  }
}

function policiesOf(
  inline: readonly PolicyDetail[] | undefined,
  managed: Parameters<typeof attached>[0],
): { readonly inline: readonly string[]; readonly attached: readonly string[] } {
  return {
    inline: (inline ?? []).map(({ PolicyDocument }) => documentOf(PolicyDocument)),
    attached: attached(managed).map(({ arn }) => arn),
  };
}

function createdAt({ CreateDate }: { CreateDate?: Date | undefined }) {
  return CreateDate === undefined ? {} : { createdAt: CreateDate.toISOString() };
}

function boundaryOf({
  PermissionsBoundary,
}: {
  PermissionsBoundary?: { PermissionsBoundaryArn?: string | undefined } | undefined;
}) {
  const arn = PermissionsBoundary?.PermissionsBoundaryArn;
  return arn === undefined ? {} : { boundary: arn };
}

function withPrincipal(
  of: Parameters<typeof boundaryOf>[0] & {
    Tags?: { Key: string | undefined; Value: string | undefined }[] | undefined;
  },
): WithPrincipal {
  // IAM takes the key of a tag in any case.
  const held = of.Tags?.find(({ Key }) => Key?.toLowerCase() === HELD_TAG)?.Value;
  return { ...boundaryOf(of), ...(held === undefined ? {} : { held }) };
}

async function pages<T>(
  ask: (marker: string | undefined) => Promise<{ readonly items: readonly T[]; readonly marker: string | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await ask(marker);
    all.push(...answer.items);
    if (answer.marker === undefined) return all;
    marker = answer.marker;
  }
  throw new Error(`The list did not end after ${MAX_PAGES} pages`);
}

type Page = { readonly IsTruncated?: boolean | undefined; readonly Marker?: string | undefined };

/** A page that says there is more and not where is no end of the list. */
function markerOf(page: Page): string | undefined {
  return page.IsTruncated === true ? text(page.Marker) : undefined;
}

function attached(
  policies:
    | readonly { readonly PolicyArn?: string | undefined; readonly PolicyName?: string | undefined }[]
    | undefined,
): readonly AttachedPolicy[] {
  return (policies ?? []).map(({ PolicyArn, PolicyName }) => ({ arn: text(PolicyArn), name: text(PolicyName) }));
}

function credential(id: string | undefined, status: string | undefined): Credential {
  return { id: text(id), status: statusOf(text(status)) };
}

function statusOf(status: string): CredentialStatus {
  if (status === 'Active' || status === 'Inactive' || status === 'Expired') return status;
  throw new Error(`IAM answered with a status that is not known: ${status}`);
}

/** IAM URL-encodes documents (RFC 3986), so one that begins with a bare brace comes from an endpoint that does not. */
function documentOf(answer: string | undefined): string {
  const document = text(answer);
  return /^\s*\{/.test(document) ? document : decodeURIComponent(document);
}

/** The SDK types every member of an answer as optional; an answer without it is not one. */
function text(value: string | undefined): string {
  if (value === undefined) throw new Error('IAM answered without a member that it always has');
  return value;
}
