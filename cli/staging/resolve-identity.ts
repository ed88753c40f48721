import { GetAccessKeyLastUsedCommand, GetRoleCommand, GetUserCommand, type IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { recordTime } from './record-time.ts';
import type { AssumedRoleIdentity, IamUserIdentity, UserIdentity } from './user-identity.ts';

export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/**
 * Asks AWS whose credentials these are, so that the unique ids in the staged records are the real ones: containment is
 * bound to them. `iam` is the operator's client, not the attacker's: a thief need not be allowed to look himself up.
 *
 * `startedAt` is when the session was assumed (for credentials with a session token).
 */
export async function resolveIdentity(options: {
  credentials: Credentials;
  iam: IAMClient;
  startedAt?: Date;
}): Promise<UserIdentity> {
  const { credentials, iam } = options;
  if (credentials.sessionToken === undefined) return resolveUser(credentials.accessKeyId, iam);
  return resolveSession(credentials, iam, options.startedAt ?? new Date());
}

/** Not through GetCallerIdentity: MiniStack answers the account's root for every user's key. */
async function resolveUser(accessKeyId: string, iam: IAMClient): Promise<IamUserIdentity> {
  const { UserName } = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId }));
  const { User } = await iam.send(new GetUserCommand({ UserName }));
  if (User?.Arn === undefined || User.UserId === undefined || User.UserName === undefined) {
    throw new Error(`IAM named no user for the access key ${accessKeyId}.`);
  }
  return {
    type: 'IAMUser',
    principalId: User.UserId,
    arn: User.Arn,
    accountId: accountOf(User.Arn),
    accessKeyId,
    userName: User.UserName,
  };
}

async function resolveSession(credentials: Credentials, iam: IAMClient, startedAt: Date): Promise<AssumedRoleIdentity> {
  const sts = new STSClient({
    region: iam.config.region,
    ...(iam.config.endpoint === undefined ? {} : { endpoint: iam.config.endpoint }),
    credentials,
  });
  const { Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({})).finally(() => sts.destroy());
  const [, roleName, sessionName] = /:assumed-role\/([^/]+)\/([^/]+)$/.exec(arn) ?? [];
  if (roleName === undefined || sessionName === undefined) {
    throw new Error(`These credentials belong to no role session: GetCallerIdentity answers ${arn || 'nothing'}.`);
  }
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: roleName }));
  if (Role?.Arn === undefined || Role.RoleId === undefined) throw new Error(`IAM described no role ${roleName}.`);
  const accountId = accountOf(Role.Arn);
  return {
    type: 'AssumedRole',
    // The role's own id, not the UserId of GetCallerIdentity: MiniStack invents another AROA… for every AssumeRole.
    principalId: `${Role.RoleId}:${sessionName}`,
    arn,
    accountId,
    accessKeyId: credentials.accessKeyId,
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId: Role.RoleId, arn: Role.Arn, accountId, userName: roleName },
      attributes: { creationDate: recordTime(startedAt), mfaAuthenticated: 'false' },
    },
  };
}

function accountOf(arn: string): string {
  const account = arn.split(':')[4];
  if (account === undefined || !/^\d{12}$/.test(account)) throw new Error(`No account in ${arn}.`);
  return account;
}
