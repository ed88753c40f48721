import type { Only, OnlyPolicy } from './only.ts';

/** Why a rule cannot fire as the policy stands, in words that complete "until …"; undefined if it can. */
export function whyDormant(
  only: Only | undefined,
  policy: Pick<OnlyPolicy, 'sensitive' | 'sensitiveTags' | 'lists'>,
): string | undefined {
  if (only === undefined) return undefined;
  if (only.sensitive === true && policy.sensitive.length + policy.sensitiveTags.length === 0)
    return '`sensitive` in rescind.yaml names a resource';
  const empty = Object.values(only.inList ?? {}).find((name) => policy.lists[name]?.length === 0);
  return empty === undefined ? undefined : `the list \`${empty}\` in rescind.yaml has a value`;
}
