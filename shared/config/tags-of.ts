import type { Policy } from './policy.ts';

/** Every tag that the policy names: what bears them has to be known. */
export function tagsOf({ sensitiveTags, record }: Pick<Policy, 'sensitiveTags' | 'record'>): readonly string[] {
  return [...new Set([...sensitiveTags, ...record.tags])];
}
