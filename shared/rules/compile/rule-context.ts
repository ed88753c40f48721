import type { Policy } from '../../config/policy.ts';

/** What rules may refer to outside their files. */
export type RuleContext = {
  /** Values of `%name%` for the `expand` modifier: the `lists` of rescind.yaml. */
  readonly lists: Policy['lists'];
  /** Against which `only` is checked; without a policy its names are taken as they are. */
  readonly policy?: ContextPolicy;
};

export type ContextPolicy = Pick<Policy, 'schedules' | 'sensitive' | 'sensitiveTags' | 'lists' | 'record'>;

export const NO_CONTEXT: RuleContext = { lists: {} };

export function contextOf(policy: ContextPolicy): RuleContext {
  return { lists: policy.lists, policy };
}
