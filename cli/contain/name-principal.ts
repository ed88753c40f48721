import {
  GetAccessKeyLastUsedCommand,
  IAMClient,
  type ListRolesCommandOutput,
  type ListUsersCommandOutput,
  paginateListRoles,
  paginateListUsers,
} from '@aws-sdk/client-iam';
import type { NamedPrincipal } from '../../shared/cases/named-principal.ts';
import { subjectOfPrincipal } from '../../shared/cases/subject-of.ts';
import type { ClientConfig } from '../stack/endpoint.ts';
import { CommandProblem } from '../stack/problem.ts';
import { readPrincipal } from './read-principal.ts';

export type Named = { readonly principal: NamedPrincipal; readonly accessKeyId?: string };

/** Whom the text names. Whose a key or a unique id is, IAM is asked with the caller's own credentials. */
export async function namePrincipal(config: ClientConfig, account: string, text: string): Promise<Named> {
  const written = readPrincipal(text);
  switch (written.kind) {
    case 'wrong':
      throw new CommandProblem(written.why, 2);
    case 'root': {
      const root = subjectOfPrincipal({ kind: 'root', account: written.account }, written.account);
      const steps = root.kind === 'beyond' ? [root.why, ...root.humanSteps] : [];
      throw new CommandProblem(`Not containable. ${steps.join('\n  do  ')}`);
    }
    case 'named':
      if (written.account !== undefined && written.account !== account) {
        throw new CommandProblem(
          `${text} belongs to account ${written.account}, and you act on account ${account}.`,
          2,
        );
      }
      return { principal: written.named };
    case 'access-key': {
      const { accessKeyId } = written;
      const name = await ownerOf(config, accessKeyId);
      if (name === undefined) throw new CommandProblem(`No user of account ${account} has the key ${accessKeyId}.`);
      return { principal: { kind: 'user', name }, accessKeyId };
    }
    case 'unique-id': {
      const { of, id, sessionName } = written;
      const name = await nameOf(config, of, id);
      if (name === undefined) throw new CommandProblem(`Account ${account} has no ${of} with the id ${id}.`);
      if (sessionName !== undefined) return { principal: { kind: 'session', name, uniqueId: id, sessionName } };
      return { principal: { kind: of, name, uniqueId: id } };
    }
  }
}

/** As the API's reference calls it, and as the SDK does. */
const MISSING: ReadonlySet<string> = new Set(['NoSuchEntity', 'NoSuchEntityException']);

async function ownerOf(config: ClientConfig, AccessKeyId: string): Promise<string | undefined> {
  try {
    const { UserName } = await new IAMClient(config).send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
    return UserName;
  } catch (error) {
    if (error instanceof Error && MISSING.has(error.name)) return undefined;
    // AWS tells of a key that it does not know in this account by denying the question.
    throw unanswered('iam:GetAccessKeyLastUsed, and the key must be of this account', error);
  }
}

async function nameOf(config: ClientConfig, of: 'user' | 'role', id: string): Promise<string | undefined> {
  const client = new IAMClient(config);
  const pages: AsyncIterable<Partial<ListUsersCommandOutput & ListRolesCommandOutput>> =
    of === 'user' ? paginateListUsers({ client }, {}) : paginateListRoles({ client }, {});
  try {
    for await (const { Users = [], Roles = [] } of pages) {
      const name =
        Users.find(({ UserId }) => UserId === id)?.UserName ?? Roles.find(({ RoleId }) => RoleId === id)?.RoleName;
      if (name !== undefined) return name;
    }
  } catch (error) {
    throw unanswered(of === 'user' ? 'iam:ListUsers' : 'iam:ListRoles', error);
  }
  return undefined;
}

function unanswered(action: string, error: unknown): CommandProblem {
  const name = error instanceof Error ? error.name : 'unknown fault';
  return new CommandProblem(`IAM does not say whose that is (${name}): you need ${action}, or give the name instead.`);
}
