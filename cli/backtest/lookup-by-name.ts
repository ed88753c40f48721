import type { PrincipalLookup } from '../../shared/cases/subject-of.ts';

/**
 * Stands in for IAM where there is only a log: a request names its target without the unique id, so that the account and
 * the name have to do. Whoever was deleted and made again under the same name counts as one.
 */
export function lookupByName(account: string): PrincipalLookup {
  if (latest?.account !== account) latest = { account, lookup: newLookup(account) };
  return latest.lookup;
}

/** Records of one account follow each other, and one in twenty asks. */
let latest: { readonly account: string; readonly lookup: PrincipalLookup } | undefined;

function newLookup(account: string): PrincipalLookup {
  return {
    getUser: async (userName) => ({
      userName,
      userId: nameId(account, userName),
      arn: `arn:aws:iam::${account}:user/${userName}`,
    }),
    getRole: async (roleName) => ({
      roleName,
      roleId: nameId(account, roleName),
      arn: `arn:aws:iam::${account}:role/${roleName}`,
      path: '/',
    }),
  };
}

/** Stands where a unique id would; those of AWS hold no slash, so that the two are never taken for each other. */
export function nameId(account: string, name: string): string {
  return `${account}/${name}`;
}
