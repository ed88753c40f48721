import { personKey } from '../identity-center/user-id.ts';
import type { Policy } from './policy.ts';

/**
 * True when a text fits a pattern in which `*` spans any characters, slashes too, as in AWS's own ARN patterns. Its
 * time is at most pattern times text: no regular expression is made of anybody's text. A star in the text is a letter.
 */
function fits(text: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let retry = 0;
  while (at < text.length) {
    if (pattern[inPattern] === '*') {
      star = inPattern;
      retry = at;
      inPattern += 1;
    } else if (pattern[inPattern] === text[at]) {
      at += 1;
      inPattern += 1;
    } else if (star >= 0) {
      retry += 1;
      at = retry;
      inPattern = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(inPattern));
}

/**
 * The role that a session's ARN names. The ARN leaves out the role's path, so the patterns leave it out too: a session
 * is rather protected by a role of the same name under another path than touched.
 */
function roleOfSession(arn: string): string | undefined {
  const [, partition, account, role] = /^arn:([^:]*):sts::([^:]*):assumed-role\/([^/]+)/.exec(arn) ?? [];
  return role === undefined ? undefined : `arn:${partition}:iam::${account}:role/${role}`;
}

const withoutPath = (pattern: string): string => pattern.replace(/:role\/(?:.*\/)?([^/]+)$/, ':role/$1');

/**
 * True when the policy forbids to touch the principal. Letters match without regard to case, because IAM keeps names
 * unique without regard to case. Pass the role's own ARN where it is known, rather than that of a session.
 */
export function isProtected(policy: Pick<Policy, 'protected'>, arn: string): boolean {
  const asked = arn.trim().toLowerCase();
  const role = roleOfSession(asked);
  return policy.protected.some((entry) => {
    const pattern = entry.toLowerCase();
    return role === undefined ? fits(asked, pattern) : fits(role, withoutPath(pattern));
  });
}

/** Whether the policy forbids to touch a user of Identity Center, by the id alone: names are given to somebody else. */
export function isProtectedPerson(policy: Pick<Policy, 'protected'>, userId: string): boolean {
  const asked = personKey(userId).toLowerCase();
  return policy.protected.some((entry) => entry.toLowerCase() === asked);
}

/** The entries that IAM can be told: no condition of its own knows whom a statement in a permission set is about. */
export function protectedArns(policy: Pick<Policy, 'protected'>): readonly string[] {
  return policy.protected.filter((entry) => entry.startsWith('arn:'));
}
