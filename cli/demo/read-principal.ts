import {
  GetLoginProfileCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListServiceSpecificCredentialsCommand,
  paginateListAccessKeys,
  paginateListAttachedRolePolicies,
  paginateListAttachedUserPolicies,
  paginateListGroupsForUser,
  paginateListMFADevices,
  paginateListRolePolicies,
  paginateListRoleTags,
  paginateListSigningCertificates,
  paginateListSSHPublicKeys,
  paginateListUserPolicies,
  paginateListUserTags,
} from '@aws-sdk/client-iam';
import type { PrincipalState } from './principal-state.ts';

type Fact = readonly [name: string, value: string];

/** One question to IAM; an answer may be no fact at all. */
type Look = { readonly operation: string; readonly facts: () => Promise<readonly Fact[]> };

/**
 * Reads a user afresh with nothing but the SDK: none of the code that contains and gives back is involved, or the demo
 * would prove it with itself.
 */
export function readUser(client: IAMClient, UserName: string): Promise<PrincipalState> {
  const paging = { client };
  const of = { UserName };
  return look([
    {
      operation: 'GetUser',
      facts: async () => {
        const { User } = await client.send(new GetUserCommand(of));
        return factsOf({
          id: User?.UserId,
          arn: User?.Arn,
          boundary: User?.PermissionsBoundary?.PermissionsBoundaryArn,
        });
      },
    },
    list('ListUserTags', paginateListUserTags(paging, of), ({ Tags }) => Tags?.map(tagFact)),
    list('ListGroupsForUser', paginateListGroupsForUser(paging, of), ({ Groups }) =>
      Groups?.map(({ Arn }) => [`group ${Arn}`, 'member']),
    ),
    list('ListAttachedUserPolicies', paginateListAttachedUserPolicies(paging, of), ({ AttachedPolicies }) =>
      AttachedPolicies?.map(({ PolicyArn }) => [`attached policy ${PolicyArn}`, 'attached']),
    ),
    inline('ListUserPolicies', paginateListUserPolicies(paging, of), async (PolicyName) => {
      const answer = await client.send(new GetUserPolicyCommand({ UserName, PolicyName }));
      return answer.PolicyDocument;
    }),
    list('ListAccessKeys', paginateListAccessKeys(paging, of), ({ AccessKeyMetadata }) =>
      AccessKeyMetadata?.map(({ AccessKeyId, Status }) => [`access key ${AccessKeyId}`, String(Status)]),
    ),
    {
      operation: 'GetLoginProfile',
      facts: async () => {
        const { LoginProfile } = await client.send(new GetLoginProfileCommand(of));
        const made = LoginProfile?.CreateDate?.toISOString();
        return [['login profile', `made ${made}, reset required: ${LoginProfile?.PasswordResetRequired ?? false}`]];
      },
    },
    list('ListMFADevices', paginateListMFADevices(paging, of), ({ MFADevices }) =>
      MFADevices?.map(({ SerialNumber }) => [`MFA device ${SerialNumber}`, 'enabled']),
    ),
    list('ListSSHPublicKeys', paginateListSSHPublicKeys(paging, of), ({ SSHPublicKeys }) =>
      SSHPublicKeys?.map(({ SSHPublicKeyId, Status }) => [`SSH key ${SSHPublicKeyId}`, String(Status)]),
    ),
    list('ListSigningCertificates', paginateListSigningCertificates(paging, of), ({ Certificates }) =>
      Certificates?.map(({ CertificateId, Status }) => [`signing certificate ${CertificateId}`, String(Status)]),
    ),
    {
      operation: 'ListServiceSpecificCredentials',
      facts: async () => {
        const { ServiceSpecificCredentials = [] } = await client.send(new ListServiceSpecificCredentialsCommand(of));
        return ServiceSpecificCredentials.map(({ ServiceSpecificCredentialId, Status }) => [
          `service credential ${ServiceSpecificCredentialId}`,
          String(Status),
        ]);
      },
    },
  ]);
}

export function readRole(client: IAMClient, RoleName: string): Promise<PrincipalState> {
  const paging = { client };
  const of = { RoleName };
  return look([
    {
      operation: 'GetRole',
      facts: async () => {
        const { Role } = await client.send(new GetRoleCommand(of));
        return factsOf({
          id: Role?.RoleId,
          arn: Role?.Arn,
          boundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn,
          'trust policy': Role?.AssumeRolePolicyDocument,
          'longest session': Role?.MaxSessionDuration?.toString(),
        });
      },
    },
    list('ListRoleTags', paginateListRoleTags(paging, of), ({ Tags }) => Tags?.map(tagFact)),
    list('ListAttachedRolePolicies', paginateListAttachedRolePolicies(paging, of), ({ AttachedPolicies }) =>
      AttachedPolicies?.map(({ PolicyArn }) => [`attached policy ${PolicyArn}`, 'attached']),
    ),
    inline('ListRolePolicies', paginateListRolePolicies(paging, of), async (PolicyName) => {
      const answer = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return answer.PolicyDocument;
    }),
  ]);
}

async function look(looks: readonly Look[]): Promise<PrincipalState> {
  const answers = await Promise.all(looks.map(answer));
  return {
    facts: new Map(answers.flatMap(({ facts }) => facts)),
    unavailable: answers.flatMap(({ unavailable }) => unavailable),
  };
}

async function answer({ operation, facts }: Look): Promise<{ facts: readonly Fact[]; unavailable: readonly string[] }> {
  try {
    return { facts: await facts(), unavailable: [] };
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NoSuchEntityException' && operation === 'GetLoginProfile') return { facts: [], unavailable: [] };
    // How an emulator says that it does not know an operation.
    if (/^(InvalidAction|NotImplemented|UnknownOperation)/.test(name)) return { facts: [], unavailable: [operation] };
    throw error;
  }
}

function list<Page>(
  operation: string,
  pages: AsyncIterable<Page>,
  factsOfPage: (page: Page) => readonly Fact[] | undefined,
): Look {
  return {
    operation,
    facts: async () => {
      const facts: Fact[] = [];
      for await (const page of pages) facts.push(...(factsOfPage(page) ?? []));
      return facts;
    },
  };
}

function inline(
  operation: string,
  pages: AsyncIterable<{ PolicyNames?: string[] | undefined }>,
  document: (name: string) => Promise<string | undefined>,
): Look {
  return {
    operation,
    facts: async () => {
      const names: string[] = [];
      for await (const { PolicyNames = [] } of pages) names.push(...PolicyNames);
      return Promise.all(
        names.map(async (name): Promise<Fact> => [`inline policy ${name}`, (await document(name)) ?? '']),
      );
    },
  };
}

function tagFact({ Key, Value }: { Key: string | undefined; Value: string | undefined }): Fact {
  return [`tag ${Key}`, Value ?? ''];
}

function factsOf(values: Readonly<Record<string, string | undefined>>): readonly Fact[] {
  return Object.entries(values).flatMap(([name, value]): Fact[] => (value === undefined ? [] : [[name, value]]));
}
