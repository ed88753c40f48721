import { isJsonObject } from '../json.ts';
import { member, statementsOf, textsOf } from './privileged.ts';

/** Whom a trust policy lets in, as far as it matters who can still get in. Services are nobody. */
export type Trusted = {
  /** Everybody, another account, or an identity provider. */
  readonly outside: boolean;
  /** The account itself: whoever of it may assume roles. */
  readonly account: boolean;
  /** ARNs of users and roles of the account. */
  readonly principals: readonly string[];
};

const NOBODY: Trusted = { outside: false, account: false, principals: [] };

/** Conditions are not weighed: who lets somebody in with MFA lets him in. A deny for everybody lets nobody in. */
export function readTrust(trust: string, account: string): Trusted {
  const ofEffect = (effect: 'allow' | 'deny') => statementsOfEffect(trust, effect);
  const closed = ofEffect('deny').some(
    (one) => member(one, 'Condition') === undefined && awsPrincipals(member(one, 'Principal')).includes('*'),
  );
  if (closed) return NOBODY;
  const allowed = ofEffect('allow').map((one) => member(one, 'Principal'));
  const aws = allowed.flatMap(awsPrincipals);
  const federated = allowed.some((one) => isJsonObject(one) && textsOf(member(one, 'Federated')).length > 0);
  return {
    // An orphaned unique id (AIDA…, AROA…) names nobody, and has no account.
    outside: federated || aws.some((text) => text === '*' || (accountOf(text) ?? account) !== account),
    account: aws.some((text) => text === account || text.endsWith(`:iam::${account}:root`)),
    principals: aws.filter((text) => /:(user|role)\//.test(text) && accountOf(text) === account),
  };
}

/** Identity providers whose logins may open sessions of the role, as the trust policy names them. */
export function federatedProviders(trust: string): readonly string[] {
  const providers = statementsOfEffect(trust, 'allow').flatMap((one) => {
    const principal = member(one, 'Principal');
    return isJsonObject(principal) ? textsOf(member(principal, 'Federated')) : [];
  });
  return [...new Set(providers)];
}

/** Other accounts that it lets in, whoever of them; `*`: everybody. Conditions and denies are not weighed. */
export function foreignAccounts(trust: string, account: string): readonly string[] {
  const aws = statementsOfEffect(trust, 'allow').flatMap((one) => awsPrincipals(member(one, 'Principal')));
  if (aws.includes('*')) return ['*'];
  const accounts = aws.flatMap((text) => accountOf(text) ?? []);
  return [...new Set(accounts)].filter((one) => /^\d{12}$/.test(one) && one !== account).sort();
}

function statementsOfEffect(trust: string, effect: 'allow' | 'deny') {
  return statementsOf(trust).filter((one) =>
    textsOf(member(one, 'Effect')).some((text) => text.toLowerCase() === effect),
  );
}

function accountOf(text: string): string | undefined {
  return /^\d{12}$/.test(text) ? text : text.split(':')[4];
}

function awsPrincipals(principal: ReturnType<typeof member>): readonly string[] {
  if (principal === '*') return ['*'];
  return isJsonObject(principal) ? textsOf(member(principal, 'AWS')) : [];
}
