import type { Unavailable } from '../cases/outcome.ts';
import type { PrincipalSubject } from '../cases/subject.ts';
import type { IamReads } from '../ports/iam.ts';
import type { AccountAccess, Policies, RoleAccess, UserAccess } from './account-access.ts';
import { mayAssume, surelyAdministers } from './privileged.ts';
import { readTrust } from './read-trust.ts';

export type OtherAdministrator =
  | { readonly kind: 'remains'; readonly who: string }
  | { readonly kind: 'none' }
  /** Something that had to be read could not be: nobody may conclude that somebody remains. */
  | { readonly kind: 'unknown'; readonly why: string }
  | ({ readonly kind: 'unavailable' } & Unavailable);

/**
 * More administrators than this are not looked through, of the likely ones and of the others: an account with so many of
 * which none is usable is a puzzle for a person. The oldest come first, or whoever is to be contained could make so many
 * that nobody else is looked at, and would be left alone as perhaps the last.
 */
const MOST_CANDIDATES = 50;

/**
 * Whether the account could still be administered with the subject contained: by another user who surely administers it
 * and has an active access key or a password, or through a role that does and that lets somebody in who is usable.
 * Conservative: who might be one is not counted. Root is not counted either, for nobody knows who holds it.
 *
 * `losingAccess`: ARNs of users and roles that are being contained, which IAM may not show yet.
 *
 * One read of the whole account, then two reads for each managed policy and for each candidate until one is found.
 */
export async function findOtherAdministrator(
  iam: IamReads,
  subject: PrincipalSubject,
  losingAccess: ReadonlySet<string> = new Set(),
): Promise<OtherAdministrator> {
  const read = await iam.accountAccess();
  if (read.kind === 'unavailable') return read;
  if (read.kind === 'failed') return { kind: 'unknown', why: `${read.operation} failed: ${read.error}` };
  const look = createLook(iam, read.value, subject, losingAccess);
  const { users, roles } = read.value;
  const candidates = [...roles.filter(look.isOtherRole), ...users.filter(look.isOtherUser)].sort(oldestFirst);
  let passedOver = false;
  for (const some of [candidates.filter(isLikely), candidates.filter((one) => !isLikely(one))]) {
    let administrators = 0;
    for (const candidate of some) {
      if (!(await look.administers(candidate))) continue;
      administrators += 1;
      if (administrators > MOST_CANDIDATES) {
        passedOver = true;
        break;
      }
      if ('userName' in candidate) {
        if (await look.canSignIn(candidate)) return { kind: 'remains', who: `user ${candidate.userName}` };
      } else if (await look.letsSomebodyIn(candidate)) return { kind: 'remains', who: `role ${candidate.roleName}` };
    }
  }
  const why = passedOver
    ? `the ${MOST_CANDIDATES} oldest administrators cannot sign in; the others were not looked at`
    : [...look.unread][0];
  return why === undefined ? { kind: 'none' } : { kind: 'unknown', why };
}

function createLook(
  iam: IamReads,
  account: AccountAccess,
  subject: PrincipalSubject,
  losingAccess: ReadonlySet<string>,
) {
  const unread = new Set<string>();
  const documents = new Map<string, Promise<string | undefined>>();
  const signIns = new Map<string, Promise<boolean>>();

  const managed = (arn: string): Promise<string | undefined> => {
    const known = documents.get(arn);
    if (known !== undefined) return known;
    const reading = iam.managedPolicy(arn).then((read) => {
      if (read.kind === 'read') return read.value;
      unread.add(`policy ${arn} could not be read`);
      return undefined;
    });
    documents.set(arn, reading);
    return reading;
  };
  const documentsOf = async (holders: readonly Policies[]): Promise<readonly string[]> => {
    const arns = [...new Set(holders.flatMap(({ attached }) => attached))];
    const attached = (await Promise.all(arns.map(managed))).filter((document) => document !== undefined);
    return [...holders.flatMap(({ inline }) => inline), ...attached];
  };
  const grantsOf = (one: UserAccess | RoleAccess): Promise<readonly string[]> =>
    documentsOf(
      'userName' in one ? [one, ...account.groups.filter(({ groupName }) => one.groups.includes(groupName))] : [one],
    );

  const isOtherUser = ({ userName, arn }: UserAccess): boolean =>
    !losingAccess.has(arn) && (subject.kind !== 'user' || userName !== subject.userName);
  const readSignIn = async (userName: string): Promise<boolean> => {
    const [keys, password] = await Promise.all([iam.accessKeys(userName), iam.hasPassword(userName)]);
    if (keys.kind === 'read' && keys.value.some(({ status }) => status === 'Active')) return true;
    if (password.kind === 'read' && password.value) return true;
    if (keys.kind !== 'read' || password.kind !== 'read')
      unread.add(`credentials of user ${userName} could not be read`);
    return false;
  };
  const canSignIn = ({ userName }: UserAccess): Promise<boolean> => {
    const known = signIns.get(userName) ?? readSignIn(userName);
    signIns.set(userName, known);
    return known;
  };

  return {
    unread,
    isOtherUser,
    isOtherRole: ({ roleName, arn }: RoleAccess): boolean =>
      !losingAccess.has(arn) && (subject.kind === 'user' || roleName !== subject.roleName),
    canSignIn,
    /** With a permissions boundary only if that allows it too. */
    async administers(one: UserAccess | RoleAccess): Promise<boolean> {
      if (!surelyAdministers(await grantsOf(one))) return false;
      if (one.boundary === undefined) return true;
      const boundary = await managed(one.boundary);
      return boundary !== undefined && surelyAdministers([boundary]);
    },
    /** Outsiders and identity providers are somebody; of this account only a user who can sign in and may assume it. */
    async letsSomebodyIn({ arn, trust }: RoleAccess): Promise<boolean> {
      const trusted = readTrust(trust, subject.account);
      if (trusted.outside) return true;
      for (const user of account.users.filter(isOtherUser)) {
        const named = trusted.principals.includes(user.arn);
        if (!named && !trusted.account) continue;
        if (!named && !mayAssume(await grantsOf(user), arn)) continue;
        if (await canSignIn(user)) return true;
      }
      return false;
    },
  };
}

/** By name only, to find somebody after few reads: whether he is one is read. */
function isLikely({ attached }: Policies): boolean {
  return attached.some((arn) => arn.endsWith(':policy/AdministratorAccess'));
}

/** ISO 8601 sorts as time does; whose age is not known comes last. */
function oldestFirst(a: UserAccess | RoleAccess, b: UserAccess | RoleAccess): number {
  const [first, second] = [a.createdAt ?? '~', b.createdAt ?? '~'];
  return first < second ? -1 : first > second ? 1 : 0;
}
