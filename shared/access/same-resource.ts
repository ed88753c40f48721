import type { Policy } from '../config/policy.ts';
import { matchesGlob } from '../containment/glob.ts';
import type { TaggedResources } from '../ports/tagged-resources.ts';

/**
 * One key for a resource, whichever way a record names it. A secret is read by its name or by its ARN, and only the ARN
 * tells the six random characters at its end: `?` stands for each of them.
 */
export function resourceKey(arn: string): string {
  return arn.replace(SECRET_SUFFIX, '$1-??????');
}

const SECRET_SUFFIX = /^(arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:.+)-[A-Za-z0-9]{6}$/s;

/**
 * Whether a pattern with IAM's wildcards names this resource. A pattern that spells a secret's random characters
 * names the secret also where a record gives its name alone: which of two secrets that had the name one after the
 * other was meant, the record does not say.
 */
export function matchesResource(pattern: string, arn: string): boolean {
  return matchesGlob(pattern, arn) || (arn.endsWith('-??????') && matchesGlob(resourceKey(pattern), arn));
}

/** Whether the policy calls a resource sensitive: by a pattern of its ARN, or by a tag that it bears. */
export function isSensitive(
  {
    sensitive,
    sensitiveTags,
    tagged,
  }: Pick<Policy, 'sensitive' | 'sensitiveTags'> & { readonly tagged?: TaggedResources },
  arn: string,
): boolean {
  return (
    sensitive.some((pattern) => matchesResource(pattern, arn)) ||
    (sensitiveTags.length > 0 && tagged?.bears(sensitiveTags, arn) === true)
  );
}
