import { parseArn } from '../../shared/access/arn.ts';
import type { PrincipalLookup } from '../../shared/cases/subject-of.ts';
import { CommandProblem } from '../stack/problem.ts';

export type ResolvedPrincipal = {
  /** As accesses are kept, see `principalKey`. */
  readonly key: string;
  /** Of a role's sessions only those of this name. */
  readonly sessionName?: string;
};

const HOW =
  'Give the ARN of a user, role or role session, a unique id (AIDA…, AROA…), idc-name:NAME for a user of Identity Center, source-identity:NAME, or a key as --json shows it (user:AIDA…, root:111122223333).';

/** Whose accesses are asked for. A name can be deleted and made anew, so an ARN is looked up for the id behind it. */
export async function resolvePrincipal(
  text: string,
  account: string,
  lookup: PrincipalLookup,
): Promise<ResolvedPrincipal> {
  if (/^AIDA\w+$/.test(text)) return { key: `user:${text}` };
  if (/^AROA\w+$/.test(text)) return { key: `role:${text}` };
  if (/^(user|role|idc|idc-name|source-identity|root|account|service|saml-user|web-identity-user):./.test(text))
    return { key: text.startsWith('idc-name:') ? text.toLowerCase() : text };
  const arn = parseArn(text);
  if (arn === undefined) throw new CommandProblem(`${JSON.stringify(text.slice(0, 80))} is no principal. ${HOW}`, 2);
  if (arn.account !== account) {
    throw new CommandProblem(
      `${text} belongs to account ${arn.account}, whose IAM cannot be asked here. Give its unique id (AIDA…, AROA…) instead.`,
      2,
    );
  }
  const [kind, ...names] = arn.resource.split('/');
  if (arn.resource === 'root') return { key: `root:${account}` };
  if (kind === 'user') {
    const user = await lookup.getUser(names.at(-1) ?? '');
    if (user !== undefined) return { key: `user:${user.userId}` };
  }
  if (kind === 'role' || kind === 'assumed-role') {
    const role = await lookup.getRole((kind === 'role' ? names.at(-1) : names[0]) ?? '');
    const sessionName = kind === 'assumed-role' ? names[1] : undefined;
    if (role !== undefined)
      return { key: `role:${role.roleId}`, ...(sessionName === undefined ? {} : { sessionName }) };
  }
  throw new CommandProblem(`IAM knows no ${text}. ${HOW}`, 2);
}
